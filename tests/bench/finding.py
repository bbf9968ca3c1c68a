"""Suggestions while somebody types, among few and many mailboxes, against a bare scan of all addresses."""

import random
import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from blocks import lookup
from bot.domain.finding import terms
from bot.domain.values import Unit
from bot.store import Database, SqlMailboxes
from bot.store.tables import mailbox, mailbox_term, policy
from tests.bench.measuring import Figure, compared, in_turn

SIZES = (1_000, 100_000)
SHOWN = 20
ROUNDS = 200
START = datetime(2026, 1, 1, tzinfo=UTC)
_ONSETS, _NUCLEI = "bcdfghjklmnprstvw", "aeiou"
_BARE = "SELECT source FROM mailbox WHERE source LIKE ? OR destination LIKE ? ORDER BY source LIMIT 20"

Typed = Callable[[random.Random, str], str]


async def figures(folder: Path) -> list[Figure]:
    return [figure for size in SIZES for figure in await _of(size, folder / f"find{size}.db")]


async def _of(size: int, path: Path) -> list[Figure]:
    database, names = Database(f"sqlite:///{path}"), _names(size)
    try:
        await database.migrate()
        await database.write(_fill, names)
        return [await _suggested(database, path, names, what) for what in WAYS]
    finally:
        await database.close()


async def _suggested(database: Database, path: Path, names: list[str], what: str) -> Figure:
    mailboxes, bare, chance = SqlMailboxes(database), sqlite3.connect(path), random.Random(1)

    def typed() -> str:
        return WAYS[what](chance, chance.choice(names))

    async def ours() -> None:
        lookup.options(await mailboxes.closest(typed(), SHOWN))

    async def alone() -> None:
        bare.execute(_BARE, (f"%{typed()}%",) * 2).fetchall()

    taken = await in_turn(ours, alone, ROUNDS)
    bare.close()
    return compared(f"suggestions among {len(names):,} mailboxes, {what} typed; bare: a scan", *taken)


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


WAYS: Mapping[str, Typed] = {"a beginning": _beginning, "a middle": _middle, "a typo": _mistyped}


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


def _fill(connection: Connection, names: list[str]) -> None:
    """At once: as events, a hundred thousand mailboxes would take minutes."""
    connection.execute(insert(policy), _POLICY)
    rows = [_row(number, name) for number, name in enumerate(names, 1)]
    connection.execute(insert(mailbox), rows)
    found = sorted((term, row["id"]) for row in rows for term in terms(row["source"], row["destination"]))
    connection.execute(insert(mailbox_term), [{"term": term, "mailbox_id": of} for term, of in found])


_POLICY = {
    "id": 1, "key": "p", "name": "Staff", "description": "", "active": True, "services": ["email"],
    "every": 1, "unit": Unit.HOUR, "deletion_delay_days": 0, "updated_at": START,
}  # fmt: skip


def _row(number: int, name: str) -> dict[str, Any]:
    times = dict.fromkeys(("policy_since", "next_sync_known_at", "updated_at", "created_at"), START)
    addresses = {"source": f"{name}@northwind.example", "destination": f"{name}@tailspin.example"}
    counters = {"version": 1, "open_failures": 0, "initial_done": False, "bytes": 0}
    return {"id": number, "key": f"m{number}", "policy_id": 1} | addresses | times | counters
