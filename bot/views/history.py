"""What happened to one mailbox: its runs, what people did, and where its failures began."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from bot.domain.values import Outcome, RunKind, RunStatus, ServiceCounts, Trigger
from bot.views.audit import AuditLine
from bot.views.paging import Page
from bot.views.refs import MailboxRef

LISTED: Final = 10_000
"""Entries of a history that are counted and listed: of more than that nobody turns the pages."""


@dataclass(frozen=True, slots=True)
class RunEntry:
    """One run in the history. `actor` is a Slack user id or System.

    `code` and `message` only when failed, with the `cause` that the code stands for.
    """

    key: str
    kind: RunKind
    trigger: Trigger
    actor: str
    status: RunStatus
    started_at: datetime
    finished_at: datetime | None
    services: tuple[ServiceCounts, ...]
    code: str | None = None
    message: str | None = None
    done: int | None = None
    total: int | None = None
    cause: str = ""

    @property
    def changes(self) -> int:
        return sum(s.changes for s in self.services)

    @property
    def failed(self) -> int:
        return sum(s.failed for s in self.services)


@dataclass(frozen=True, slots=True)
class RetryEntry:
    """One request to retry items in the history, with how its items ended so far."""

    key: str
    actor: str
    started_at: datetime
    finished_at: datetime | None
    requested: int
    succeeded: int
    failed: int
    unanswered: int
    """Refused by the engine, or without an answer in time."""
    details: tuple[str, ...] = ()
    """Why items did not succeed, deduplicated, newest first."""

    @property
    def pending(self) -> int:
        return self.requested - self.succeeded - self.failed - self.unanswered


@dataclass(frozen=True, slots=True)
class DismissalEntry:
    """Failures that one person dismissed at once in the history, but for those restored or synced since."""

    key: str
    actor: str
    started_at: datetime
    dismissed: int
    codes: tuple[str, ...]
    reason: str


HistoryEntry = RunEntry | RetryEntry | DismissalEntry


@dataclass(frozen=True, slots=True)
class RunDay:
    """One day, in UTC: how many runs that began on it came out how, and what they changed in all."""

    day: date
    runs: dict[Outcome, int] = field(default_factory=dict)
    changes: int = 0


@dataclass(frozen=True, slots=True)
class HistoryList:
    """`outcome`: only entries that came out so are listed. `is_cut`: there are more than LISTED of them."""

    mailbox: MailboxRef
    entries: tuple[HistoryEntry, ...]
    page: Page
    outcome: Outcome | None = None
    is_cut: bool = False
    days: tuple[RunDay, ...] = ()
    """The last days, today included; none where another page than the first is shown."""


@dataclass(frozen=True, slots=True)
class FirstFailure:
    """What failed first, and how that is mended. `is_item`: one item did, and not a run as a whole."""

    code: str
    cause: str
    remedy: str
    at: datetime
    is_item: bool


@dataclass(frozen=True, slots=True)
class LastGood:
    """Where a mailbox's failures began: docs/discussions/history.md says what counts as that.

    `began_at` is None while nothing fails: `good` then is the newest good run of all.
    """

    mailbox: MailboxRef
    good: RunEntry | None
    as_of: datetime
    began_at: datetime | None = None
    run: RunEntry | None = None
    """The first run after the good one that failed, or had failed items."""
    first: FirstFailure | None = None
    oldest_at: datetime | None = None
    """When the oldest run began that is still kept; None without any."""
    is_whole: bool = False
    """Whether the history still goes back to the first run of all."""
    deeds: tuple[AuditLine, ...] = ()
    """What was done around then, newest first, but for what runs did."""
    has_more_deeds: bool = False
