"""`syncbot import`: a file of events into the database, told in words."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.bootstrap import open_recording
from bot.clock import SystemClock
from bot.config import Settings
from bot.remote.importing import Counts, import_file


@dataclass(frozen=True, slots=True)
class Imported:
    """`reasons` are "LINE: why", for the first bad lines; `bad` counts all."""

    summary: str
    reasons: tuple[str, ...]
    bad: int


async def import_with_progress(
    settings: Settings, file: Path, on_progress: Callable[[int, int], None]
) -> Imported:
    async with open_recording(settings) as recording:
        counts = await import_file(file, recording.record, on_progress, SystemClock().now())
    return Imported(
        _summary(counts), tuple(f"{bad.index}: {bad.reason}" for bad in counts.reasons), counts.bad
    )


def _summary(counts: Counts) -> str:
    parts = (
        f"{counts.applied:,} taken in",
        f"{counts.duplicate:,} known already",
        f"{counts.parked:,} waiting for their mailbox or policy",
        f"{counts.bad:,} refused",
    )
    return "Events: " + ", ".join(parts) + "."
