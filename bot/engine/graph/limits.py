"""How many calls may be under way at once: a fixed number for a mailbox, one that adapts for the app."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Final

FOR_A_MAILBOX: Final = 3
ASIDE: Final = 1
"""Together they are Outlook's limit for an app and a mailbox. Those aside are for questions about a message
that may be asked while as many are open as there may be: none can wait for one of them to be closed.

https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits
"""

GROWTH: Final = 0.1
FIRST_GROWTH: Final = 1.0
"""By how much the limit of the app grows while as many calls go well as it allows at once; the first, as long
as none was ever refused: nothing tells yet that there are too many.
"""


class Slots:
    """First come, first served. One that wants more than there ever are gets its turn alone."""

    def __init__(self, capacity: Callable[[], int]) -> None:
        self._capacity = capacity
        self._used = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    @property
    def used(self) -> int:
        return self._used

    def taken(self, count: int = 1) -> AbstractAsyncContextManager[None]:
        return _Taken(self, count)

    async def take(self, count: int = 1) -> None:
        if not self._waiting and self._fits(count):
            self._used += count
        else:
            await self._queue(count)

    def give_back(self, count: int = 1) -> None:
        self._used -= count
        self._call_up()

    async def _queue(self, count: int) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((count, turn))
        self._call_up()
        try:
            await turn
        except asyncio.CancelledError:
            self.give_back(0 if turn.cancelled() else count)
            raise

    def _call_up(self) -> None:
        while self._waiting and (self._waiting[0][1].done() or self._fits(self._waiting[0][0])):
            count, turn = self._waiting.popleft()
            if not turn.done():
                self._used += count
                turn.set_result(None)

    def _fits(self, count: int) -> bool:
        return self._used == 0 or self._used + count <= self._capacity()


class _Taken(AbstractAsyncContextManager[None]):
    """Some of the slots, for as long as the block lasts."""

    __slots__ = ("_count", "_slots")

    def __init__(self, slots: Slots, count: int) -> None:
        self._slots = slots
        self._count = count

    async def __aenter__(self) -> None:
        await self._slots.take(self._count)

    async def __aexit__(self, *_: object) -> None:
        self._slots.give_back(self._count)


class Adaptive:
    """A limit that halves when there were too many calls, and else grows: slowly, once that has happened.

    `era` counts the halvings. A refusal of a call that began in an earlier era says nothing new: many calls
    are refused at once, and the limit halves for them once.
    """

    def __init__(self, start: int = 16, most: int = 64) -> None:
        self._limit = float(start)
        self._most = float(most)
        self.era = 0

    @property
    def limit(self) -> int:
        return int(self._limit)

    def grow(self) -> None:
        growth = GROWTH if self.era else FIRST_GROWTH
        self._limit = min(self._most, self._limit + growth / self._limit)

    def shrink(self, era: int) -> bool:
        """Whether it did. `era` is that in which the refused call began."""
        if era != self.era:
            return False
        self._limit = max(1.0, self._limit / 2)
        self.era += 1
        return True
