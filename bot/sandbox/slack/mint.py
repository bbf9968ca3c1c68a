"""Makes ids and message timestamps: unique, increasing, and no secret."""

from collections.abc import Callable
from itertools import count

MICROSECONDS = 1_000_000


class Mint:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = 0
        self._serial = count(1)

    def ts(self) -> str:
        """Seconds and microseconds; later than each one before, even if the clock stands."""
        self._last = max(self._last + 1, int(self._clock() * MICROSECONDS))
        return f"{self._last // MICROSECONDS}.{self._last % MICROSECONDS:06d}"

    def id(self, prefix: str) -> str:
        return f"{prefix}0{next(self._serial):07X}"

    def number(self) -> int:
        return next(self._serial)
