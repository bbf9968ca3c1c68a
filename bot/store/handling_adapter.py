"""The port Handling, filled by SQL."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.values import AlertId, FailureId
from bot.store import handling
from bot.store.database import Database
from bot.store.handling import Doing


@dataclass(frozen=True, slots=True)
class SqlHandling:
    database: Database

    async def acknowledge(self, alert: AlertId, *, by: str, now: datetime) -> bool:
        return await self.database.write(handling.acknowledge, alert, Doing(by, now))

    async def unacknowledge(self, alert: AlertId, *, by: str, now: datetime) -> bool:
        return await self.database.write(handling.unacknowledge, alert, Doing(by, now))

    async def snooze(self, alert: AlertId, *, until: datetime | None, by: str, now: datetime) -> bool:
        if until is None:
            return await self.database.write(handling.wake, alert, Doing(by, now))
        return await self.database.write(handling.snooze, alert, until, Doing(by, now))

    async def wake_due(self, now: datetime) -> bool:
        if not await self.database.read(handling.is_wake_due, now):
            return False
        return await self.database.write(handling.wake_due, now)

    async def dismiss(
        self, failures: Sequence[FailureId], *, reason: str, by: str, now: datetime
    ) -> Collection[FailureId]:
        return await self.database.write(handling.dismiss, failures, Doing(by, now, reason))

    async def restore(
        self, failures: Sequence[FailureId], *, by: str, now: datetime
    ) -> Collection[FailureId]:
        return await self.database.write(handling.restore, failures, Doing(by, now))
