"""Items of one mailbox that are moved side by side: what is next, and how many there are."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from bot.domain.mail import Item


@dataclass(slots=True)
class Due:
    """Hands out the items of `pages` one by one. While one who asks waits for the next page, all do."""

    pages: AsyncIterator[Sequence[Item]]
    _page: deque[Item] = field(default_factory=deque)
    _turning: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def following(self) -> Item | None:
        """None once there are no more."""
        if not self._page:
            await self._turn()
        return self._page.popleft() if self._page else None

    async def _turn(self) -> None:
        async with self._turning:
            if not self._page:
                page: Sequence[Item] | None = await anext(self.pages, None)
                self._page.extend(page or ())


@dataclass(slots=True)
class UnderWay(AbstractContextManager[None]):
    """How many items are moved now, and how many were taken in hand. To be entered around each."""

    count: int = 0
    taken: int = 0
    _ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def one_ended(self) -> None:
        self._ended.clear()
        await self._ended.wait()

    def __enter__(self) -> None:
        self.count += 1
        self.taken += 1

    def __exit__(self, *_: object) -> None:
        self.count -= 1
        self._ended.set()
