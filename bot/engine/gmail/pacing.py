"""Keeps to Gmail's quotas: units a minute, by user and by project, first come, first served."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from bot.errors import BadSettings

MINUTE: Final = 60.0

LIST_LABELS: Final = 1
CHANGE_LABEL: Final = 5
LIST_MESSAGES: Final = 5
MODIFY: Final = 5
TRASH: Final = 20
GET_MESSAGE: Final = 20
ADD_MESSAGE: Final = 25
"""Units of each method: "Usage limits", https://developers.google.com/workspace/gmail/api/reference/quota .

Projects from before May 2026 pay 5 for a trash or a look at a message; the dearer price is kept to by
everybody, since both are rare.
"""

_DEAREST: Final = ADD_MESSAGE
_USED = 0.99
"""Of the quota. The rest makes up for requests that overtake each other on the way to Google's own clock."""
_BURST = 0.015
"""Of the quota. What may be spent at once is missing from the steady stream, so it is little."""

_BLINK = 1e-8
"""Seconds that are lost in rounding and worth no wait."""


@dataclass(frozen=True, slots=True)
class Quotas:
    """Units a minute."""

    units_per_user: int
    units_per_project: int

    def __post_init__(self) -> None:
        if min(self.units_per_user, self.units_per_project) < 2 * _DEAREST:
            raise BadSettings(f"A quota of Gmail must be at least {2 * _DEAREST} units a minute.")


class Bucket:
    """A token bucket: no sixty seconds hold more than `units`, and a steady stream gets 97 % of them.

    Times are in seconds of any one monotonic clock. `_depth` is how long an empty one takes to fill: what is
    missing from a full one is known by when it will be full again.
    """

    __slots__ = ("_depth", "_full_at", "_rate")

    def __init__(self, units: int) -> None:
        most = max(units * _BURST, float(_DEAREST))
        self._rate = (units * _USED - most) / MINUTE
        self._depth = most / self._rate
        self._full_at = -math.inf

    def delay(self, cost: int, now: float) -> float:
        """Seconds until `cost` may be spent; 0 if it may be now."""
        delay = self._full_at - now + cost / self._rate - self._depth
        return delay if delay > _BLINK else 0.0

    def spend(self, cost: int, now: float) -> None:
        self._full_at = max(self._full_at, now) + cost / self._rate


class Turns:
    """A bucket with a queue before it. `now` tells the seconds of a monotonic clock."""

    __slots__ = ("_bucket", "_now", "_queue", "_queued")

    def __init__(self, units: int, now: Callable[[], float]) -> None:
        self._bucket = Bucket(units)
        self._now = now
        self._queue = asyncio.Lock()
        self._queued = 0

    def is_free(self, cost: int, now: float) -> bool:
        """Nobody would be overtaken. A free lock does not tell: its next owner may have yet to wake."""
        return not self._queued and not self._bucket.delay(cost, now)

    @asynccontextmanager
    async def turn(self, cost: int) -> AsyncIterator[None]:
        """Begins when `cost` may be spent; nobody else spends before it ends."""
        self._queued += 1
        try:
            async with self._queue:
                await self._ready(cost)
                yield
        finally:
            self._queued -= 1

    def spend(self, cost: int, now: float) -> None:
        self._bucket.spend(cost, now)

    async def _ready(self, cost: int) -> None:
        delay = self._bucket.delay(cost, self._now())
        while delay > 0:
            await asyncio.sleep(delay)
            delay = self._bucket.delay(cost, self._now())


class Pace:
    """One user's share. `project` is everybody's."""

    __slots__ = ("_now", "_project", "_user")

    def __init__(self, units: int, project: Turns, now: Callable[[], float]) -> None:
        self._user = Turns(units, now)
        self._project = project
        self._now = now

    async def spend(self, cost: int) -> None:
        """Waits for its turn. Both buckets pay at the moment it comes: who is cancelled before has paid
        nothing, and a wait for one bucket is not caught up on by a burst from the other.
        """
        now = self._now()
        if self._user.is_free(cost, now) and self._project.is_free(cost, now):
            self._pay(cost, now)
            return
        async with self._user.turn(cost), self._project.turn(cost):
            self._pay(cost, self._now())

    def _pay(self, cost: int, now: float) -> None:
        self._user.spend(cost, now)
        self._project.spend(cost, now)
