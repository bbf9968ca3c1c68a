"""What many mailboxes have in common: incidents, that are opened, counted and cleared by a sweep."""

from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.values import AlertId
from bot.views import IncidentRetried


class Incidents(Protocol):
    async def gather(self) -> bool:
        """Open incidents, take in who belongs to one, let go who no longer does; whether one was opened."""
        ...

    async def count(self, now: datetime) -> bool:
        """Bring the counts up to date, and clear what nobody has any more; whether anything changed."""
        ...

    async def claim_retries(
        self, incident: AlertId, *, actor: str, now: datetime, patience: timedelta
    ) -> IncidentRetried | None:
        """Claim one retry a mailbox, to be sent one after another; None where it is not open.

        An engine may take `patience` for its answer, counted from when it is asked.
        """
        ...
