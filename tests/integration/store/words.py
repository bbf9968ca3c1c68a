"""Short words for what engines report, and the adapters under test."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Select, text

from bot.domain.events import (
    Envelope,
    Event,
    ItemFailed,
    ItemSynced,
    MailboxUpserted,
    PolicyUpserted,
    SyncCompleted,
    SyncFailed,
    SyncStarted,
)
from bot.domain.routing import Subscription
from bot.domain.values import FailureId, Frequency, MailboxId, RunKind, ServiceCounts, Trigger, Unit
from bot.ports import Recorded, RetryTarget
from bot.ports.delivery import AlertDelivery, Room
from bot.store import (
    Database,
    SqlAlertMessages,
    SqlAlerts,
    SqlDetails,
    SqlMailboxes,
    SqlRecorder,
    SqlRetries,
    SqlSubscriptions,
)
from bot.views import ErrorList, HistoryList, RetryStarted, StatusCard

T0 = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def policy(
    minute: float = 0, *, key: str = "gold", active: bool = True, name: str = "Gold"
) -> PolicyUpserted:
    return PolicyUpserted(at(minute), key, name, "", active, ("email",), Frequency(1, Unit.HOUR), 30)


def mailbox(minute: float = 0, *, key: str = "m1", source: str = "", under: str = "gold") -> MailboxUpserted:
    address = source or f"{key}@old.example"
    return MailboxUpserted(at(minute), key, address, address.replace("old", "new"), under, None)


def started(minute: float, run: str, *, retry_id: str | None = None, of: str = "m1") -> SyncStarted:
    return SyncStarted(at(minute), of, run, RunKind.DELTA, Trigger.SCHEDULE, retry_id)


def item_failed(minute: float, item: str = "i1", **more: object) -> ItemFailed:
    base: dict[str, Any] = {"mailbox": "m1", "service": "email", "code": "dest_too_large", "message": "413"}
    return ItemFailed(at=at(minute), item=item, **(base | more))


def item_synced(
    minute: float, item: str = "i1", *, retry_id: str | None = None, of: str = "m1"
) -> ItemSynced:
    return ItemSynced(at(minute), of, "email", item, None, retry_id)


def email(changes: int = 1, failed: int = 0, size: int = 100) -> tuple[ServiceCounts, ...]:
    return (ServiceCounts("email", changes, size, failed),)


def completed(minute: float, run: str, **more: object) -> SyncCompleted:
    base: dict[str, Any] = {"mailbox": "m1", "services": email()}
    return SyncCompleted(at=at(minute), run=run, **(base | more))


def sync_failed(minute: float, run: str, **more: object) -> SyncFailed:
    base: dict[str, Any] = {"mailbox": "m1", "code": "source_auth", "message": "AADSTS7000222"}
    return SyncFailed(at=at(minute), run=run, **(base | more))


@dataclass
class Store:
    """The adapters under test, and shorthands."""

    database: Database
    ids: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        self.recorder = SqlRecorder(self.database)
        self.details = SqlDetails(self.database)
        self.mailboxes = SqlMailboxes(self.database)
        self.retries = SqlRetries(self.database)
        self.alerts = SqlAlerts(self.database)
        self.alert_messages = SqlAlertMessages(self.database)
        self.subscriptions = SqlSubscriptions(self.database)

    def envelopes(self, events: Sequence[Event]) -> list[Envelope]:
        return [Envelope("test", f"e{next(self.ids)}", event) for event in events]

    async def record(self, *events: Event, now: datetime = T0) -> list[Recorded]:
        return await self.recorder.record(self.envelopes(events), now)

    async def mailbox_id(self, key: str = "m1") -> MailboxId:
        found = await self.mailboxes.by_address(f"{key}@old.example")
        return found[0].mailbox.id

    async def card(self, now: datetime = T0, key: str = "m1") -> StatusCard:
        card = await self.details.status(await self.mailbox_id(key), now)
        assert card is not None
        return card

    async def errors(self, *, page: int = 1, size: int = 100) -> ErrorList:
        found = await self.details.errors(await self.mailbox_id(), page=page, size=size)
        assert found is not None
        return found

    async def history(self, *, page: int = 1, size: int = 100) -> HistoryList:
        found = await self.details.history(await self.mailbox_id(), page=page, size=size)
        assert found is not None
        return found

    async def retry(
        self,
        minute: float = 0,
        *,
        actor: str = "U1",
        failures: tuple[FailureId, ...] | None = None,
        whole_mailbox: bool = False,
    ) -> RetryStarted:
        """Retry all that is open, unless told otherwise; the deadline is ten minutes later."""
        chosen = RetryTarget(await self.mailbox_id(), failures, whole_mailbox)
        begun = await self.retries.claim(chosen, actor=actor, now=at(minute), deadline=at(minute + 10))
        assert begun is not None
        return begun

    async def retry_key(self, minute: float) -> str:
        """The id of the one retry that is to be sent."""
        (request,) = await self.retries.lease_due(at(minute), until=at(minute + 1), limit=10)
        await self.retries.sent(request.key, at(minute))
        return request.key

    async def wanted_by(self, *channels: str) -> None:
        """From now on exactly these channels get all alerts."""
        known = {each.channel for each in await self.subscriptions.all()}
        for channel in known - set(channels):
            await self.subscriptions.remove(channel, by="U1", now=T0)
        for channel in set(channels) - known:
            await self.subscriptions.save(Subscription(channel), by="U1", now=T0)

    async def due(self, minute: float) -> tuple[AlertDelivery, ...]:
        """What a sweep takes, for a minute."""
        while await self.alerts.route(500):
            pass
        return await self.alerts.lease_due((), at(minute), until=at(minute + 1), room=Room(50, 50))

    async def rows(self, query: str | Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
        statement = text(query) if isinstance(query, str) else query
        found = await self.database.read(lambda c: c.execute(statement).mappings().all())
        return [dict(row) for row in found]

    async def audit(self) -> list[tuple[str, str, str]]:
        rows = await self.rows("SELECT event, severity, actor FROM audit ORDER BY id")
        return [(row["event"], row["severity"], row["actor"]) for row in rows]
