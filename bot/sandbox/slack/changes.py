"""How a page learns what changed: a bounded queue a subscriber, which never makes the world wait."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from bot.sandbox.slack.model import Change

CAPACITY = 1_000


class Subscription:
    """Iterable inside its `with`. A slow reader loses the oldest changes, counted in `lost`."""

    def __init__(
        self, enter: Callable[["Subscription"], None], leave: Callable[["Subscription"], None]
    ) -> None:
        self._enter = enter
        self._leave = leave
        self._queue: asyncio.Queue[Change] = asyncio.Queue(CAPACITY)
        self.lost = 0

    def __enter__(self) -> Self:
        self._enter(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave(self)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Change:
        return await self._queue.get()

    def offer(self, change: Change) -> None:
        if self._queue.full():
            self._queue.get_nowait()
            self.lost += 1
        self._queue.put_nowait(change)


class Announcements:
    def __init__(self) -> None:
        self._subscriptions: list[Subscription] = []

    def subscribe(self) -> Subscription:
        return Subscription(self._subscriptions.append, self._subscriptions.remove)

    def announce(self, change: Change) -> None:
        for subscription in self._subscriptions:
            subscription.offer(change)
