"""What was done, and what nobody reports."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.events import SyncFailed
from bot.domain.values import MailboxId, Severity
from bot.views.audit import AuditLine


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
