"""Processes of the engine that are killed at a chosen moment, and started again."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.sandbox.gmail.call import Call as GmailCall
from bot.sandbox.gmail.errors import ApiError
from bot.sandbox.graph import Call as GraphCall
from tests.engine.office import Office
from tests.engine.orders import Flaw, Moment, Orders

LONGEST_LIFE_S = 120.0


class Kind(StrEnum):
    """When a process is killed: around a commit of its own, around a request's handling, or some time."""

    BEFORE_COMMIT = "before a commit"
    AFTER_COMMIT = "after a commit"
    UNHEARD = "before a request is handled"
    UNANSWERED = "before its answer"
    SOMETIME = "at any moment"


@dataclass(frozen=True, slots=True)
class Kill:
    """At the `number`-th commit or request of a process; for SOMETIME after so many milliseconds.

    Only requests whose path contains `among` are counted.
    """

    kind: Kind
    number: int
    among: str = ""


@dataclass
class Nursery:
    """Starts processes, one at a time, and tells how each one ended."""

    process: asyncio.subprocess.Process

    async def _told(self) -> int:
        assert self.process.stdout
        return int(await self.process.stdout.readline())

    async def start(self, orders: Orders) -> int:
        await self._write(orders.model_dump_json())
        return await self._told()

    async def dead(self) -> None:
        await self._told()

    async def bury(self) -> int:
        """How it ended: 0, or the signal as a negative number."""
        await self._write("")
        return await self._told()

    async def _write(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{line}\n".encode())
        await self.process.stdin.drain()


@asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    pipe = asyncio.subprocess.PIPE
    arguments = (sys.executable, "-m", "tests.engine.nursery")
    process = await asyncio.create_subprocess_exec(*arguments, stdin=pipe, stdout=pipe)
    try:
        yield Nursery(process)
    finally:
        process.stdin.close()  # type: ignore[union-attr] # it is a pipe
        await process.wait()


@dataclass
class Engine:
    """One process after the other on one office. `requests` counts those in its last life."""

    office: Office
    nursery: Nursery
    index_lag_s: float = 300.0
    flaw: Flaw = Flaw.NONE
    place: int = 0
    at_once: int = 20
    requests: int = 0
    _plan: Kill | None = None
    _process: int = 0
    _died: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.office.graph.before(self._before_graph)
        self.office.graph.after(self._after)
        self.office.gmail.before(self._before_gmail)
        self.office.gmail.after(self._after)

    async def live(self, kill: Kill | None = None) -> bool:
        """Whether it was killed; else it ended by itself.

        Raises AssertionError for one that does neither.
        """
        self._plan, self.requests = kill, 0
        self._died = asyncio.Event()
        self._process = await self.nursery.start(self._orders(kill))
        killer = asyncio.create_task(self._kill_sometime(kill))
        try:
            async with asyncio.timeout(LONGEST_LIFE_S):
                await self.nursery.dead()
        except TimeoutError:
            os.kill(self._process, signal.SIGABRT)
            await self.nursery.dead()
        self._died.set()
        self.office.clock.set_busy(self.place, is_busy=False)
        killer.cancel()
        status = await self.nursery.bury()
        await self.office.quiet()
        assert status in (0, -signal.SIGKILL), (status, self._log)
        return status != 0

    def _orders(self, kill: Kill | None) -> Orders:
        moments = {Kind.BEFORE_COMMIT: Moment.BEFORE, Kind.AFTER_COMMIT: Moment.AFTER}
        at_commit = kill is not None and kill.kind in moments
        return Orders(
            database_url=self.office.database_url,
            graph_url=self.office.graph.url,
            login_url=self.office.graph.login_url,
            gmail_url=self.office.gmail.url,
            clock=self.office.folder / "clock",
            log=self.office.folder / "log",
            index_lag=self.index_lag_s,
            flaw=self.flaw,
            dies_at=kill.number if kill and at_commit else 0,
            place=self.place,
            at_once=self.at_once,
            moment=moments[kill.kind] if kill and at_commit else Moment.BEFORE,
        )

    @property
    def _log(self) -> str:
        return (self.office.folder / "log").read_text()[-4000:]

    # ---- kills from outside

    async def _kill_sometime(self, kill: Kill | None) -> None:
        if kill and kill.kind is Kind.SOMETIME:
            await asyncio.sleep(kill.number / 1000)
            os.kill(self._process, signal.SIGKILL)

    async def _before_graph(self, call: GraphCall) -> None:
        if await self._strikes(Kind.UNHEARD, call.path):
            call.drop()

    async def _before_gmail(self, call: GmailCall) -> None:
        if await self._strikes(Kind.UNHEARD, call.path):
            raise ApiError("backendError")

    async def _after(self, call: Any) -> None:
        if await self._strikes(Kind.UNANSWERED, call.path):
            call.drop()

    async def _strikes(self, moment: Kind, path: str) -> bool:
        """The kill is over before anything goes on. Requests are counted when they come."""
        plan = self._plan
        if moment is Kind.UNHEARD:
            self.requests += plan is None or plan.among in path
        if plan is None or plan.kind is not moment or self.requests < plan.number or plan.among not in path:
            return False
        self._plan = None
        os.kill(self._process, signal.SIGKILL)
        await self._died.wait()
        return True


@dataclass
class Pair:
    """Two processes side by side on one office, each with room for one mailbox. One of them is killed."""

    first: Engine
    second: Engine

    async def live(self, kill: Kill | None = None) -> bool:
        killed, _ = await asyncio.gather(self.first.live(kill), self.second.live())
        return killed

    @property
    def requests(self) -> int:
        return self.first.requests

    @property
    def office(self) -> Office:
        return self.first.office
