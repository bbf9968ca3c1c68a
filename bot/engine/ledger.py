"""Commits what many transfers write down together: one durable commit costs as much as a hundred."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.domain.events import Event
from bot.domain.mail import Item, Step, Work
from bot.ports import Clock
from bot.ports.journal import Entry, Intent, Journal

T = TypeVar("T")
R = TypeVar("R")

GATHERING_SECONDS = 0.003
"""How long a commit waits for company where the one before had some. It is little beside a request."""


class Grouped(Generic[T, R]):
    """Collects while a commit is under way, then commits what has come meanwhile, all at once.

    A failed commit fails all that took part in it, and nothing else. One that comes alone does not wait.
    """

    def __init__(self, commit: Callable[[list[T]], Awaitable[Sequence[R]]]) -> None:
        self._commit = commit
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._task: asyncio.Task[None] | None = None
        self._has_company = False

    async def add(self, value: T) -> R:
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((value, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        return await future

    async def _work(self) -> None:
        while self._waiting:
            if self._has_company:
                await asyncio.sleep(GATHERING_SECONDS)
            batch, self._waiting = self._waiting, []
            self._has_company = len(batch) > 1
            await self._settle(batch)

    async def _settle(self, batch: list[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            results = await self._commit([value for value, _ in batch])
            settled = list(zip(batch, results, strict=True))
        except Exception as error:  # noqa: BLE001 - it is raised where the values came from
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
                    future.exception()  # whoever waited may be cancelled before hearing it
        else:
            for (_, future), result in settled:
                if not future.done():
                    future.set_result(result)


@dataclass(slots=True)
class Ledger:
    """The journal, for many transfers at a time: the intents of some and the results of others together."""

    journal: Journal
    clock: Clock
    _commits: Grouped[Entry | Intent, bool]

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self.journal, self.clock = journal, clock
        self._commits = Grouped(self._commit)

    async def intend(self, item: Item, message_id: str) -> bool:
        """Say that the item is about to be imported. False: somebody else is at it."""
        return await self._commits.add(Intent(item, message_id, self.clock.now()))

    async def write(self, work: Work, *steps: Step, events: Sequence[Event] = ()) -> None:
        await self._commits.add(Entry(work, steps, tuple(events)))

    async def _commit(self, some: list[Entry | Intent]) -> list[bool]:
        entries = [each for each in some if isinstance(each, Entry)]
        intents = [each for each in some if isinstance(each, Intent)]
        won = await self.journal.write(entries, intents)
        return [isinstance(each, Entry) or each.item.id in won for each in some]
