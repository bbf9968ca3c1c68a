"""Until when connections' credentials hold, and the alerts about those that soon do not."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.expiring import Expiry


class Credentials(Protocol):
    async def expiries(self) -> tuple[Expiry, ...]:
        """One for each connection, but for those whose credential cannot be read just now."""
        ...


class ExpiryAlerts(Protocol):
    async def settle(self, expiries: Sequence[Expiry], now: datetime) -> bool:
        """Open, raise and end alerts as bot.domain.expiring says; whether anything changed.

        What is not among `expiries` stays as it is, unless its connection is gone.
        """
        ...
