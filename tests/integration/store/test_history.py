"""A history lists what came out one way, and costs the same however long it is."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from bot.domain.values import MailboxId, Outcome, RunKind, RunStatus, Trigger
from bot.store.tables import run
from bot.views import DismissalEntry, HistoryList
from bot.views.history import LISTED
from tests.integration.store.templates import copied, filled
from tests.integration.store.test_handling import dismiss
from tests.integration.store.test_plans import plan, statements, steps
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

LONG = 100_000
FEW_STEPS = 400
"""Hundreds of instructions of SQLite's virtual machine. To read all runs takes some thousands."""


async def _of(store: Store, outcome: Outcome | None, *, page: int = 1, size: int = 100) -> HistoryList:
    found = await store.details.history(await store.mailbox_id(), page=page, size=size, outcome=outcome)
    assert found
    return found


async def keys(store: Store, outcome: Outcome | None) -> list[str]:
    return [entry.key for entry in (await _of(store, outcome)).entries if not entry.key.startswith("retry")]


async def test_runs_are_listed_by_how_they_came_out(store: Store) -> None:
    await store.record(started(1, "good"), completed(2, "good"))
    await store.record(started(3, "part"), completed(4, "part", services=email(changes=3, failed=1)))
    await store.record(started(5, "bad"), sync_failed(6, "bad"))
    await store.record(started(7, "live"))
    assert [await keys(store, each) for each in Outcome] == [["bad"], ["part"], ["good"], ["live"]]
    assert await keys(store, None) == ["live", "bad", "part", "good"]


async def test_what_is_corrected_afterwards_is_listed_as_what_it_is_then(store: Store) -> None:
    """A run that was presumed interrupted ends after all, and the counts came before the end."""
    await store.record(started(1, "r1"), started(3, "r2"))
    assert await keys(store, Outcome.FAILED) == ["r1"]
    await store.record(completed(2, "r1", services=email(failed=2)))
    assert (await keys(store, Outcome.FAILED), await keys(store, Outcome.PARTIAL)) == ([], ["r1"])


async def test_a_run_without_a_start_comes_out_too(store: Store) -> None:
    await store.record(completed(2, "r1"), sync_failed(4, "r2"))
    assert (await keys(store, Outcome.SYNCED), await keys(store, Outcome.FAILED)) == (["r1"], ["r2"])


async def test_retries_are_listed_by_how_their_items_came_out(store: Store) -> None:
    await store.record(*(item_failed(1, f"i{n}") for n in range(2)))
    await store.retry(2)
    assert len((await _of(store, Outcome.RUNNING)).entries) == 1
    sent = await store.retries.lease_due(at(2), until=at(3), limit=10)
    await store.record(item_synced(3, sent[0].item or "", retry_id=sent[0].key))
    await store.record(item_failed(4, sent[1].item or "", retry_id=sent[1].key))
    counts = {each: (await _of(store, each)).page.total for each in Outcome}
    assert counts == {Outcome.FAILED: 0, Outcome.PARTIAL: 1, Outcome.SYNCED: 0, Outcome.RUNNING: 0}


async def test_what_was_dismissed_came_out_no_way(store: Store) -> None:
    await store.record(item_failed(1, "i1"))
    (line,) = (await store.errors()).lines
    await dismiss(store, line.id)
    assert isinstance((await _of(store, None)).entries[0], DismissalEntry)
    assert [(await _of(store, each)).page.total for each in Outcome] == [0, 0, 0, 0]


async def test_a_day_counts_the_runs_that_began_on_it(store: Store) -> None:
    day = 24 * 60
    await store.record(started(1, "r1"), completed(2, "r1", services=email(changes=5)))
    await store.record(started(day, "r2"), sync_failed(day + 1, "r2"), started(day + 2, "r3"))
    first = at(0).date()
    days = await store.details.run_days(
        await store.mailbox_id(), since=first - timedelta(days=1), until=first + timedelta(days=1)
    )
    assert [(each.runs, each.changes) for each in days] == [
        ({}, 0),
        ({Outcome.SYNCED: 1}, 5),
        ({Outcome.FAILED: 1, Outcome.RUNNING: 1}, 0),
    ]


# ---- a hundred thousand runs ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def long_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(sqlite_template, tmp_path_factory.mktemp("long"), _long)


async def _long(store: Store) -> None:
    await store.record(policy(), mailbox())
    await store.database.write(_insert, await store.mailbox_id())


def _insert(connection: Connection, mailbox_id: MailboxId) -> None:
    connection.execute(insert(run), [_row(mailbox_id, number) for number in range(LONG)])


def _row(mailbox_id: MailboxId, number: int) -> dict[str, Any]:
    """Every thousandth failed."""
    failed = number % 1_000 == 0
    return {
        "mailbox_id": mailbox_id, "key": f"r{number}", "kind": RunKind.DELTA, "trigger": Trigger.SCHEDULE,
        "actor": "System", "status": RunStatus.FAILED if failed else RunStatus.SUCCEEDED,
        "outcome": Outcome.FAILED if failed else Outcome.SYNCED, "started_at": at(number),
        "finished_at": at(number + 0.5), "start_seen": True, "presumed": False,
        "counted": False, "changes": 0,
    }  # fmt: skip


@pytest.fixture
async def long(long_template: Path, tmp_path: Path) -> AsyncIterator[Store]:
    async with copied(long_template, tmp_path) as store:
        yield store


@pytest.mark.slow
async def test_a_page_of_a_hundred_thousand_runs_reads_no_more_than_it_shows(long: Store) -> None:
    """But for the number of entries, which is counted as far as LISTED, by an index alone."""
    for outcome, newest in ((None, "r99999"), (Outcome.FAILED, "r99000"), (Outcome.PARTIAL, None)):
        with statements(long.database) as seen:
            found = await _of(long, outcome, size=10)
        assert (found.entries[0].key if found.entries else None) == newest
        listing = [(sql, values) for sql, values in seen if "LIMIT" in sql and "count(" not in sql]
        with long.database.writing() as connection:
            described = [step for sql, values in listing for step in plan(connection, sql, values)]
        assert any("ix_run_" in step for step in described)
        assert not any(step == "SCAN run" for step in described)
    with steps(long.database) as counted:
        await _of(long, Outcome.FAILED, size=10)
    assert len(counted) < FEW_STEPS


@pytest.mark.slow
async def test_more_than_anybody_turns_pages_of_is_said_to_be_more(long: Store) -> None:
    every, failed = await _of(long, None, size=10), await _of(long, Outcome.FAILED, size=10)
    assert (every.page.total, every.is_cut) == (LISTED, True)
    assert (failed.page.total, failed.is_cut) == (100, False)
    last = await _of(long, None, page=10**6, size=10)
    assert (last.page.number, last.entries[-1].key) == (LISTED // 10, f"r{LONG - LISTED}")
    assert (await long.card()).history_total == LISTED + 1
