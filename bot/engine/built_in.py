"""The built-in engine as the rest sees it: it takes retries, and a sweep works on what is due."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.domain.mail import LEASE, Work
from bot.engine.shift import Shift, Tools
from bot.engine.singles import Singles
from bot.ports import Doorbell, RetryRequest
from bot.ports.journal import Asked

ITEMS_AT_ONCE = 16
"""Mailboxes with retries of single items that are worked on side by side, besides the runs."""

GRACE_SECONDS = 3.0
"""How long imports that are under way may take to end when the engine stops."""

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class BuiltInEngine:
    """Fills the Engine port. `owner` names this process in the leases; `at_once`: runs side by side."""

    tools: Tools
    asked: Asked
    doorbell: Doorbell
    owner: str
    at_once: int
    _runs: set[asyncio.Task[None]] = field(default_factory=set)
    _singles: set[asyncio.Task[None]] = field(default_factory=set)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def request_retry(self, request: RetryRequest) -> None:
        await self.asked.ask(request, self.tools.clock.now())
        self.doorbell.ring()

    async def sweep(self) -> None:
        """Take up what is due, as far as there is room. It does not wait for it to end."""
        if self._stopping.is_set():
            return
        now = self.tools.clock.now()
        until = now + LEASE
        room = ITEMS_AT_ONCE - len(self._singles)
        if room:
            for work in await self.asked.claim_items(self.owner, now, until=until, at_most=room):
                self._start(self._singles, self._work_items(work))
        room = self.at_once - len(self._runs)
        if room and not self._stopping.is_set():
            for work in await self.tools.schedule.claim(self.owner, now, until=until, at_most=room):
                self._start(self._runs, self._work_run(work))

    async def stop(self) -> None:
        """Begin nothing more; what is under way may end, and is then given up for the next process."""
        self._stopping.set()
        tasks = [*self._runs, *self._singles]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _start(self, tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        tasks.add(task)
        task.add_done_callback(lambda done: self._end(tasks, done))

    def _end(self, tasks: set[asyncio.Task[None]], task: asyncio.Task[None]) -> None:
        tasks.discard(task)
        if not task.cancelled() and task.exception():
            _log.error("work on a mailbox broke off", exc_info=task.exception())
        self.doorbell.ring()

    async def _work_run(self, work: Work) -> None:
        await Shift(work, self.tools, self._stopping).run()

    async def _work_items(self, work: Work) -> None:
        await Singles(work, self.tools, self.asked).run()
