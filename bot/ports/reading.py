"""Reading mailboxes for cards."""

from datetime import date, datetime
from typing import Protocol

from bot.domain.values import AlertId, MailboxId, MailboxStatus, Outcome
from bot.views import (
    EVERYTHING,
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
    RunDay,
    SearchResult,
    StatusCard,
)
from bot.views.audit import AuditPage


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
