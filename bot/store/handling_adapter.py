"""The ports Handling and ToHandle, filled by SQL."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.values import AlertId, FailureId, MailboxId
from bot.store import handled, handling
from bot.store.database import Database
from bot.store.handling import Doing
from bot.views import AlertState, Dismissable


@dataclass(frozen=True, slots=True)
class SqlHandling:
    database: Database

    async def acknowledge(self, alert: AlertId, *, seen: int, by: str, now: datetime) -> bool:
        return await self.database.write(handling.acknowledge, alert, seen, Doing(by, now))

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


@dataclass(frozen=True, slots=True)
class SqlToHandle:
    database: Database

    async def state(self, alert: AlertId) -> AlertState | None:
        return await self.database.read(handled.state, alert)

    async def dismissable(self, mailbox: MailboxId, limit: int) -> Dismissable | None:
        return await self.database.read(handled.dismissable, mailbox, limit)

    async def unresolved(self, mailbox: MailboxId, upto: FailureId) -> tuple[FailureId, ...]:
        return await self.database.read(handled.unresolved, mailbox, upto)
