"""What is shown of mailboxes. `subject` and `sender` are None where the reader may not see them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.values import (
    AlertId,
    Delta,
    FailureId,
    FailureState,
    MailboxId,
    MailboxStatus,
    Outcome,
    RetryOutcome,
    RunStatus,
    ServiceCounts,
    Stage,
)
from bot.views.audit import AuditPage
from bot.views.history import HistoryEntry, HistoryList, LastGood
from bot.views.narrowing import EVERYTHING, Choices, ErrorOrder, Narrowing
from bot.views.paging import Page
from bot.views.policies import PolicyBadge, PolicyList
from bot.views.refs import MailboxRef
from bot.views.routing import Muted
from bot.views.under_way import NOTHING, UnderWay


@dataclass(frozen=True, slots=True)
class FailureLine:
    """One unresolved failure: a failed item, or a failed run (`item` is None).

    `heals_by_itself` is true for a transient cause; `retry_at` says when the engine tries again, if it does.
    `escalate` is true once the failure came back, or its retries failed, three times (domain rule 3.11).
    """

    id: FailureId
    mailbox: MailboxRef
    item: str | None
    service: str | None
    folder: str | None
    subject: str | None
    sender: str | None
    received_at: datetime | None
    size: int | None
    code: str
    cause: str
    remedy: str
    message: str
    heals_by_itself: bool
    attempts: int
    first_at: datetime
    last_at: datetime
    retry_at: datetime | None
    state: FailureState
    escalate: bool
    retrying_by: str | None = None
    retrying_since: datetime | None = None
    last_retry: RetryOutcome | None = None
    last_retry_detail: str | None = None
    dismissed_by: str | None = None
    """Set where somebody accepted the loss, with when and why."""
    dismissed_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class StatusCard:
    mailbox: MailboxRef
    status: MailboxStatus
    stage: Stage
    delta: Delta | None
    policy: PolicyBadge
    latest_sync_at: datetime | None
    next_sync_at: datetime | None
    overdue: bool
    open_failures: int
    """Unresolved failures, those being retried included."""
    retrying: int
    escalate: bool
    """Whether any unresolved failure has come back, or resisted retries, often enough to call support."""
    run_failure: FailureLine | None
    """The failure of the newest run as a whole, if there is one."""
    activity: tuple[ServiceCounts, ...]
    """Per service, of the newest run that has any counts."""
    activity_status: RunStatus | None
    history: tuple[HistoryEntry, ...]
    history_total: int
    as_of: datetime
    may_act: bool
    syncing_requested: bool = False
    support_contact: str | None = None
    muted: Muted | None = None
    under_way: UnderWay = NOTHING

    @property
    def progress(self) -> tuple[int, int | None] | None:
        """(done, total) of the live run, once it told."""
        live = self.under_way.run
        return (live.done, live.total) if live and live.done is not None else None


@dataclass(frozen=True, slots=True)
class FailingMailbox:
    mailbox: MailboxRef
    status: MailboxStatus
    open_failures: int
    code: str
    cause: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """The dashboard. The `by_…` count mailboxes; `bytes` is all data synced so far."""

    mailboxes: int
    by_status: dict[MailboxStatus, int]
    by_stage: dict[Stage, int]
    by_delta: dict[Delta, int]
    overdue: int
    bytes: int
    changes_24h: int
    newest_success_at: datetime | None
    oldest_success_at: datetime | None
    open_failures: int
    failing_total: int
    """Mailboxes with unresolved failures."""
    failing: tuple[FailingMailbox, ...]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class MailboxRow:
    mailbox: MailboxRef
    status: MailboxStatus
    policy: str
    latest_sync_at: datetime | None
    open_failures: int


@dataclass(frozen=True, slots=True)
class MailboxList:
    rows: tuple[MailboxRow, ...]
    page: Page
    status: MailboxStatus | None = None
    policy: str | None = None
    as_of: datetime | None = None
    cause: str | None = None
    """Set where these are the mailboxes of one incident."""


@dataclass(frozen=True, slots=True)
class ErrorList:
    """Unresolved failures of one mailbox, as they were chosen; or those that were dismissed, newest first."""

    mailbox: MailboxRef
    lines: tuple[FailureLine, ...]
    page: Page
    may_act: bool
    retryable: int
    """How many of all (not only this page) are open, that is not being retried already."""
    support_contact: str | None = None
    is_dismissed: bool = False
    """Whether these are the dismissed ones."""
    dismissed: int = 0
    """How many there are of those, whichever are listed."""
    choices: Choices | None = None
    """By what the list may be narrowed. None for those that were dismissed."""
    next_sync_at: datetime | None = None
    """None where none is scheduled."""
    under_way: UnderWay = NOTHING

    @property
    def unresolved(self) -> int:
        """All of them, whichever are listed."""
        return self.choices.unresolved if self.choices else self.page.total

    @property
    def is_whole(self) -> bool:
        return self.choices is None or self.choices.is_whole


@dataclass(frozen=True, slots=True)
class CauseGroup:
    code: str
    cause: str
    remedy: str
    heals_by_itself: bool
    failures: int
    mailboxes: int
    examples: tuple[MailboxRef, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class FailureGroups:
    groups: tuple[CauseGroup, ...]
    failures: int
    mailboxes: int
    as_of: datetime


@dataclass(frozen=True, slots=True)
class SearchResult:
    query: str
    rows: tuple[MailboxRow, ...]
    page: Page
    more: bool = False
    """Whether there are more than are listed on all pages."""
    is_close: bool = False
    """Whether no address contains what was looked for, and these only resemble it."""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """No mailbox has the address that was typed; these are the closest."""

    typed: str
    closest: tuple[MailboxRef, ...]
    purpose: str = "status"
    """The command to run for the one that is chosen."""


@dataclass(frozen=True, slots=True)
class Choice:
    """More than one mailbox answers to what was asked."""

    typed: str
    matches: tuple[MailboxRow, ...]
    purpose: str = "status"


@dataclass(frozen=True, slots=True)
class RetryStarted:
    """What the one who asked reads at once."""

    mailbox: MailboxRef
    batch: str
    claimed: int
    already_retrying: int
    whole_mailbox: bool = False


class CardKind(StrEnum):
    STATUS = "status"
    OVERVIEW = "overview"
    LIST = "list"
    HISTORY = "history"
    LAST_GOOD = "last good"
    ERRORS = "errors"
    FAILURES = "failures"
    SEARCH = "search"
    AUDIT = "audit"
    POLICIES = "policies"


@dataclass(frozen=True, slots=True)
class CardRef:
    """Names a card so that it can be loaded again: to refresh, to turn its page, to follow its changes."""

    kind: CardKind
    mailbox: MailboxId | None = None
    page: int = 1
    status: MailboxStatus | None = None
    policy: str | None = None
    query: str | None = None
    entry: str | None = None
    """The key of the history entry whose details are open, where the surface has no collapsible blocks."""
    incident: AlertId | None = None
    """Lists the mailboxes that this incident is about still."""
    dismissed: bool = False
    """Lists the failures that were dismissed, where it would list those that are not resolved."""
    before: int | None = None
    """Lists what is older than this line of the audit log; or, with `after`, what is newer."""
    after: int | None = None
    outcome: Outcome | None = None
    """Lists the history entries that came out so."""
    code: str | None = None
    """Lists the failures of this cause; with `folder`, those of the folder in which this failure is."""
    folder: FailureId | None = None
    order: ErrorOrder | None = None

    @property
    def narrowing(self) -> Narrowing:
        return Narrowing(self.code, self.folder, self.order or EVERYTHING.order)


CardModel = (
    StatusCard
    | Overview
    | MailboxList
    | HistoryList
    | LastGood
    | ErrorList
    | FailureGroups
    | SearchResult
    | Suggestions
    | Choice
    | AuditPage
    | PolicyList
)
