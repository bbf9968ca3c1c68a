"""What many mailboxes have in common: incidents, that are opened, counted and cleared by a sweep."""

from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.values import AlertId
from bot.views import IncidentRetried


class Incidents(Protocol):
    async def newest(self) -> int:
        """Grows with each failure that opens, and costs next to nothing."""
        ...

    async def gather(self, since: int | None = None) -> bool:
        """Open incidents, take in who belongs to one, let go who no longer does; whether one was opened.

        With `since`, an answer of `newest`, it looks only at causes that anything failed of after that, and
        lets nobody go: a failure that changed its cause is left to a call without.
        """
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

    async def claim_retries_of_cause(
        self, code: str, *, actor: str, now: datetime, patience: timedelta
    ) -> IncidentRetried:
        """The same for all mailboxes that fail for this cause, whether an incident tells them or not."""
        ...
