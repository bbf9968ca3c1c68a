"""What everybody's Home shows alike, read once for all who look at it."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.domain.values import Role
from bot.ports import Clock, Details
from bot.ports.home import HomeRecords, Scopes
from bot.services.access import Access
from bot.services.health import Health
from bot.views import Overview
from bot.views.health import HealthCard
from bot.views.home import HomeFacts, SetUp, Step

DAYS = 14
"""How far the trend goes back, today included."""

CAUSES = 5
"""How many causes the Home tab names mailboxes of: at 100,000 mailboxes nobody reads them all."""


@dataclass(slots=True)
class Snapshots:
    details: Details
    records: HomeRecords
    health: Health
    scopes: Scopes
    access: Access
    clock: Clock
    _newest: HomeFacts | None = field(default=None, init=False)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def newest(self, *, at_most: timedelta) -> HomeFacts:
        """Younger than `at_most`. Of many who ask at once, one reads."""
        async with self._reading:
            if self._newest is None or self.clock.now() - self._newest.overview.as_of >= at_most:
                self._newest = await self._read(self.clock.now())
            return self._newest

    async def _read(self, now: datetime) -> HomeFacts:
        overview, causes = await self.details.overview(now, failing=0), await self.details.failure_groups(now)
        named = [mailbox.id for group in causes.groups[:CAUSES] for mailbox in group.examples]
        first = now.astimezone(UTC).date() - timedelta(days=DAYS - 1)
        codes = [group.code for group in causes.groups[:CAUSES]]
        record = await self.records.read(now, since=first, mailboxes=named, causes=codes)
        health = await self.health.card()
        return HomeFacts(
            overview=overview,
            causes=causes,
            retryable=record.retryable,
            waiting=record.waiting,
            running=record.running,
            running_total=record.running_total,
            retrying=record.retrying,
            retrying_total=record.retrying_total,
            days=record.days,
            health=health,
            steps=await self._steps(overview, health),
        )

    async def _steps(self, overview: Overview, health: HealthCard) -> tuple[Step, ...]:
        lacking = await self.scopes.lacking()
        scopes = () if lacking is None else (Step(SetUp.SCOPES, not lacking, lacking),)
        return (
            *scopes,
            Step(SetUp.MAILBOXES, overview.mailboxes > 0),
            Step(SetUp.FIRST_SYNC, overview.newest_success_at is not None),
            Step(SetUp.CHANNEL, any(each.is_subscribed for each in health.channels)),
            await self._roles(),
        )

    async def _roles(self) -> Step:
        """An admin, and somebody besides who sees failures or mends them."""
        holders = (await self.access.grants()).holders
        admins = holders.get(Role.ADMIN, frozenset())
        others = [who for role in (Role.OPERATOR, Role.VIEWER) for who in holders.get(role, ())]
        lacking = (*(() if admins else ("an admin",)), *(() if others else ("an operator or a viewer",)))
        return Step(SetUp.ROLES, not lacking, lacking)
