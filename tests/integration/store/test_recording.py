"""What cards show after engines reported: runs, failures, healing."""

from bot.domain.events import Event
from bot.domain.values import FailureState, MailboxStatus, RunStatus, Stage
from bot.ports import Recorded
from bot.views import RunEntry
from tests.integration.store.words import (
    Store,
    at,
    completed,
    email,
    item_failed,
    item_synced,
    mailbox,
    policy,
    started,
    sync_failed,
)


async def test_a_new_mailbox_was_never_synced(store: Store) -> None:
    card = await store.card()
    assert (card.status, card.stage, card.history) == (MailboxStatus.NEVER_SYNCED, Stage.WAITING, ())


async def test_a_live_run_shows_in_progress(store: Store) -> None:
    await store.record(started(1, "r1"))
    assert (await store.card()).status is MailboxStatus.IN_PROGRESS


async def test_a_finished_run_shows_its_counts(store: Store) -> None:
    await store.record(started(1, "r1"), completed(2, "r1", services=email(changes=7)))
    card = await store.card()
    assert (card.status, card.activity, card.activity_status) == (
        MailboxStatus.SYNCED,
        email(changes=7),
        RunStatus.SUCCEEDED,
    )


async def test_a_failed_run_is_itself_a_failure(store: Store) -> None:
    await store.record(started(1, "r1"), sync_failed(2, "r1"))
    card = await store.card()
    assert card.status is MailboxStatus.FAILED
    assert card.run_failure is not None
    assert card.run_failure.code == "source_auth"


async def test_a_failed_item_keeps_the_mailbox_synced(store: Store) -> None:
    await store.record(
        started(1, "r1"), item_failed(2, run="r1"), completed(3, "r1", services=email(failed=1))
    )
    card = await store.card()
    assert (card.status, card.open_failures) == (MailboxStatus.SYNCED, 1)
    assert ("sync completed", "Warning", "System") in await store.audit()


async def test_a_later_success_clears_what_it_does_not_report(store: Store) -> None:
    await store.record(started(1, "r1"), item_failed(2, run="r1"), completed(3, "r1"))
    await store.record(started(4, "r2"), completed(5, "r2"))
    assert (await store.card()).open_failures == 0


async def test_what_still_fails_stays_open(store: Store) -> None:
    await store.record(started(1, "r1"), item_failed(2, run="r1"), completed(3, "r1"))
    await store.record(started(4, "r2"), completed(5, "r2", still_failing=("i1",)))
    assert (await store.card()).open_failures == 1


async def test_the_same_event_counts_once(store: Store) -> None:
    envelopes = store.envelopes([item_failed(1)])
    answers = await store.recorder.record([*envelopes, *envelopes], at(1))
    again = await store.recorder.record(envelopes, at(2))
    assert (answers, again) == ([Recorded.APPLIED, Recorded.DUPLICATE], [Recorded.DUPLICATE])
    assert (await store.card()).open_failures == 1


async def test_events_wait_for_their_mailbox_and_policy(store: Store) -> None:
    early: list[Event] = [
        completed(3, "r1", mailbox="m2"),
        started(2, "r1", of="m2"),
        mailbox(1, key="m2", under="silver"),
    ]
    assert await store.record(*early) == [Recorded.PARKED] * 3
    assert await store.record(policy(0, key="silver")) == [Recorded.APPLIED]
    card = await store.card(key="m2")
    assert (card.status, card.latest_sync_at) == (MailboxStatus.SYNCED, at(2))


async def test_a_new_start_interrupts_a_run_that_never_ended(store: Store) -> None:
    await store.record(started(1, "r1"), started(9, "r2"))
    newest, oldest = (await store.card()).history
    assert (newest.key, oldest.key, oldest.status, oldest.code) == (  # type: ignore[union-attr]
        "r2",
        "r1",
        RunStatus.FAILED,
        "interrupted",
    )
    assert (await store.card()).open_failures == 0


async def test_an_end_before_its_start_is_put_right(store: Store) -> None:
    await store.record(completed(5, "r1"), started(1, "r1"))
    card = await store.card()
    (entry,) = card.history
    assert isinstance(entry, RunEntry)
    assert (card.status, entry.started_at, entry.finished_at) == (MailboxStatus.SYNCED, at(1), at(5))


async def test_an_item_that_is_synced_is_resolved(store: Store) -> None:
    await store.record(item_failed(1), item_synced(2))
    assert (await store.errors()).lines == ()


async def test_an_old_success_of_an_item_resolves_nothing(store: Store) -> None:
    await store.record(item_failed(2), item_synced(1))
    assert len((await store.errors()).lines) == 1


async def test_a_failure_that_returns_says_so_and_keeps_what_identifies_it(store: Store) -> None:
    for minute in (1, 3, 5, 7):
        await store.record(item_failed(minute, subject="Plan"), item_synced(minute + 1))
    await store.record(item_failed(9, subject="Plan"), item_failed(10))
    (line,) = (await store.errors()).lines
    assert (line.escalate, line.subject, line.attempts, line.first_at) == (True, "Plan", 2, at(9))


async def test_a_retry_that_succeeds_resolves_in_the_name_of_who_asked(store: Store) -> None:
    await store.record(item_failed(1))
    await store.retry(2)
    key = await store.retry_key(2)
    assert (await store.errors()).lines[0].state is FailureState.RETRYING
    await store.record(item_synced(3, retry_id=key))
    rows = await store.rows("SELECT state, resolved_by FROM failure")
    assert rows == [{"state": "resolved", "resolved_by": "U1"}]
    assert ("retry succeeded", "Information", "U1") in await store.audit()


async def test_a_retry_that_fails_reopens_its_failure(store: Store) -> None:
    await store.record(item_failed(1))
    await store.retry(2)
    key = await store.retry_key(2)
    await store.record(item_failed(3, retry_id=key))
    (line,) = (await store.errors()).lines
    assert (line.state, line.last_retry, line.retrying_by) == (FailureState.OPEN, "failed", None)
