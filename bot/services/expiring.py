"""Has credentials that run out told in time."""

from dataclasses import dataclass

from bot.ports import Clock, Doorbell
from bot.ports.credentials import Credentials, ExpiryAlerts


@dataclass(frozen=True, slots=True)
class Expiring:
    credentials: Credentials
    alerts: ExpiryAlerts
    doorbell: Doorbell
    clock: Clock

    async def sweep(self) -> None:
        """Safe in several replicas: rows say what is told already."""
        if await self.alerts.settle(await self.credentials.expiries(), self.clock.now()):
            self.doorbell.ring()
