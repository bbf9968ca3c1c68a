"""The office as a whole: both stand-ins, the staff, what is wrong, and the life that goes on."""

import asyncio
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from random import Random

from aiohttp import web

from bot.sandbox.gmail import GmailStandIn
from bot.sandbox.gmail.server import machine_time
from bot.sandbox.graph import GraphStandIn, Knobs
from bot.sandbox.office.ailments import found
from bot.sandbox.office.life import EVERY_SECONDS, Life
from bot.sandbox.office.papers import CLIENTS, TENANTS, Papers
from bot.sandbox.office.staff import Staff
from bot.sandbox.office.troubles import Trouble

FASTEST = 100_000.0


class Office:
    """Lives between `start` and `stop`; `folder` is where it puts the tenant file and the secrets.

    Another `seed` is other mail. Ids are others at each start, since a syncbot that keeps its database would
    otherwise take new messages for old ones.
    """

    def __init__(self, folder: Path, *, port: int = 0, seed: int = 1, speed: float = 60) -> None:
        self.papers = Papers(folder)
        self.graph = GraphStandIn(now=machine_time, knobs=Knobs(seed=int(machine_time().timestamp())))
        self.gmail = GmailStandIn()
        self.url = ""
        self._port = port
        self._pause_s = EVERY_SECONDS / checked_speed(speed)
        chance = Random(seed)
        self.staff = Staff(self.graph, self.gmail, chance)
        self.troubles = self._troubles()
        self.life = Life(self.staff, chance, frozenset(each.message for each in self.troubles.values()))
        self._running = AsyncExitStack()

    def _troubles(self) -> dict[str, Trouble]:
        add_app = self.graph.world.add_app
        northwind = add_app(TENANTS[0], CLIENTS[0], secret=self.papers.new_northwind())
        fabrikam = add_app(TENANTS[1], CLIENTS[1], secret=self.papers.renew_fabrikam())
        made = found(self.staff, self.papers, northwind, fabrikam)
        return {trouble.key: trouble for trouble in made}

    async def start(self) -> None:
        from bot.sandbox.office.server import application  # noqa: PLC0415 - the server knows the office

        for standin in (self.graph, self.gmail):
            await standin.start()
            self._running.push_async_callback(standin.stop)
        self.papers.write_key(self.gmail.key())
        self.papers.write_tenant()
        runner = web.AppRunner(application(self), access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        self._running.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", self._port).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        living = asyncio.create_task(self._live())
        self._running.push_async_callback(_ended, living)

    async def stop(self) -> None:
        await self._running.aclose()

    async def _live(self) -> None:
        while True:
            await asyncio.sleep(self._pause_s)
            self.life.happen()


def checked_speed(speed: float) -> float:
    if not 1 <= speed <= FASTEST:
        raise ValueError(f"The speed must lie between 1 and {FASTEST:g}.")
    return speed


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
