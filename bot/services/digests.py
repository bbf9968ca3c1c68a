"""Has each channel told of its day or week, once. The reconciler delivers it, as it delivers alerts."""

from dataclasses import dataclass, replace
from datetime import time

import structlog

from bot.domain.digests import Period, due, newest_period
from bot.domain.routing import Subscription
from bot.domain.wishes import Cadence, DigestPlan
from bot.ports import Clock, Doorbell
from bot.ports.alerts import Subscriptions
from bot.ports.digests import Digests
from bot.views import DigestCard

USUAL = DigestPlan(Cadence.DAILY, "UTC", time(9))
"""What a channel without a digest is shown, should somebody ask."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DigestDesk:
    subscriptions: Subscriptions
    digests: Digests
    doorbell: Doorbell
    clock: Clock

    async def sweep(self) -> None:
        """Safe in several replicas: of each period one is begun, whoever counts it."""
        told, now = await self.digests.told(), self.clock.now()
        for to in await self.subscriptions.all():
            period = due(to.digest, now, told=told.get(to.channel), since=to.at) if to.digest else None
            if period:
                await self._begin(to, period)

    async def preview(self, channel: str) -> DigestCard:
        """What the next digest of the channel would say, had it to be posted now."""
        to = await self.subscriptions.of(channel) or Subscription(channel)
        plan, now = to.digest or USUAL, self.clock.now()
        so_far = Period(newest_period(plan, now).ends_at, now)
        return replace(await self.digests.counted(plan, to.filter, so_far, now), is_preview=True)

    async def _begin(self, to: Subscription, period: Period) -> None:
        """What cannot be counted for one channel keeps no other waiting; the next sweep tries again."""
        now = self.clock.now()
        try:
            card = await self.digests.counted(to.digest or USUAL, to.filter, period, now)
            if await self.digests.begin(to.channel, card, now):
                self.doorbell.ring()
        except Exception:  # noqa: BLE001 - see above
            _log.exception("a digest could not be made", channel=to.channel)
