"""The built-in engine of this process at work on the stand-ins, as `syncbot run` puts it together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, Select, func, or_, select

from bot.bootstrap.engine import built_in_engine
from bot.clock import SystemClock
from bot.config import Settings
from bot.engine.built_in import BuiltInEngine
from bot.store import Database, SqlTenancy
from bot.store.engine_tables import mail_item, mail_sync
from bot.tenant.plan import planned
from bot.tenant.wanted import Tenant
from tests.bench.stand_ins import StandIns

PLENTY = 1_000_000_000
"""Units of quota that nobody uses up."""

_KNOWN = select(func.count()).select_from(mail_item)
_DONE = _KNOWN.where(mail_item.c.state == "done")
_TRIED_AGAIN = select(func.count()).where(or_(mail_item.c.attempts > 1, mail_item.c.code.is_not(None)))
_PAUSES = select(func.coalesce(func.sum(mail_sync.c.pauses), 0))
_LISTED = select(func.count()).where(mail_sync.c.listed)


@dataclass(slots=True)
class Ends:
    """Counts what the engine has ended, which it rings for."""

    ended: int = 0
    _rung: asyncio.Event = field(default_factory=asyncio.Event)

    def ring(self) -> None:
        self.ended += 1
        self._rung.set()

    async def reach(self, count: int) -> None:
        while self.ended < count:
            self._rung.clear()
            await self._rung.wait()


@dataclass(frozen=True, slots=True)
class Syncing:
    """An engine with all mailboxes of the stand-ins due, of which a sweep takes `at_once`."""

    engine: BuiltInEngine
    database: Database
    ends: Ends
    at_once: int

    async def sync_next(self) -> None:
        """The next `at_once` mailboxes, from the claim to the end of their runs."""
        wanted = self.ends.ended + self.at_once
        await self.engine.sweep()
        await self.ends.reach(wanted)

    async def known(self) -> int:
        """Messages that were listed."""
        return await self.database.read(_sum, _KNOWN)

    async def done(self) -> int:
        """Messages that have arrived."""
        return await self.database.read(_sum, _DONE)

    async def listed(self) -> int:
        """Mailboxes whose run has listed everything."""
        return await self.database.read(_sum, _LISTED)

    async def setbacks(self) -> int:
        """Messages that were tried more than once, and runs that had to wait: as after a refusal."""
        return await self.database.read(_sum, _TRIED_AGAIN, _PAUSES)

    async def until_moving(self) -> None:
        """Every mailbox is listed, and as many messages as there are mailboxes have arrived."""
        while await self.listed() < self.at_once or await self.done() < self.at_once:  # noqa: ASYNC110
            await asyncio.sleep(0.2)  # the journal rings no bell


def _sum(connection: Connection, *counts: Select[int]) -> int:
    return sum(int(connection.execute(each).scalar_one()) for each in counts)


@asynccontextmanager
async def syncing(folder: Path, at: StandIns, *, at_once: int) -> AsyncIterator[Syncing]:
    settings = _settings(folder, at, at_once)
    database, ends, clock = Database(settings.database_url), Ends(), SystemClock()
    try:
        await database.migrate()
        await _apply(database, at.tenant, clock)
        async with built_in_engine(settings, database, ends, clock) as engine:
            yield Syncing(engine, database, ends, at_once)
    finally:
        await database.close()


def _settings(folder: Path, at: StandIns, at_once: int) -> Settings:
    documented = Settings.model_fields
    user, project = (documented[name].default for name in ("gmail_units_per_user", "gmail_units_per_project"))
    return Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder}/engine.db",
        graph_url=at.graph_url,
        microsoft_login_url=at.login_url,
        gmail_url=at.gmail_url,
        mailboxes_at_once=at_once,
        gmail_units_per_user=user if at.load.limited else PLENTY,
        gmail_units_per_project=project if at.load.limited else PLENTY,
    )


async def _apply(database: Database, wanted: Tenant, clock: SystemClock) -> None:
    tenancy = SqlTenancy(database)
    plan = planned(await tenancy.held(), wanted)
    long_ago = clock.now() - timedelta(hours=1)  # first runs are spread over less: by now all are due
    await tenancy.carry_out(wanted, plan, now=long_ago, actor="bench")
