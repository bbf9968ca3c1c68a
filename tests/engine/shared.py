"""What the processes of a trial share: a clock that can be put forward, commits, and who is busy."""

import fcntl
import mmap
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import SystemClock

PLACES = 2
"""So many processes live side by side at most."""

_AHEAD, _PLACE = struct.Struct("d"), struct.Struct("q?")
_SIZE = _AHEAD.size + PLACES * _PLACE.size


class SharedClock:
    """Real time and what was skipped of it. Waits are skipped, so that the real lengths of time are tried.

    `place` is that of the process which uses it.
    """

    def __init__(self, file: Path, place: int = 0) -> None:
        if not file.exists():
            file.write_bytes(bytes(_SIZE))
        self.place, self._path = place, file
        with file.open("r+b") as opened:
            self._memory = mmap.mmap(opened.fileno(), _SIZE)

    def now(self) -> datetime:
        return SystemClock().now() + timedelta(seconds=_AHEAD.unpack_from(self._memory)[0])

    def skip(self, duration: timedelta) -> None:
        ahead = _AHEAD.unpack_from(self._memory)[0] + duration.total_seconds()
        _AHEAD.pack_into(self._memory, 0, ahead)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Only one process at a time takes up work or skips time. One that is killed lets go."""
        with self._path.open("rb") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX)
            yield

    @property
    def commits(self) -> int:
        """Of the process that was started last at this place."""
        return self._read(self.place)[0]

    @commits.setter
    def commits(self, counted: int) -> None:
        self._write(self.place, counted, is_busy=self._read(self.place)[1])

    @property
    def are_others_busy(self) -> bool:
        return any(self._read(place)[1] for place in range(PLACES) if place != self.place)

    def set_busy(self, place: int, *, is_busy: bool) -> None:
        self._write(place, self._read(place)[0], is_busy=is_busy)

    def _read(self, place: int) -> tuple[int, bool]:
        commits, is_busy = _PLACE.unpack_from(self._memory, _AHEAD.size + place * _PLACE.size)
        return commits, is_busy

    def _write(self, place: int, commits: int, *, is_busy: bool) -> None:
        _PLACE.pack_into(self._memory, _AHEAD.size + place * _PLACE.size, commits, is_busy)
