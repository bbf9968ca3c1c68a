"""What an engine reports, built in or outside: facts about policies, mailboxes, runs and items.

Keys are the engine's own opaque ids. All times are aware and in UTC.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.values import Frequency, RunKind, ServiceCounts, Trigger


@dataclass(frozen=True, slots=True)
class PolicyUpserted:
    at: datetime
    policy: str
    name: str
    description: str
    active: bool
    services: tuple[str, ...]
    frequency: Frequency
    deletion_delay_days: int


@dataclass(frozen=True, slots=True)
class MailboxUpserted:
    at: datetime
    mailbox: str
    source: str
    destination: str
    policy: str
    next_sync_at: datetime | None


@dataclass(frozen=True, slots=True)
class SyncStarted:
    at: datetime
    mailbox: str
    run: str
    kind: RunKind
    trigger: Trigger
    retry_id: str | None = None


@dataclass(frozen=True, slots=True)
class SyncProgress:
    at: datetime
    mailbox: str
    run: str
    done: int
    total: int | None
    services: tuple[ServiceCounts, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemFailed:
    """`attempts` counts this run's tries. `retry_at` says when the engine tries again by itself."""

    at: datetime
    mailbox: str
    service: str
    item: str
    code: str
    message: str
    folder: str | None = None
    subject: str | None = None
    sender: str | None = None
    received_at: datetime | None = None
    size: int | None = None
    attempts: int = 1
    retry_at: datetime | None = None
    run: str | None = None
    retry_id: str | None = None


@dataclass(frozen=True, slots=True)
class ItemSynced:
    at: datetime
    mailbox: str
    service: str
    item: str
    run: str | None = None
    retry_id: str | None = None


@dataclass(frozen=True, slots=True)
class SyncCompleted:
    """`still_failing` lists items that failed before, were not tried again by this run, and still fail."""

    at: datetime
    mailbox: str
    run: str
    services: tuple[ServiceCounts, ...]
    kind: RunKind | None = None
    started_at: datetime | None = None
    next_sync_at: datetime | None = None
    still_failing: tuple[str, ...] = ()
    retry_id: str | None = None


@dataclass(frozen=True, slots=True)
class SyncFailed:
    at: datetime
    mailbox: str
    run: str
    code: str
    message: str
    services: tuple[ServiceCounts, ...] = ()
    kind: RunKind | None = None
    started_at: datetime | None = None
    next_sync_at: datetime | None = None
    retry_id: str | None = None


Event = (
    PolicyUpserted
    | MailboxUpserted
    | SyncStarted
    | SyncProgress
    | ItemFailed
    | ItemSynced
    | SyncCompleted
    | SyncFailed
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event with the identity that makes it idempotent: `id` is unique for its `source`."""

    source: str
    id: str
    event: Event
