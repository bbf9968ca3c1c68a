"""A file of events, one CloudEvent a line, read as a stream whatever its size."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from bot.domain.events import Envelope
from bot.errors import BadEvent
from bot.ports import Recorded
from bot.wire.parsing import MOST_BYTES, Bad, Good, Parsed, parse_event, read_json

Record = Callable[[Sequence[Envelope]], Awaitable[Sequence[Recorded]]]
Progress = Callable[[int, int], None]
"""Told the bytes read so far, and those of the file."""

BATCH = 500
_MOST_REASONS = 100
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Line:
    """`number` counts from 1; `end` is the offset in the file after it."""

    number: int
    end: int
    parsed: Parsed


@dataclass
class Counts:
    """`reasons` are those of the first bad lines; `bad` counts all."""

    applied: int = 0
    duplicate: int = 0
    parked: int = 0
    bad: int = 0
    reasons: list[Bad] = field(default_factory=list)

    def add(self, outcome: Recorded) -> None:
        setattr(self, outcome.value, getattr(self, outcome.value) + 1)

    def refuse(self, bad: Bad) -> None:
        self.bad += 1
        if len(self.reasons) < _MOST_REASONS:
            self.reasons.append(bad)


def read_events(path: Path, received_at: datetime) -> Iterator[Line]:
    """Each line that is not blank. Raises BadEvent for a file in UTF-16, OSError for an unreadable one."""
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(MOST_BYTES + 2):
            number += 1
            parsed = _parse(_whole(raw, file), number, received_at)
            if parsed:
                yield Line(number, file.tell(), parsed)


async def import_file(path: Path, record: Record, on_progress: Progress, received_at: datetime) -> Counts:
    """Give the file's events to `record`, batch by batch; bad lines are counted and the rest goes on."""
    counts, total = Counts(), (await asyncio.to_thread(path.stat)).st_size
    lines = read_events(path, received_at)
    while batch := await asyncio.to_thread(_next, lines):
        await _record(batch, record, counts)
        on_progress(batch[-1].end, total)
    on_progress(total, total)
    return counts


def _next(lines: Iterator[Line]) -> list[Line]:
    return list(islice(lines, BATCH))


async def _record(batch: list[Line], record: Record, counts: Counts) -> None:
    for line in batch:
        if isinstance(line.parsed, Bad):
            counts.refuse(line.parsed)
    envelopes = [line.parsed.envelope for line in batch if isinstance(line.parsed, Good)]
    for outcome in await record(envelopes) if envelopes else ():
        counts.add(outcome)


def _whole(raw: bytes, file: BinaryIO) -> bytes | None:
    """The line without its end; None for one that is too long, whose rest is skipped piece by piece."""
    piece = raw
    while not piece.endswith(b"\n") and (piece := file.readline(MOST_BYTES)):
        raw = b""
    stripped = raw.rstrip(b"\r\n")
    return stripped if raw and len(stripped) <= MOST_BYTES else None


def _parse(raw: bytes | None, number: int, received_at: datetime) -> Parsed | None:
    if raw is None:
        return Bad(number, None, f"is longer than {MOST_BYTES:,} bytes; one event stands in one line")
    if number == 1:
        _refuse_utf16(raw)
    if not raw.removeprefix(_UTF8_MARK).strip():
        return None
    try:
        return parse_event(read_json(raw), number, received_at)
    except BadEvent as error:
        return Bad(number, None, str(error))


def _refuse_utf16(raw: bytes) -> None:
    if raw.startswith(_UTF16_MARKS):
        raise BadEvent("The file is in UTF-16; save it as UTF-8.")
