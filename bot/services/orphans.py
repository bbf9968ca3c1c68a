"""Repairs a message that was posted though nobody read the answer: from the first click on it."""

from dataclasses import dataclass

import structlog

from bot.domain.values import AlertId
from bot.errors import DeliveryFailed
from bot.ports import Doorbell
from bot.ports.delivery import Clicked, Letters

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Orphans:
    clicked: Clicked
    letters: Letters
    doorbell: Doorbell

    async def repair(self, alert: AlertId, channel: str, ts: str) -> None:
        """Adopt it where its alert has no message there, else have it point to the one that is kept up."""
        orphan = await self.clicked.adopt(alert, channel, ts)
        if orphan is None:
            self.doorbell.ring()
            return
        try:
            await self.letters.point_to_living(orphan)
        except DeliveryFailed as failure:
            _log.info("orphan left as it is", channel=channel, alert=alert, reason=failure.reason)
