"""Suggestions while somebody types, among few and many mailboxes, on both databases, beside a bare scan.

What is told is CPU: seconds on the clock depend on who else wants the machine.
"""

import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, insert, text

from blocks import lookup
from bot.domain.finding import terms
from bot.domain.values import Unit
from bot.store import Database, SqlMailboxes
from bot.store.postgres import mailboxes_added
from bot.store.tables import mailbox, policy
from tests.bench.measuring import Cpu, Figure, compared
from tests.postgres import created, started_server

SIZES = (1_000, 100_000)
SHOWN = 20
ROUNDS = 200
SCANS = 8
"""A bare scan of many mailboxes takes hundreds of times as long, and the same each time."""

START = datetime(2026, 1, 1, tzinfo=UTC)
_ONSETS, _NUCLEI = "bcdfghjklmnprstvw", "aeiou"
_BARE = text(
    "SELECT source FROM mailbox WHERE source LIKE :like OR destination LIKE :like ORDER BY source LIMIT 20"
)
_WARMING = 5
"""Rounds before those that count: statements are compiled, and pages are read."""

Typed = Callable[[random.Random, str], str]


async def figures(folder: Path) -> list[Figure]:
    found = []
    for size in SIZES:
        people = People.so_many(size)
        with created(started_server()) as postgres:
            for url in (f"sqlite:///{folder / f'find{size}.db'}", postgres):
                found += await _of(url, people)
    return found


@dataclass(frozen=True, slots=True)
class People:
    """`rows` are of their mailboxes, `found` is by what these are found, in the order of its index."""

    names: list[str]
    rows: list[dict[str, Any]]
    found: list[tuple[str, int]]

    @classmethod
    def so_many(cls, size: int) -> Self:
        names = _names(size)
        rows = [_row(number, name) for number, name in enumerate(names, 1)]
        found = sorted((term, row["id"]) for row in rows for term in terms(row["source"], row["destination"]))
        return cls(names, rows, found)


async def _of(url: str, people: People) -> list[Figure]:
    async with _filled(url, people) as database:
        return [await _suggested(database, people.names, what) for what in WAYS]


@asynccontextmanager
async def _filled(url: str, people: People) -> AsyncIterator[Database]:
    database = Database(url)
    try:
        await database.migrate()
        await database.write(_fill, people)
        yield database
    finally:
        await database.close()


async def _suggested(database: Database, names: list[str], what: str) -> Figure:
    mailboxes, chance = SqlMailboxes(database), random.Random(1)

    def typed() -> str:
        return WAYS[what](chance, chance.choice(names))

    async def ours() -> None:
        lookup.options(await mailboxes.closest(typed(), SHOWN))

    async def alone() -> None:
        await database.read(_scan, typed())

    with Cpu(database) as cpu:
        for _ in range(_WARMING):
            await ours()
        taken = [await cpu.of(ours) for _ in range(ROUNDS)]
        bare = [await cpu.of(alone) for _ in range(SCANS)]
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    return compared(f"{kind}, {len(names):,} mailboxes, {what} typed; bare: a scan", taken, bare)


def _scan(connection: Connection, typed: str) -> None:
    connection.execute(_BARE, {"like": f"%{typed}%"}).all()


def _beginning(chance: random.Random, name: str) -> str:
    return name[: chance.randrange(2, 8)]


def _middle(chance: random.Random, name: str) -> str:
    start = chance.randrange(1, len(name) - 2)
    return name[start : start + chance.randrange(3, 8)]


def _mistyped(chance: random.Random, name: str) -> str:
    """Two letters swapped, one left out, or a wrong one."""
    at = chance.randrange(1, len(name) - 1)
    before, here, after, rest = name[:at], name[at], name[at + 1], name[at + 2 :]
    return chance.choice(
        (f"{before}{after}{here}{rest}", f"{before}{after}{rest}", f"{before}q{after}{rest}")
    )


def _unknown(chance: random.Random, _name: str) -> str:
    """What no name has: neither vowels nor anything that resembles a name."""
    return "".join(chance.choice("xqzy0123456789") for _ in range(8))


WAYS: Mapping[str, Typed] = {
    "a beginning": _beginning,
    "a middle": _middle,
    "a typo": _mistyped,
    "nothing like any": _unknown,
}


def _names(size: int) -> list[str]:
    """As people's: some hundred first names, some thousand last ones."""
    chance = random.Random(3)

    def word(most: int) -> str:
        parts = range(chance.randrange(2, most + 1))
        return "".join(chance.choice(_ONSETS) + chance.choice(_NUCLEI) for _ in parts)

    first, last = [word(2) for _ in range(900)], [word(3) for _ in range(9_000)]
    found: dict[str, None] = {}
    while len(found) < size:
        found[f"{chance.choice(first)}.{chance.choice(last)}"] = None
    return list(found)


def _fill(connection: Connection, people: People) -> None:
    """At once: as events, so many would take minutes. It ends as `syncbot apply` does."""
    connection.execute(insert(policy), _POLICY)
    connection.execute(insert(mailbox), people.rows)
    _BULK[connection.dialect.name](connection, people.found)
    mailboxes_added(connection, len(people.rows))


def _fill_sqlite(connection: Connection, found: list[tuple[str, int]]) -> None:
    connection.exec_driver_sql("INSERT INTO mailbox_term (term, mailbox_id) VALUES (?, ?)", found)


def _fill_postgres(connection: Connection, found: list[tuple[str, int]]) -> None:
    driver = connection.connection.driver_connection
    assert driver
    with driver.cursor() as cursor, cursor.copy("COPY mailbox_term (term, mailbox_id) FROM STDIN") as copy:
        for row in found:
            copy.write_row(row)


_BULK = {"sqlite": _fill_sqlite, "postgresql": _fill_postgres}
_POLICY = {
    "id": 1, "key": "p", "name": "Staff", "description": "", "active": True, "services": ["email"],
    "every": 1, "unit": Unit.HOUR, "deletion_delay_days": 0, "updated_at": START,
}  # fmt: skip


def _row(number: int, name: str) -> dict[str, Any]:
    times = dict.fromkeys(("policy_since", "next_sync_known_at", "updated_at", "created_at"), START)
    addresses = {"source": f"{name}@northwind.example", "destination": f"{name}@tailspin.example"}
    counters = {"version": 1, "open_failures": 0, "initial_done": False, "bytes": 0}
    return {"id": number, "key": f"m{number}", "policy_id": 1} | addresses | times | counters
