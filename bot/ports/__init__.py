"""What the use cases need from outside, as Protocols; bootstrap decides who fills each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.domain.events import Envelope, SyncFailed
from bot.domain.values import (
    AlertId,
    FailureId,
    MailboxId,
    MailboxStatus,
    Outcome,
    RetryKey,
    RetryOutcome,
    Severity,
    WatchId,
)
from bot.views import (
    EVERYTHING,
    CardModel,
    CardRef,
    ChannelCard,
    ErrorList,
    FailureGroups,
    HistoryList,
    LastGood,
    MailboxList,
    MailboxRef,
    MailboxRow,
    Narrowing,
    Overview,
    PolicyList,
    RetryStarted,
    RunDay,
    SearchResult,
    StatusCard,
)
from bot.views.audit import AuditLine, AuditPage


class Clock(Protocol):
    def now(self) -> datetime: ...


class Doorbell(Protocol):
    """Wakes the sweeps early. Ringing twice, or losing a ring, is harmless: rows are the truth."""

    def ring(self) -> None: ...


# ---- recording what engines report -------------------------------------------------------------------------


class Recorded(StrEnum):
    """What became of an event. PARKED: it waits for the mailbox or policy that it speaks of."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    PARKED = "parked"


class Recorder(Protocol):
    async def record(self, envelopes: Sequence[Envelope], now: datetime) -> list[Recorded]:
        """Apply events in order, in one transaction; the answer has one entry an event."""
        ...


# ---- reading -----------------------------------------------------------------------------------------------


class Mailboxes(Protocol):
    """Finding mailboxes."""

    async def by_address(self, address: str) -> tuple[MailboxRow, ...]:
        """All whose source or destination is `address` (lower case)."""
        ...

    async def version(self, mailbox: MailboxId) -> int:
        """Grows with each change of the mailbox; 0 where it does not exist."""
        ...

    async def closest(self, text: str, limit: int) -> tuple[MailboxRef, ...]:
        """Whose source or destination begins with `text`, contains it, or resembles it: the best first."""
        ...

    async def listed(
        self,
        *,
        status: MailboxStatus | None,
        policy: str | None,
        page: int,
        size: int,
        incident: AlertId | None = None,
    ) -> MailboxList:
        """With `incident`, those that it is about still."""
        ...

    async def search(self, text: str, *, page: int, size: int) -> SearchResult:
        """Mailboxes whose source or destination contains `text`, first those that begin with it.

        Where there are none, those that resemble it.
        """
        ...


class Details(Protocol):
    """Reading one mailbox, or all together, with subjects and senders: services redact."""

    async def status(self, mailbox: MailboxId, now: datetime) -> StatusCard | None: ...

    async def history(
        self, mailbox: MailboxId, *, page: int, size: int, outcome: Outcome | None = None
    ) -> HistoryList | None:
        """The entries, or only those that came out so; without `days`."""
        ...

    async def run_days(self, mailbox: MailboxId, *, since: date, until: date) -> tuple[RunDay, ...]:
        """Both days included, oldest first; later ones than `since` alone where runs are very many."""
        ...

    async def last_good(self, mailbox: MailboxId, now: datetime) -> LastGood | None: ...

    async def errors(
        self, mailbox: MailboxId, *, page: int, size: int, narrowing: Narrowing = EVERYTHING
    ) -> ErrorList | None:
        """What is unresolved, and by what the list can be narrowed."""
        ...

    async def dismissed(self, mailbox: MailboxId, *, page: int, size: int) -> ErrorList | None: ...

    async def overview(self, now: datetime, *, failing: int) -> Overview: ...

    async def failure_groups(self, now: datetime) -> FailureGroups: ...

    async def audit(
        self, mailbox: MailboxId | None, *, before: int | None, after: int | None, size: int
    ) -> AuditPage | None:
        """Lines before the line `before`, else after `after`, else the newest; without `mailbox`, all."""
        ...

    async def policies(self, now: datetime, *, page: int, size: int) -> PolicyList: ...


# ---- retries -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RetryTarget:
    """What to retry: `failures` of one mailbox (None: all that are open), or the mailbox as a whole.

    `narrowing`: of those, what it chooses; nothing where nothing stands for its folder any more.
    """

    mailbox: MailboxId
    failures: tuple[FailureId, ...] | None = None
    whole_mailbox: bool = False
    narrowing: Narrowing = EVERYTHING


@dataclass(frozen=True, slots=True)
class RetryRequest:
    """One retry to be sent to the engine. `item` and `service` are None for a whole mailbox."""

    key: RetryKey
    mailbox_key: str
    service: str | None
    item: str | None
    actor: str
    requested_at: datetime
    attempts: int


class Retries(Protocol):
    async def claim(
        self, target: RetryTarget, *, actor: str, now: datetime, deadline: datetime
    ) -> RetryStarted | None:
        """Claim what is open, by guarded UPDATEs. None where the mailbox does not exist."""
        ...

    async def lease_due(self, now: datetime, *, until: datetime, limit: int) -> tuple[RetryRequest, ...]:
        """Requests to send now; each stays this caller's until `until`."""
        ...

    async def sent(self, key: RetryKey, now: datetime) -> None:
        """The engine accepted the request: its answer will come as an event."""
        ...

    async def postpone(self, key: RetryKey, *, until: datetime) -> None: ...

    async def end(self, key: RetryKey, outcome: RetryOutcome, detail: str, now: datetime) -> bool:
        """End a retry that did not succeed and reopen its failure; False where it had ended already."""
        ...

    async def expired(self, now: datetime, limit: int) -> tuple[RetryKey, ...]: ...


class Engine(Protocol):
    async def request_retry(self, request: RetryRequest) -> None:
        """Ask the engine to sync the item, or the whole mailbox, now.

        Raises:
            EngineUnreachable: worth sending again, with the same key.
            EngineRefused: the engine will not do it; the text says why.
        """
        ...


# ---- open cards, and messages -----------------------------------------------------------------------------


class WatchKind(StrEnum):
    VIEW = "view"
    RESPONSE = "response"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Watch:
    """An open card of one person that follows its mailbox. `target` is a view id or a response_url.

    Or the person's Home tab, which follows them all: `digest` is that of what it shows.
    """

    id: WatchId
    kind: WatchKind
    target: str
    hash: str | None
    user: str
    ref: CardRef
    uses_left: int
    version: int
    digest: str | None = None


class Watches(Protocol):
    async def follow(
        self,
        watch: Watch,
        *,
        mailbox: MailboxId | None,
        expires_at: datetime,
        not_before: datetime | None = None,
    ) -> None:
        """Redraw once the mailbox is newer than `watch.version`; replaces an earlier watch on the target.

        Without a mailbox it is due from `not_before` on, whatever has changed.
        Of a reader's messages about one mailbox only the newest is followed: each click on a message brings
        another response_url, and two watches would draw two pages in turn.
        `watch.id` is ignored.
        """
        ...

    async def lease_due(self, now: datetime, *, until: datetime, limit: int) -> tuple[Watch, ...]: ...

    async def shown(
        self,
        watch: Watch,
        *,
        hash: str | None,  # noqa: A002 - Slack's word
        digest: str | None = None,
        not_before: datetime | None = None,
    ) -> None: ...

    async def postpone(self, watch: Watch, *, until: datetime, hash: str | None) -> None:  # noqa: A002
        """Redraw later, over `hash` (None: over whatever the view shows by then), unless followed anew."""
        ...

    async def drop(self, target: str) -> None: ...


SLOWEST_CALL = timedelta(seconds=30)
"""Every call of a Messenger ends within this: a lease that ends sooner is left to the next sweep."""


class Messenger(Protocol):
    """Slack, as far as the use cases know it.

    Raises:
        DeliveryFailed: with `retry_after` where waiting helps; MessageGone, ViewMoved.
    """

    def digest(self, card: ChannelCard) -> str:
        """Changes exactly when what people would see changes."""
        ...

    async def post_alert(self, channel: str, card: ChannelCard, mention: str | None) -> str:
        """Post and return the message's ts. `mention` is the id of a user or user group to be notified."""
        ...

    async def edit_alert(self, channel: str, ts: str, card: ChannelCard) -> None: ...

    async def replace_card(self, watch: Watch, card: CardModel) -> str | None:
        """Redraw an open card; returns the view's new hash where there is one."""
        ...


# ---- what was done, and how much waits ---------------------------------------------------------------------


class Audit(Protocol):
    async def write(
        self,
        *,
        at: datetime,
        actor: str,
        severity: Severity,
        event: str,
        message: str,
        mailbox: MailboxId | None = None,
    ) -> None: ...


class AuditTrail(Protocol):
    async def lines(
        self, mailbox: MailboxId | None, *, since: datetime | None, before: int | None, limit: int
    ) -> tuple[AuditLine, ...]:
        """The next lines before the line `before`, newest first, back to `since`."""
        ...


@dataclass(frozen=True, slots=True)
class StuckRun:
    """A run that goes on as far as anybody knows, but gives no sign of life any more."""

    mailbox_key: str
    run_key: str
    last_sign_at: datetime


class Watchdog(Protocol):
    """What nobody reports, since whoever should have is silent."""

    async def stuck(self, now: datetime, *, silent_since: datetime, limit: int) -> tuple[StuckRun, ...]:
        """Live runs whose last sign of life is older than `silent_since`, the longest silent first.

        Runs that never gave one since they began count only where the built-in engine syncs the mailbox:
        an engine outside need not report progress. A run that it works on, or that waits there, is not stuck.
        """
        ...

    async def overdue(self, now: datetime, limit: int) -> tuple[str, ...]:
        """Keys of mailboxes of active policies that are overdue, without a live run or a failed run that
        tells why, the longest overdue first.
        """
        ...

    async def end(self, run: StuckRun, ended: SyncFailed) -> None:
        """Record that it ended; the built-in engine begins a new run of that mailbox."""
        ...
