"""What the Home tab reads beside the overview."""

from datetime import date

from bot.domain.values import MailboxId
from bot.ports.home import HomeRecord
from bot.store import SqlHome
from bot.store.home import RUNNING
from bot.views.home import FailureDay, Retryable
from tests.integration.store.words import T0, Store, at, completed, item_failed, mailbox, started

A_DAY = 24 * 60
TODAY = T0.date()


async def read(store: Store, minute: float = 30, *mailboxes: MailboxId, since: date = TODAY) -> HomeRecord:
    return await SqlHome(store.database).read(at(minute), since=since, mailboxes=mailboxes)


async def test_runs_in_progress_are_listed_the_first_that_began_first(store: Store) -> None:
    names = [f"r{n}" for n in range(RUNNING + 2)]
    await store.record(*(mailbox(key=name) for name in names))
    await store.record(*(started(n, name, of=name) for n, name in enumerate(names)))
    await store.record(started(1, "done"), completed(2, "done"))
    record = await read(store)
    assert record.running_total == RUNNING + 2
    assert [run.mailbox.source for run in record.running] == [f"r{n}@old.example" for n in range(RUNNING)]
    assert record.running[0].progress.started_at == at(0)


async def test_open_failures_are_those_that_a_retry_would_take(store: Store) -> None:
    await store.record(mailbox(key="m2"), item_failed(1, "i1"), item_failed(1, "i2"))
    first, second = await store.mailbox_id(), MailboxId(await store.mailbox_id("m2"))
    assert (await read(store, 30, first, second)).retryable == {first: Retryable(2)}
    await store.retry(3)
    assert (await read(store, 30, first)).retryable == {}


async def test_of_a_cause_those_count_that_a_click_would_retry(store: Store) -> None:
    await store.record(mailbox(key="m2"), *(item_failed(1, f"i{n}") for n in range(3)))
    await store.record(item_failed(1, mailbox="m2"), item_failed(1, "other", code="dest_rejected"))
    causes = ("dest_too_large", "dest_rejected", "network")
    record = await SqlHome(store.database).read(at(2), since=TODAY, mailboxes=(), causes=causes)
    assert record.waiting == {"dest_too_large": 2, "dest_rejected": 1, "network": 0}
    (first, *_) = (await store.errors()).lines
    await store.retry(3, failures=(first.id,))
    record = await SqlHome(store.database).read(at(4), since=TODAY, mailboxes=(), causes=causes[:1])
    assert record.waiting == {"dest_too_large": 1}


async def test_days_count_what_began_and_what_ended(store: Store) -> None:
    await store.record(item_failed(1, "i1"), item_failed(A_DAY + 1, "i2"), completed(A_DAY + 2, "r1"))
    record = await read(store, A_DAY + 30)
    assert record.days == (
        FailureDay(TODAY, 1, 0),
        FailureDay(TODAY.replace(day=TODAY.day + 1), 1, 2),
    )


async def test_an_empty_house_has_nothing_to_tell(store: Store) -> None:
    assert await read(store) == HomeRecord((), 0, (FailureDay(TODAY, 0, 0),), {})
