"""Recording, incidents and the reconciler of one bot, on a clock that the bench sets, and Slack too."""

import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from bot.bootstrap.alerting import Alerting
from bot.services.access import Access
from bot.services.admins import GrantedAdmins
from bot.services.alerts import Reconciler
from bot.services.recording import Recording
from bot.services.storms import Storms
from bot.slack.client import SlackClient, web_client
from bot.slack.directory import SlackDirectory
from bot.slack.messenger import SlackMessenger
from bot.store import Database, SqlAudit, SqlGrantBook, SqlRecorder
from tests.bench.alerts import settings_for
from tests.bench.measuring import cpu_seconds
from tests.bench.slack_process import BOT_TOKEN, Slack
from tests.bench.troubled import Crowd

BATCH = 200
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
_BEHIND = "SELECT 1 FROM alert WHERE dirty LIMIT 1"


@dataclass(slots=True)
class Clock:
    at: datetime = START

    def now(self) -> datetime:
        return self.at


@dataclass(slots=True)
class Bell:
    rings: int = 0

    def ring(self) -> None:
        self.rings += 1


@dataclass(slots=True)
class Course:
    """Recording and sweeps are real work, timed by the true clock. In between the bench's clock moves on by a
    second, so that hours pass in minutes. `recorded` and `slowest` are seconds, of all batches and of the
    longest sweep; `cpu` is what the sweeps took.
    """

    database: Database
    recording: Recording
    storms: Storms
    reconciler: Reconciler
    bell: Bell
    clock: Clock
    at: Slack
    recorded: float = 0.0
    cpu: float = 0.0
    slowest: float = 0.0

    async def begin(self, crowd: Crowd) -> None:
        await self.recording.record(crowd.founding())
        await self._pass_second()

    async def fail(self, crowd: Crowd, items: int, lasts: timedelta) -> None:
        """Every mailbox fails once, then every mailbox once more, and so on."""
        total, began = crowd.mailboxes * items, self.clock.at
        for first in range(0, total, BATCH):
            failures = [
                crowd.failed(number % crowd.mailboxes, self.clock.at, number // crowd.mailboxes)
                for number in range(first, first + BATCH)
            ]
            self.recorded += await _timed(self.recording.record(failures))
            while self.clock.at < began + lasts * ((first + BATCH) / total):
                await self._pass_second()

    async def settle(self, patience: timedelta) -> None:
        """Until every channel shows what the rows say."""
        until = self.clock.at + patience
        while await self.database.read(lambda connection: connection.exec_driver_sql(_BEHIND).first()):
            assert self.clock.at < until, "it does not come to rest"
            await self._pass_second()

    async def _pass_second(self) -> None:
        cpu = cpu_seconds()
        self.slowest = max(self.slowest, await _timed(self._sweep()))
        self.cpu += cpu_seconds() - cpu
        self.clock.at += SECOND
        await self.at.set_clock(self.clock.at.timestamp())

    async def _sweep(self) -> None:
        """As the queue does it: at each tick, and again as often as the bell rings."""
        rung = -1
        while rung != self.bell.rings:
            rung = self.bell.rings
            await self.storms.sweep()
            await self.reconciler.sweep()


async def _timed(work: Awaitable[object]) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


@asynccontextmanager
async def course(folder: Path, at: Slack) -> AsyncIterator[Course]:
    settings, clock, bell = settings_for(at, folder), Clock(), Bell()
    database, web = Database(settings.database_url), web_client(at.api_url, BOT_TOKEN)
    directory = SlackDirectory(web, clock.now)
    await at.set_clock(clock.at.timestamp())
    async with aiohttp.ClientSession() as http:
        messenger = SlackMessenger(SlackClient(web, http), settings.slack_safe_blocks)
        alerting = Alerting(settings, database, messenger, bell, clock)
        kept = SqlAudit(database), clock, SqlGrantBook(database)
        access = Access(settings.grants, settings.subjects_for, directory, *kept)
        yield Course(
            database,
            Recording(SqlRecorder(database), bell, clock),
            alerting.storms(access),
            alerting.reconciler(GrantedAdmins(access.grants, directory)),
            bell,
            clock,
            at,
        )
    await database.close()
