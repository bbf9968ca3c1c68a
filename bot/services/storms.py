"""Incidents: found, counted and cleared by a sweep, and retried as a whole."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.access import Asker
from bot.domain.values import AlertId, Role
from bot.errors import AlreadyRetrying, StaleButton
from bot.ports import Clock, Doorbell
from bot.ports.incidents import Incidents
from bot.services.access import Access
from bot.views import IncidentRetried

COUNTED_EVERY = timedelta(seconds=5)
"""While ten thousand mailboxes fail or heal, a message is edited no more often than Slack likes."""


@dataclass(slots=True)
class Storms:
    incidents: Incidents
    access: Access
    doorbell: Doorbell
    clock: Clock
    patience: timedelta
    _counted_at: datetime | None = field(default=None, init=False)

    async def sweep(self) -> None:
        """Safe in several replicas: rows say who belongs to what, and only one counts at a time."""
        opened = await self.incidents.gather()
        now = self.clock.now()
        if opened or self._counted_at is None or now >= self._counted_at + COUNTED_EVERY:
            self._counted_at = now
            if await self.incidents.count(now):
                self.doorbell.ring()

    async def retry(self, incident: AlertId, asker: Asker) -> IncidentRetried:
        """Have its mailboxes retried, one after another, as many as one click may.

        Raises:
            NotAllowed, StaleButton, AlreadyRetrying
        """
        await self.access.require(asker, Role.OPERATOR, to="retry")
        now = self.clock.now()
        started = await self.incidents.claim_retries(
            incident, actor=asker.user, now=now, patience=self.patience
        )
        if started is None:
            raise StaleButton("This incident is over, so there is nothing to retry.")
        if not started.claimed:
            raise AlreadyRetrying(
                "All its mailboxes are being retried already. The message shows how far it is."
            )
        self._counted_at = None
        self.doorbell.ring()
        return started
