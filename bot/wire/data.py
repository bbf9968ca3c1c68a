"""The `data` of each type of event, and the domain event that it becomes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.domain import events
from bot.domain.values import Frequency, RunKind, ServiceCounts, Trigger, Unit
from bot.wire.fields import (
    MOST_SERVICES,
    MOST_STILL_FAILING,
    Address,
    Code,
    Count,
    Key,
    Line,
    MailTime,
    Message,
    Service,
    Timestamp,
)

Kind = Literal["initial", "delta"]


class Strict(BaseModel):
    """Unknown fields are refused: a misspelt optional field would otherwise be lost in silence."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Data(Strict):
    """What an event says; each type has its own."""

    def event(self, at: datetime) -> events.Event:
        raise NotImplementedError


class FrequencyData(Strict):
    every: int = Field(ge=1, le=1000, description="How many units lie between two runs")
    unit: Literal["hour", "day", "week"]

    def value(self) -> Frequency:
        return Frequency(self.every, Unit(self.unit))


class ServiceCountsData(Strict):
    service: Service
    changes: Count = Field(default=0, description="Messages added or removed, labels moved, flags changed")
    bytes: Count = Field(default=0, description="Bytes written to the destination")
    failed: Count = Field(default=0, description="Items that could not be synced")

    def value(self) -> ServiceCounts:
        return ServiceCounts(self.service, self.changes, self.bytes, self.failed)


def _each_service_once(rows: list[ServiceCountsData]) -> list[ServiceCountsData]:
    if len({row.service for row in rows}) < len(rows):
        raise ValueError("must name each service once")
    return rows


Services = Annotated[
    list[ServiceCountsData],
    Field(max_length=MOST_SERVICES, description="One entry a service; each service at most once"),
    AfterValidator(_each_service_once),
]


def _counts(rows: list[ServiceCountsData]) -> tuple[ServiceCounts, ...]:
    return tuple(row.value() for row in rows)


def _kind(kind: Kind | None) -> RunKind | None:
    return RunKind(kind) if kind else None


class PolicyUpsertedData(Data):
    policy: Key = Field(description="The engine's id of the policy")
    name: Line
    description: Line = ""
    active: bool = Field(default=True, description="An inactive policy schedules no runs")
    services: list[Service] = Field(default=["email"], min_length=1, max_length=MOST_SERVICES)
    frequency: FrequencyData
    deletion_delay_days: int = Field(default=0, ge=0, le=36_500, description="Shown, never acted upon")

    def event(self, at: datetime) -> events.PolicyUpserted:
        return events.PolicyUpserted(
            at=at,
            policy=self.policy,
            name=self.name or self.policy,
            description=self.description,
            active=self.active,
            services=tuple(dict.fromkeys(self.services)),
            frequency=self.frequency.value(),
            deletion_delay_days=self.deletion_delay_days,
        )


class MailboxUpsertedData(Data):
    mailbox: Key = Field(description="The engine's id of the mailbox; all other events name it")
    source: Address = Field(description="The Microsoft 365 address")
    destination: Address = Field(description="The Google Workspace address")
    policy: Key
    next_sync_at: Timestamp | None = None

    def event(self, at: datetime) -> events.MailboxUpserted:
        return events.MailboxUpserted(
            at, self.mailbox, self.source, self.destination, self.policy, self.next_sync_at
        )


class SyncStartedData(Data):
    mailbox: Key
    run: Key = Field(description="The engine's id of the run, unique for the engine")
    kind: Kind = Field(
        description="`initial`: the first one, of the last 30 days; `delta`: what changed since"
    )
    trigger: Literal["schedule", "manual"] = "schedule"
    retry_id: Key | None = Field(default=None, description="Of the `sync.requested` that asked for it")

    def event(self, at: datetime) -> events.SyncStarted:
        return events.SyncStarted(
            at, self.mailbox, self.run, RunKind(self.kind), Trigger(self.trigger), self.retry_id
        )


class SyncProgressData(Data):
    mailbox: Key
    run: Key
    done: Count = Field(description="Items done so far")
    total: Count | None = Field(default=None, description="Items in all, where it is known")
    services: Services = []

    def event(self, at: datetime) -> events.SyncProgress:
        return events.SyncProgress(at, self.mailbox, self.run, self.done, self.total, _counts(self.services))


class ItemFailedData(Data):
    """What identifies the item is reported with its failure: later the item may be gone."""

    mailbox: Key
    service: Service
    item: Key = Field(description="The engine's id of the item; a retry names it")
    code: Code = Field(description="From the failure catalogue; another code is shown as an unknown cause")
    message: Message = Field(default="", description="Cut off after 4,000 characters")
    folder: Line | None = Field(default=None, description="Cut off after 500 characters, as the next two")
    subject: Line | None = None
    sender: Line | None = None
    received_at: MailTime = Field(default=None, description="Absurd times count as unknown")
    size: Count | None = Field(default=None, description="Bytes")
    attempts: Count = Field(default=1, description="Tries in this run")
    retry_at: Timestamp | None = Field(default=None, description="When the engine tries again by itself")
    run: Key | None = None
    retry_id: Key | None = Field(default=None, description="Of the `retry.requested` that this answers")

    def event(self, at: datetime) -> events.ItemFailed:
        return events.ItemFailed(at=at, **dict(self))


class ItemSyncedData(Data):
    mailbox: Key
    service: Service
    item: Key
    run: Key | None = None
    retry_id: Key | None = Field(default=None, description="Of the `retry.requested` that this answers")

    def event(self, at: datetime) -> events.ItemSynced:
        return events.ItemSynced(at, self.mailbox, self.service, self.item, self.run, self.retry_id)


class SyncCompletedData(Data):
    """A success resolves every open failure of the services it names, except those reported as failing."""

    mailbox: Key
    run: Key
    services: Services = Field(description="Counts by service; empty: all services, nothing to change")
    kind: Kind | None = None
    started_at: Timestamp | None = Field(default=None, description="Where `sync.started` was not sent")
    next_sync_at: Timestamp | None = None
    still_failing: list[Key] = Field(
        default=[],
        max_length=MOST_STILL_FAILING,
        description="Items that failed before, were not tried again by this run, and still fail",
    )
    retry_id: Key | None = None

    def event(self, at: datetime) -> events.SyncCompleted:
        return events.SyncCompleted(
            at=at,
            mailbox=self.mailbox,
            run=self.run,
            services=_counts(self.services),
            kind=_kind(self.kind),
            started_at=self.started_at,
            next_sync_at=self.next_sync_at,
            still_failing=tuple(dict.fromkeys(self.still_failing)),
            retry_id=self.retry_id,
        )


class SyncFailedData(Data):
    """The run could not do its work: credentials, a missing mailbox. It is itself a failure."""

    mailbox: Key
    run: Key
    code: Code
    message: Message = ""
    services: Services = []
    kind: Kind | None = None
    started_at: Timestamp | None = None
    next_sync_at: Timestamp | None = None
    retry_id: Key | None = None

    def event(self, at: datetime) -> events.SyncFailed:
        return events.SyncFailed(
            at=at,
            mailbox=self.mailbox,
            run=self.run,
            code=self.code,
            message=self.message,
            services=_counts(self.services),
            kind=_kind(self.kind),
            started_at=self.started_at,
            next_sync_at=self.next_sync_at,
            retry_id=self.retry_id,
        )
