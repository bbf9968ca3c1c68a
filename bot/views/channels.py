"""What channels are told: everybody there reads it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.values import AlertId, Credential, Ending, MailboxStatus, Step
from bot.views.digests import DigestCard
from bot.views.mailboxes import FailureLine
from bot.views.refs import MailboxRef
from bot.views.routing import Muted
from bot.views.under_way import NOTHING, UnderWay


@dataclass(frozen=True, slots=True)
class IncidentRef:
    """The incident that tells an alert."""

    id: AlertId
    cause: str


@dataclass(frozen=True, slots=True)
class Handled:
    """What people did about an alert as a whole."""

    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    snoozed_by: str | None = None
    snoozed_until: datetime | None = None
    muted: Muted | None = None
    new_since: int = 0
    """Failures, or mailboxes of an incident, that came after what was acknowledged."""


@dataclass(frozen=True, slots=True)
class Dismissal:
    """Failures of an alert whose loss one person accepted for one reason."""

    by: str
    count: int
    reason: str


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
    dismissals: tuple[Dismissal, ...] = ()
    escalate: bool = False
    """Whether any unresolved failure has come back, or resisted retries, often enough to call support."""
    under_way: UnderWay = NOTHING
    """A sync that somebody asked for, and the newest retry of several items since the alert was opened."""

    @property
    def dismissed(self) -> int:
        return sum(each.count for each in self.dismissals)

    @property
    def ever(self) -> int:
        """All failures that it has been about so far."""
        return self.open_failures + self.resolved + self.dismissed


@dataclass(frozen=True, slots=True)
class Expired:
    """A credential that has expired; `is_declared`: so the tenant file says, which may be out of date."""

    credential: Credential
    at: datetime
    is_declared: bool


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
    handled: Handled = Handled()
    expired: Expired | None = None
    """The connection's credential, where that is why."""

    @property
    def healed(self) -> int:
        return self.mailboxes - self.failing - self.dismissed


@dataclass(frozen=True, slots=True)
class CredentialCard:
    """The message about a connection's credential that expires soon, or has expired: one for each `step`."""

    id: AlertId
    connection: str
    credential: Credential
    expires_at: datetime
    is_declared: bool
    step: Step
    opened_at: datetime
    cleared_at: datetime | None
    ending: Ending | None
    """Set with `cleared_at`."""
    mailboxes: int
    """How many cannot be synced without it."""
    part_of: IncidentRef | None = None
    """Set while an incident tells that it has expired."""
    support_contact: str | None = None


ChannelCard = AlertCard | IncidentCard | CredentialCard | DigestCard
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
