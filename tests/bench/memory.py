"""Memory while a long file of events is taken in: it must not grow with the file."""

import json
import resource
from collections.abc import Iterator
from pathlib import Path

from bot.clock import SystemClock
from bot.queue.embedded import EventDoorbell
from bot.remote.importing import import_file
from bot.services.recording import Recording
from bot.store import Database, SqlRecorder
from tests.bench import ingest
from tests.bench.measuring import Figure

SHORT, LONG = 5_000, 25_000


async def figures(folder: Path) -> list[Figure]:
    idle = _peak()
    short = await _peak_after(folder, SHORT) - idle
    long = await _peak_after(folder, LONG) - idle
    return [
        Figure(
            f"growth of peak memory while importing {LONG:,} events; bare: {SHORT:,} events",
            f"{long / 1e6:.0f} MB",
            f"{short / 1e6:.0f} MB",
            f"{long / max(short, 1):.2f} x the memory",
        )
    ]


async def _peak_after(folder: Path, events: int) -> int:
    """Bytes; the peak only grows, so the shorter file comes first."""
    path = folder / f"{events}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(event) + "\n" for event in _events(events))
    database = Database(f"sqlite:///{folder}/import-{events}.db")
    await database.migrate()
    clock = SystemClock()
    recording = Recording(SqlRecorder(database), EventDoorbell(), clock)
    counts = await import_file(path, recording.record, lambda _done, _total: None, clock.now())
    await database.close()
    assert counts.applied == events
    return _peak()


def _peak() -> int:
    """Bytes (Linux counts it in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _events(count: int) -> Iterator[ingest.Json]:
    yield ingest.policy()
    yield ingest.mailbox()
    for number in range(count - 2):
        yield ingest.failed() if number % 2 else ingest.completed()
