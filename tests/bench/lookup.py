"""The status card of one user among many, against the one bare query that it cannot do without."""

import random
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clock import SystemClock
from bot.domain.events import Envelope, Event, MailboxUpserted, PolicyUpserted, SyncCompleted
from bot.domain.values import Frequency, ServiceCounts, Unit
from bot.store import Database, SqlDetails, SqlMailboxes, SqlRecorder
from tests.bench import finding
from tests.bench.measuring import Figure, compared, in_turn

MAILBOXES = 2_000
RUNS = 12
BATCH = 2_000
ROUNDS = 300
START = datetime(2026, 1, 1, tzinfo=UTC)
_BARE = """
SELECT r.* FROM run r JOIN mailbox m ON m.id = r.mailbox_id
WHERE m.source = ? ORDER BY r.started_at DESC LIMIT 10
"""


async def figures(folder: Path) -> list[Figure]:
    path = folder / "lookup.db"
    database = Database(f"sqlite:///{path}")
    try:
        await database.migrate()
        await _fill(SqlRecorder(database))
        cards = [await _status(database, path), await _overview(database, path)]
    finally:
        await database.close()
    return [*cards, *await finding.figures(folder)]


async def _status(database: Database, path: Path) -> Figure:
    mailboxes, details, clock = SqlMailboxes(database), SqlDetails(database), SystemClock()
    chance = random.Random(1)
    bare = sqlite3.connect(path)

    async def ours() -> None:
        (row,) = await mailboxes.by_address(_address(chance.randrange(MAILBOXES)))
        assert await details.status(row.mailbox.id, clock.now())

    async def alone() -> None:
        assert bare.execute(_BARE, (_address(chance.randrange(MAILBOXES)),)).fetchall()

    taken = await in_turn(ours, alone, ROUNDS)
    bare.close()
    what = f"status card of one of {MAILBOXES:,} mailboxes ({MAILBOXES * RUNS:,} runs); bare: newest 10 runs"
    return compared(what, *taken)


async def _overview(database: Database, path: Path) -> Figure:
    details, clock, bare = SqlDetails(database), SystemClock(), sqlite3.connect(path)

    async def ours() -> None:
        await details.overview(clock.now(), failing=10)

    async def alone() -> None:
        bare.execute("SELECT newest_status, count(*), sum(bytes) FROM mailbox GROUP BY 1").fetchall()

    taken = await in_turn(ours, alone, 50)
    bare.close()
    return compared(f"overview of {MAILBOXES:,} mailboxes; bare: one count by status", *taken)


async def _fill(recorder: SqlRecorder) -> None:
    policy = PolicyUpserted(START, "p", "Staff", "", True, ("email",), Frequency(1, Unit.HOUR), 0)  # noqa: FBT003
    envelopes = [Envelope("bench", "p", policy)]
    for number in range(MAILBOXES):
        envelopes += _history(number)
        if len(envelopes) >= BATCH:
            await recorder.record(envelopes, START)
            envelopes = []
    await recorder.record(envelopes, START)


def _history(number: int) -> list[Envelope]:
    key, address = f"m{number}", _address(number)
    made = MailboxUpserted(START, key, address, f"u{number}@tailspin.example", "p", START)
    ends = [START + timedelta(hours=run, seconds=number % 3_000) for run in range(RUNS)]
    runs = [
        SyncCompleted(end, key, f"r{number}-{run}", (ServiceCounts("email", 7, 4_000, 0),))
        for run, end in enumerate(ends)
    ]
    events: list[Event] = [made, *runs]
    return [Envelope("bench", f"{number}-{i}", event) for i, event in enumerate(events)]


def _address(number: int) -> str:
    return f"user{number}@northwind.example"
