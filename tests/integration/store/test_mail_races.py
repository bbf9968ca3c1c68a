"""Several processes on one journal: each mailbox and each import is one's alone."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from bot.domain.mail import Item, ItemState, Work
from bot.ports.journal import Entry
from bot.store import Database, SqlJournal, SqlSchedule, SqlTree
from tests.integration.store.journal_words import (
    ARCHIVE,
    INBOX,
    Office,
    begun,
    done,
    imported,
    intents,
    message,
    messages,
)
from tests.integration.store.words import at, mailbox

pytestmark = pytest.mark.slow


@pytest.fixture
async def others(office: Office, database_url: str) -> list[Database]:
    """The same database as other processes have it open."""
    await office.store.record(*(mailbox(key=f"n{n}") for n in range(19)))
    await office.employ()
    return [office.database, *(Database(database_url) for _ in range(3))]


async def test_of_several_processes_one_gets_each_mailbox(others: list[Database]) -> None:
    calls = [
        SqlSchedule(database).claim(f"P{n}", at(0), until=at(2), at_most=6)
        for n, database in enumerate(others)
    ]
    claimed = [work.mailbox for works in await asyncio.gather(*calls) for work in works]
    for n in range(4):  # what was locked by another at that moment is left to the next claim
        again = await SqlSchedule(others[0]).claim(f"Q{n}", at(0), until=at(2), at_most=6)
        claimed += [work.mailbox for work in again]
    await _close(others)
    assert (len(claimed), len(set(claimed))) == (20, 20)


async def test_of_several_intents_one_wins_each_item(office: Office, others: list[Database]) -> None:
    (work, *_) = await office.claim()
    await office.list(work, *(message(f"i{n}") for n in range(50)))
    items = list((await office.due(work)).values())
    calls = [SqlJournal(database).write((), intents(items)) for database in others]
    won = [item for ids in await asyncio.gather(*calls) for item in ids]
    await _close(others)
    assert sorted(won) == sorted(item.id for item in items)


async def test_listing_forgets_no_import_that_begins_meanwhile(
    office: Office, others: list[Database]
) -> None:
    (work, *_) = await office.claim()
    names = [f"i{n}" for n in range(40)]
    await office.list(work, *map(message, names))
    items = list((await office.due(work)).values())
    moved = messages(*(message(name, version="2", read=True) for name in names))
    listing = SqlTree(others[1]).save_messages(work, ARCHIVE, moved)
    calls = [SqlJournal(others[2]).write((), intents([item])) for item in items]
    _, *won = await asyncio.gather(listing, *calls)
    await _close(others)
    assert all(won)
    assert set((await office.states()).values()) == {ItemState.SENDING}


async def test_steps_pages_and_ends_of_one_mailbox_take_turns(office: Office, others: list[Database]) -> None:
    works = await office.claim(at_most=3)
    for work in works:
        await office.schedule.begin(work, begun(work), passing=())
        await office.list(work, *(message(f"{work.mailbox_key}-{n}") for n in range(30)))
    calls: list[Coroutine[Any, Any, object]] = []
    for n, work in enumerate(works * 4):
        items = list((await office.due(work)).values())
        chosen, journal = items[n % 4 :: 4], SqlJournal(others[n % 4])
        calls.append(_import(journal, work, chosen))
        page = messages(*(message(item.source_id, version=str(n)) for item in items))
        calls.append(SqlTree(others[(n + 1) % 4]).save_messages(work, INBOX, page))
    await asyncio.gather(*calls)
    await asyncio.gather(*(SqlSchedule(others[1]).finish(work, done(work)) for work in works))
    await _close(others)
    rows = await office.store.rows("SELECT changes FROM mail_sync WHERE run_key IS NOT NULL")
    assert rows == []
    assert ItemState.DONE in set((await office.states()).values())


async def _import(journal: SqlJournal, work: Work, items: list[Item]) -> None:
    won = await journal.write((), intents(items))
    sent = [item for item in items if item.id in won]
    await journal.write([Entry(work, tuple(map(imported, sent)))])


async def _close(others: list[Database]) -> None:
    for database in others[1:]:
        await database.close()
