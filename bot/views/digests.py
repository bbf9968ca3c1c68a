"""What a channel reads of a day or a week: counts alone, no subject, no sender, no address."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.values import AlertId


@dataclass(frozen=True, slots=True)
class DigestCause:
    """What fails still, and what to do about it."""

    code: str
    cause: str
    remedy: str
    heals_by_itself: bool
    failures: int
    mailboxes: int


@dataclass(frozen=True, slots=True)
class DigestPart:
    """A part of the period, until the next one begins."""

    begins_at: datetime
    changes: int = 0
    failed: int = 0
    healed: int = 0


@dataclass(frozen=True, slots=True)
class DigestCard:
    """What happened from `begins_at` until `ends_at`, and how things stood when it was counted.

    Times are shown by the clock of `zone`. `mailboxes` are those of active policies that the channel's filter
    takes; `causes` are the most frequent ones.
    """

    id: AlertId
    zone: str
    is_weekly: bool
    begins_at: datetime
    ends_at: datetime
    counted_at: datetime
    is_late: bool
    is_filtered: bool
    mailboxes: int
    synced: int
    """Mailboxes that had a success."""
    changes: int
    failed: int
    failed_mailboxes: int
    healed_by_itself: int
    healed_by_click: int
    dismissed: int
    unresolved: int
    unresolved_mailboxes: int
    never_synced: int
    oldest_success_at: datetime | None
    causes: tuple[DigestCause, ...]
    more_causes: int
    parts: tuple[DigestPart, ...]
    is_preview: bool = False
    cleared_at: datetime | None = None
    """Set once a newer one took its place."""
    support_contact: str | None = None
