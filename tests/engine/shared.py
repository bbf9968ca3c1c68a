"""What the processes of a trial share: a clock that can be put forward, and a count of commits."""

import mmap
import struct
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import SystemClock

_AHEAD, _COMMITS = struct.Struct("d"), struct.Struct("q")
_SIZE = _AHEAD.size + _COMMITS.size


class SharedClock:
    """Real time and what was skipped of it. Waits are skipped, so that the real lengths of time are tried."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(bytes(_SIZE))
        with file.open("r+b") as opened:
            self._memory = mmap.mmap(opened.fileno(), _SIZE)

    def now(self) -> datetime:
        return SystemClock().now() + timedelta(seconds=_AHEAD.unpack_from(self._memory)[0])

    def skip(self, duration: timedelta) -> None:
        ahead = _AHEAD.unpack_from(self._memory)[0] + duration.total_seconds()
        _AHEAD.pack_into(self._memory, 0, ahead)

    @property
    def commits(self) -> int:
        """Of the engine that was started last."""
        counted: int = _COMMITS.unpack_from(self._memory, _AHEAD.size)[0]
        return counted

    @commits.setter
    def commits(self, counted: int) -> None:
        _COMMITS.pack_into(self._memory, _AHEAD.size, counted)
