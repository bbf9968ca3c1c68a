"""The engine's queries read a few rows by an index, however many mailboxes and messages there are."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.domain.mail import Later, Work
from bot.domain.values import MailboxId
from bot.store.tables import metadata
from tests.integration.store.journal_words import INBOX, Office, folder, folders, imported, message, messages
from tests.integration.store.templates import copied, filled
from tests.integration.store.test_plans import plan, statements
from tests.integration.store.words import Store, at, item_failed, mailbox, policy

SMALL = {"policy", "mail_policy", "connection"}


@pytest.fixture(scope="module")
def busy_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(sqlite_template, tmp_path_factory.mktemp("busy"), _occupy)


async def _occupy(store: Store) -> None:
    await store.record(policy(), *(mailbox(key=f"m{n}") for n in range(200)))
    office = Office(store)
    await office.employ(due=1)
    await office.do("UPDATE mail_sync SET due_at = NULL WHERE mailbox_id > 100")


@pytest.fixture
async def busy(busy_template: Path, tmp_path: Path) -> AsyncIterator[Office]:
    async with copied(busy_template, tmp_path) as store:
        yield Office(store)


@pytest.mark.parametrize(
    "work",
    [
        "claim",
        "claim items",
        "ask",
        "page",
        "last page",
        "folders",
        "due",
        "next due",
        "intend",
        "write",
        "progress",
        "failing",
        "owned",
        "stuck",
        "overdue",
    ],
)
async def test_no_query_of_the_engine_reads_a_whole_table(busy: Office, work: str) -> None:
    (run,) = await busy.claim(1, at_most=1)
    await busy.list(run, *(message(f"i{n}") for n in range(300)))
    await busy.synced(run, "i0")
    await busy.failed(run, "i1")
    calls = _calls(busy, run)
    with statements(busy.database) as seen:
        await calls[work]()
    assert seen
    with busy.database.writing() as connection:
        plans = {sql: plan(connection, sql, values) for sql, values in seen}
    scans = {(step, sql) for sql, steps in plans.items() for step in steps if _reads_all(step)}
    assert scans == set()


async def test_who_owns_a_message_is_looked_up_by_its_id_at_the_destination(busy: Office) -> None:
    """In the index that leaves out what has none."""
    with statements(busy.database) as seen:
        await busy.journal.owned(MailboxId(1), ["d1", "d2"])
    ((sql, values),) = seen
    with busy.database.reading() as connection:
        (step,) = plan(connection, sql, values)
    assert "ix_mail_item_destination (destination_id=? AND mailbox_id=?)" in step


async def test_a_batch_takes_few_statements_however_large_it_is(busy: Office) -> None:
    (run,) = await busy.claim(1, at_most=1)
    await busy.list(run, *(message(f"i{n}") for n in range(300)))
    items = list((await busy.due(run, limit=300)).values())
    counts = []
    for some in (items[:10], items[10:300]):
        with statements(busy.database) as seen:
            await busy.intend(some)
            await busy.write(run, *map(imported, some))
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


async def test_a_page_takes_few_statements_however_large_it_is(busy: Office) -> None:
    (run,) = await busy.claim(1, at_most=1)
    counts = []
    for size in (10, 200):
        page = messages(*(message(f"{size}-{n}") for n in range(size)))
        with statements(busy.database) as seen:
            await busy.tree.save_messages(run, INBOX, page)
        counts.append(len(seen))
    assert counts[1] <= counts[0] <= 10


def _reads_all(step: str) -> bool:
    words = step.split()
    names = set(metadata.tables) - SMALL
    return words[0] == "SCAN" and words[1] in names and " USING " not in step


def _calls(busy: Office, run: Work) -> dict[str, Callable[[], Awaitable[object]]]:
    chosen = run.mailbox
    later = Later(2, at(5), "network", "reset")
    return {
        "claim": lambda: busy.claim(1, at_most=3),
        "claim items": lambda: busy.claim_items(1),
        "ask": lambda: busy.asks("i1", 1, of=run.mailbox_key),
        "page": lambda: busy.tree.save_messages(
            run, INBOX, messages(message("i2"), removed=["i3"], last=False)
        ),
        "last page": lambda: busy.tree.save_messages(run, INBOX, messages()),
        "folders": lambda: busy.tree.save_folders(run, folders(folder("a"), removed=["b"])),
        "due": lambda: busy.due(run),
        "next due": lambda: busy.journal.next_due_at(chosen, blocked=[INBOX]),
        "intend": lambda: busy.sending(run, "i4"),
        "write": lambda: busy.write(run, later, events=[item_failed(1, "i1", mailbox=run.mailbox_key)]),
        "progress": lambda: busy.journal.progress(chosen),
        "failing": lambda: busy.journal.failing(chosen),
        "owned": lambda: busy.journal.owned(chosen, ["d1", "d2"]),
        "stuck": lambda: busy.watchdog.stuck(at(60), silent_since=at(30), limit=10),
        "overdue": lambda: busy.watchdog.overdue(at(10**4), 10),
    }
