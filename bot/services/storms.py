"""Incidents: found, counted and cleared by a sweep, and retried as a whole."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.access import Asker
from bot.domain.values import AlertId, Role
from bot.errors import AlreadyRetrying, NothingToRetry, StaleButton
from bot.ports import Clock, Doorbell
from bot.ports.incidents import Incidents
from bot.services.access import Access
from bot.views import IncidentRetried

COUNTED_EVERY = timedelta(seconds=5)
"""While ten thousand mailboxes fail or heal, a message is edited no more often than Slack likes."""

GATHERED_EVERY = timedelta(seconds=1)
SURVEYED_EVERY = timedelta(seconds=30)
"""All that fails is looked at so often; in between only causes that something failed of anew."""


@dataclass(slots=True)
class Storms:
    incidents: Incidents
    access: Access
    doorbell: Doorbell
    clock: Clock
    patience: timedelta
    _counted_at: datetime | None = field(default=None, init=False)
    _gathered_at: datetime | None = field(default=None, init=False)
    _surveyed_at: datetime | None = field(default=None, init=False)
    _newest: int = field(default=0, init=False)

    async def sweep(self) -> None:
        """Safe in several replicas: rows say who belongs to what, and only one counts at a time."""
        now = self.clock.now()
        opened = await self._gather(now)
        if opened or _is_due(self._counted_at, COUNTED_EVERY, now):
            self._counted_at = now
            if await self.incidents.count(now):
                self.doorbell.ring()

    async def _gather(self, now: datetime) -> bool:
        """What opens while it looks, the next sweep sees: the newest is read before."""
        newest, since = await self.incidents.newest(), self._newest
        if _is_due(self._surveyed_at, SURVEYED_EVERY, now):
            self._newest, self._surveyed_at, self._gathered_at = newest, now, now
            return await self.incidents.gather()
        if newest == since or not _is_due(self._gathered_at, GATHERED_EVERY, now):
            return False
        self._newest, self._gathered_at = newest, now
        return await self.incidents.gather(since)

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

    async def retry_cause(self, code: str, asker: Asker) -> IncidentRetried:
        """Have all mailboxes that fail for a cause retried, as those of an incident are.

        Raises:
            NotAllowed, NothingToRetry
        """
        await self.access.require(asker, Role.OPERATOR, to="retry")
        started = await self.incidents.claim_retries_of_cause(
            code, actor=asker.user, now=self.clock.now(), patience=self.patience
        )
        if not started.claimed:
            raise NothingToRetry(
                "No mailbox waits for a retry because of that: all have healed, or are being retried already."
            )
        self._counted_at = None
        self.doorbell.ring()
        return started


def _is_due(last: datetime | None, every: timedelta, now: datetime) -> bool:
    return last is None or now >= last + every
