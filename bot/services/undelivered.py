"""Tells the admins that messages cannot be delivered to a channel until somebody acts."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.errors import DeliveryFailed
from bot.ports import Clock
from bot.ports.delivery import Admins, Channels, Letters, Outage

REMINDED_EVERY = timedelta(days=1)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Alarm:
    channels: Channels
    letters: Letters
    admins: Admins
    clock: Clock
    _paused: dict[str, datetime] = field(default_factory=dict, init=False)
    """Until when Slack takes nothing more for a person."""

    async def raise_over(self, outage: Outage) -> None:
        """One replica tells. Where nobody could be told, the next failed attempt tries again."""
        if outage.told_at or not await self.channels.claim_telling(outage.channel, self.clock.now()):
            return
        await self._tell_admins(outage)

    async def raise_over_refusal(self, outage: Outage) -> None:
        """Only some messages are refused: however many they are, the admins are told once a day."""
        now = self.clock.now()
        if await self.channels.claim_telling_of_refusal(outage.channel, now, again=REMINDED_EVERY):
            await self._tell_admins(outage)

    async def _tell_admins(self, outage: Outage) -> None:
        told = [await self._tell(user, outage) for user in sorted(await self.admins.people())]
        if not any(told):
            _log.error("no admin could be told", channel=outage.channel, reason=outage.reason)
            await self.channels.untold(outage.channel)

    async def _tell(self, user: str, outage: Outage) -> bool:
        now = self.clock.now()
        if self._paused.get(user, now) > now:
            return False
        try:
            await self.letters.tell(user, outage)
        except DeliveryFailed as failure:
            self._paused[user] = now + timedelta(seconds=failure.retry_after or 0)
            _log.warning("admin could not be told", user=user, reason=failure.reason)
            return False
        return True
