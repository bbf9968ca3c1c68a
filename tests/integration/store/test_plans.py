"""The hot queries read a few rows by an index, whatever the number of rows."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from bot.domain.values import Outcome
from bot.ports import RetryTarget
from bot.store import Database, SqlHome, SqlIncidents
from bot.store.tables import metadata
from tests.integration.alerts import crowd
from tests.integration.store.templates import copied, filled
from tests.integration.store.words import Store, at, completed, item_failed, mailbox, policy, started


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that runs meanwhile, with its values."""
    seen: list[tuple[str, Any]] = []

    def noted(_c: object, _cursor: object, sql: str, values: Any, _x: object, many: bool) -> None:  # noqa: FBT001
        if not many and sql.split(maxsplit=1)[0] in {"SELECT", "UPDATE", "DELETE"}:
            seen.append((sql, values))

    engines = {database._reader, database._writer}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", noted)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", noted)


def plan(connection: Connection, sql: str, values: Any) -> list[str]:
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
    return [row.detail for row in rows]


@pytest.fixture(scope="module")
def busy_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(sqlite_template, tmp_path_factory.mktemp("busy"), _occupy)


async def _occupy(store: Store) -> None:
    await store.record(policy(), *(mailbox(key=f"m{n}") for n in range(200)))
    await store.record(*(item_failed(1, mailbox=f"m{n}") for n in range(0, 200, 10)))
    await store.record(started(1, "r1"), completed(2, "r1"), item_failed(3))


@pytest.fixture
async def busy(busy_template: Path, tmp_path: Path) -> AsyncIterator[Store]:
    async with copied(busy_template, tmp_path) as store:
        yield store


@pytest.mark.parametrize(
    "work",
    [
        "status",
        "history",
        "failed history",
        "days",
        "last good",
        "errors",
        "address",
        "find",
        "claim",
        "retries",
        "alerts",
        "record",
        "home",
        "audit",
        "audited",
    ],
)
async def test_no_hot_query_reads_a_whole_table(busy: Store, work: str) -> None:
    chosen = await busy.mailbox_id()
    await busy.wanted_by("C1")
    await busy.retry(4)
    with statements(busy.database) as seen:
        await _work(busy, work, chosen)
    assert seen
    with busy.database.writing() as connection:
        plans = {sql: plan(connection, sql, values) for sql, values in seen}
    scans = {
        (step, sql)
        for sql, steps in plans.items()
        for step in steps
        if step.startswith("SCAN ") and step.split()[1] in metadata.tables and " USING " not in step
    }
    assert scans == set()


@pytest.mark.parametrize("turned", [{"before": 40, "after": None}, {"before": None, "after": 40}])
@pytest.mark.parametrize("of_one", [True, False])
async def test_a_page_of_the_audit_log_sorts_nothing(
    busy: Store, turned: dict[str, Any], *, of_one: bool
) -> None:
    chosen = await busy.mailbox_id("m10") if of_one else None
    with statements(busy.database) as seen:
        await busy.details.audit(chosen, size=5, **turned)
    with busy.database.writing() as connection:
        steps = [step for sql, values in seen for step in plan(connection, sql, values)]
    assert any("ix_audit_" in step for step in steps)
    assert [step for step in steps if "TEMP B-TREE" in step] == []


async def test_a_card_takes_few_queries(busy: Store) -> None:
    chosen = await busy.mailbox_id()
    with statements(busy.database) as seen:
        await busy.details.status(chosen, at(5))
    assert len(seen) <= 8, "itself, four of its history, its failed run, its bulk retries, what is muted"


async def test_recording_many_failures_of_one_mailbox_takes_a_few_statements_each(busy: Store) -> None:
    counts = []
    for size in (50, 100):
        with statements(busy.database) as seen:
            await busy.record(*(item_failed(9, f"{size}-{n}", mailbox="m1") for n in range(size)))
        counts.append(len(seen))
    assert counts[1] <= 2 * counts[0]


async def _work(store: Store, work: str, chosen: Any) -> None:
    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "status": lambda: store.details.status(chosen, at(5)),
        "history": lambda: store.details.history(chosen, page=1, size=5),
        "failed history": lambda: store.details.history(chosen, page=1, size=5, outcome=Outcome.FAILED),
        "days": lambda: store.details.run_days(chosen, since=at(0).date(), until=at(0).date()),
        "last good": lambda: store.details.last_good(chosen, at(5)),
        "errors": lambda: store.details.errors(chosen, page=1, size=5),
        "address": lambda: store.mailboxes.by_address("m7@old.example"),
        "find": lambda: _find(store),
        "claim": lambda: store.retries.claim(RetryTarget(chosen), actor="U", now=at(5), deadline=at(6)),
        "retries": lambda: store.retries.lease_due(at(5), until=at(6), limit=5),
        "alerts": lambda: store.due(5),
        "home": lambda: SqlHome(store.database).read(at(5), since=at(5).date(), mailboxes=[chosen]),
        "audit": lambda: store.details.audit(None, before=9, after=None, size=5),
        "audited": lambda: store.details.audit(chosen, before=None, after=9, size=5),
        "record": lambda: store.record(started(6, "r2"), item_failed(7, "i9"), completed(8, "r2")),
    }
    await calls[work]()


async def _find(store: Store) -> None:
    """A beginning, a part, a domain, a typo."""
    for typed in ("m1", "99@old", "old.exa", "mm77@odl.example", "zzz"):
        await store.mailboxes.closest(typed, 20)
        await store.mailboxes.search(typed, page=1, size=15)


@contextmanager
def steps(database: Database) -> Iterator[list[int]]:
    """How much SQLite does meanwhile: one number for each hundred instructions of its virtual machine."""
    seen: list[int] = []

    def counted() -> int:
        seen.append(1)
        return 0

    def chosen(connection: Any, *_more: object) -> None:
        connection.set_progress_handler(counted, 100)

    for engine in {database._reader, database._writer}:
        event.listen(engine, "checkout", chosen)
    yield seen
    for engine in {database._reader, database._writer}:
        event.remove(engine, "checkout", chosen)


async def _idle(store: Store) -> None:
    """What happens each second while nothing changes."""
    incidents = SqlIncidents(store.database)
    assert await store.due(60) == ()
    await incidents.newest()
    await incidents.gather(await incidents.newest())


async def test_a_sweep_costs_the_same_however_much_fails_while_nothing_changes(sqlite_url: str) -> None:
    """Each mailbox fails for its own reason and has its message; a tenth of them belong to an incident."""
    database = Database(sqlite_url)
    store, costs = Store(database), []
    await store.record(policy())
    await store.wanted_by("C1")
    for start, end in ((0, 300), (300, 3_000)):
        numbers = range(start, end)
        await crowd.employ(database, numbers)
        await crowd.fail(database, numbers, lambda n: at(n * 20 - 10**6), "dest_rejected", "i1")
        await crowd.fail(database, numbers[::10], lambda _: at(1), "source_auth")
        await SqlIncidents(database).gather()
        await SqlIncidents(database).count(at(2))
        await crowd.tell(database, "C1")
        await _idle(store)
        with steps(database) as seen:
            await _idle(store)
        costs.append(len(seen))
    await database.close()
    assert costs[1] <= 2 * costs[0] + 10
