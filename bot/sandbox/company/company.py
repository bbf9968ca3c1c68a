"""The engine outside of the demo: its world, its runs, its history, its line to the bot."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from random import Random

import aiohttp
from aiohttp import web

from bot.sandbox.company.agenda import Agenda
from bot.sandbox.company.causes import OF_ITEMS
from bot.sandbox.company.founding import fail_message, found
from bot.sandbox.company.history import History
from bot.sandbox.company.outbox import Outbox
from bot.sandbox.company.reports import Reporter
from bot.sandbox.company.runs import Pace, Runs
from bot.sandbox.company.world import Condition, Item, Mailbox

SOURCE = "https://engine.northwind.example/continuity"
_BEAT = 0.1
"""Seconds between two looks at the agenda."""

FASTEST = 100_000.0


def real_time() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - this program has its own clock


class Unknown(LookupError):
    """What was asked for does not exist here."""


class Company:
    """Runs by itself between `start` and `stop`; without them, `tick` does what is due."""

    def __init__(  # noqa: PLR0913 - the settings of a whole program
        self,
        *,
        bot_url: str,
        events_secret: str,
        requests_secret: str,
        port: int = 0,
        speed: float = 30,
        seed: int = 1,
        trouble: float = 0.03,
        now: Callable[[], datetime] = real_time,
    ) -> None:
        self.requests_secret = requests_secret
        self.now = now
        self.chance = Random(seed)
        self.pace = Pace(checked_speed(speed))
        self.agenda = Agenda()
        self.outbox = Outbox(bot_url, events_secret, now)
        self._port = port
        self._tasks: list[asyncio.Task[None]] = []
        self._runner: web.AppRunner | None = None
        self.url = ""
        self._found(trouble)

    def _found(self, trouble: float) -> None:
        at = self.now()
        past: list[dict[str, object]] = []
        self.world = found(at, self.chance)
        epoch = f"{at:%Y%m%d%H%M%S}"
        self._reporter = Reporter(self.outbox.put, SOURCE, epoch)
        history = History(self.world, Reporter(past.append, SOURCE, f"{epoch}-past"), at, self.chance)
        self.runs = Runs(self.world, self.agenda, self._reporter, self.now, self.chance, self.pace, trouble)
        history.tell()
        self._resume(history.start_initial(f"run-{epoch}-initial"))
        for event in sorted(past, key=lambda each: str(each["time"])):
            self.outbox.put(event)
        self._plan_all(at)

    def _resume(self, mailbox: Mailbox) -> None:
        if mailbox.run:
            self.runs.work_on(mailbox, mailbox.run)

    def _plan_all(self, at: datetime) -> None:
        for mailbox in self.world.mailboxes.values():
            self.runs.plan(mailbox, at + self.pace.interval(mailbox) * self.chance.uniform(0.1, 1.0))
            self._reporter.mailbox(mailbox, at)
        for mailbox, item in self.world.messages():
            if item.condition.heals_at:
                self.runs.expect_healing(mailbox, item, item.condition.heals_at)

    # ---- running -------------------------------------------------------------------------------------------

    def tick(self) -> int:
        """Do what is due by now; returns how many steps that were."""
        return self.agenda.run_due(self.now())

    async def start(self) -> None:
        from bot.sandbox.company.server import application  # noqa: PLC0415 - the server knows the company

        self._runner = web.AppRunner(application(self), access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._tasks = [asyncio.create_task(self._live()), asyncio.create_task(self._deliver())]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if self._runner:
            await self._runner.cleanup()

    async def _live(self) -> None:
        while True:
            self.tick()
            await asyncio.sleep(_BEAT)

    async def _deliver(self) -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                if not await self.outbox.deliver(session):
                    await asyncio.sleep(_BEAT)

    # ---- changing the world --------------------------------------------------------------------------------

    def condition(self, identity: str) -> Condition:
        found_one = self.world.conditions.get(identity)
        if not found_one:
            raise Unknown(f"There is no condition {identity[:80]!r}.")
        return found_one

    def mailbox(self, key: str) -> Mailbox:
        found_one = self.world.mailboxes.get(key)
        if not found_one:
            raise Unknown(f"There is no mailbox {key[:80]!r}.")
        return found_one

    def resolve(self, identity: str) -> Condition:
        """The cause is gone; what failed because of it heals at its next run or retry."""
        condition = self.condition(identity)
        condition.active = False
        return condition

    def restore(self, identity: str) -> Condition:
        """The cause is back until it is resolved; messages that had healed fail again at the next run."""
        condition = self.condition(identity)
        condition.active, condition.heals_at = True, None
        for _, item in self.world.messages():
            if item.condition is condition and not item.failing:
                item.failing, item.reported = True, False
        return condition

    def fail_now(self, mailbox: Mailbox, cause: str) -> Item:
        if cause not in OF_ITEMS:
            raise Unknown(f"There is no cause {cause[:80]!r}; known are {', '.join(OF_ITEMS)}.")
        item = fail_message(self.world, mailbox, cause, self.now(), self.chance)
        self.runs.report_failed(mailbox, item, {})
        return item

    def set_speed(self, speed: float) -> None:
        self.pace.speed = checked_speed(speed)
        at = self.now()
        for mailbox in self.world.mailboxes.values():
            self.runs.plan(mailbox, at + self.pace.interval(mailbox) * self.chance.uniform(0.1, 1.0))
            self._reporter.mailbox(mailbox, at)


def checked_speed(speed: float) -> float:
    if not 1 <= speed <= FASTEST:
        raise ValueError(f"The speed must lie between 1 and {FASTEST:g}.")
    return speed
