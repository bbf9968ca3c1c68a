"""What channels are told: everybody there reads it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.values import AlertId, MailboxStatus
from bot.views.mailboxes import FailureLine, MailboxRef


@dataclass(frozen=True, slots=True)
class IncidentRef:
    """The incident that tells an alert."""

    id: AlertId
    cause: str


@dataclass(frozen=True, slots=True)
class Muted:
    """Who wants to hear nothing new of it, and why. `until` is None where it has no end."""

    what: str
    """`mailbox`, or the name of what else is muted, as in `policy Staff`."""
    by: str
    until: datetime | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Handled:
    """What people did about an alert as a whole."""

    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    snoozed_by: str | None = None
    snoozed_until: datetime | None = None
    muted: Muted | None = None


@dataclass(frozen=True, slots=True)
class AlertCard:
    """The living message about a mailbox in a channel. Never carries subjects or senders.

    `lines` are the first open failures; `open_failures` counts all. `cleared_at` is set once none is left.
    """

    id: AlertId
    mailbox: MailboxRef
    policy: str
    status: MailboxStatus
    opened_at: datetime
    cleared_at: datetime | None
    lines: tuple[FailureLine, ...]
    open_failures: int
    retrying: int
    resolved: int
    """Failures of this alert that were resolved since it was opened."""
    next_sync_at: datetime | None
    resolved_by: tuple[str, ...] = ()
    """Who healed them: Slack user ids, and System for runs."""
    support_contact: str | None = None
    part_of: IncidentRef | None = None
    """Set while incidents tell all of its failures."""
    handled: Handled = Handled()
    dismissed: int = 0
    """Failures of this alert whose loss somebody accepted, and who."""
    dismissed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IncidentCard:
    """The living message about the same failure of many mailboxes. Counts are of mailboxes.

    `mailboxes` are all that had it since it began; `failing` those that have it still, `retrying` of them are
    being retried; those that were `dismissed` had it dismissed, and all others healed.
    """

    id: AlertId
    code: str
    cause: str
    remedy: str
    connection: str | None
    opened_at: datetime
    cleared_at: datetime | None
    mailboxes: int
    failing: int
    retrying: int
    dismissed: int
    heals_by_itself: bool
    synced_within: timedelta | None
    """How long it takes until each of them was tried again by a sync; None where none is scheduled, or
    syncs do not try it again.
    """
    first: tuple[MailboxRef, ...]
    """Those that have failed for longest."""
    retried_at_once: int
    """How many at most one click retries."""
    support_contact: str | None = None

    @property
    def healed(self) -> int:
        return self.mailboxes - self.failing - self.dismissed


ChannelCard = AlertCard | IncidentCard
"""What a message in a channel shows."""


@dataclass(frozen=True, slots=True)
class IncidentRetried:
    """What one click on an incident's Retry began. Counts are of mailboxes."""

    cause: str
    claimed: int
    waiting: int
    """Those that were not being retried before the click: more than `claimed` where there was a cap."""
    last_at: datetime | None
    """When the last of them is sent to the engine: they go one after another."""
