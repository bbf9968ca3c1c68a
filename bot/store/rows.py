"""Database rows as the frozen views that leave the store."""

from typing import Any

from sqlalchemy import ColumnElement, and_, not_

from bot.domain.catalogue import cause_of
from bot.domain.retrying import should_escalate
from bot.domain.status import RunFacts, mailbox_status
from bot.domain.values import FailureState, Frequency, MailboxStatus, RunStatus
from bot.store.columns import AnyRow
from bot.store.tables import failure, mailbox, policy
from bot.views import FailureLine, MailboxRef, MailboxRow, Page, PolicyBadge

REF = (mailbox.c.id, mailbox.c.source, mailbox.c.destination)
FACTS = (mailbox.c.live_run_id, mailbox.c.newest_status, mailbox.c.initial_done)
MAILBOX_ROW = (*REF, *FACTS, mailbox.c.latest_sync_at, mailbox.c.open_failures, policy.c.name.label("policy"))

LINE = tuple(
    failure.c[name]
    for name in (
        "id",
        "mailbox_id",
        "service",
        "item",
        "folder",
        "subject",
        "sender",
        "received_at",
        "size",
        "code",
        "message",
        "attempts",
        "first_at",
        "last_at",
        "retry_at",
        "state",
        "returns",
        "failed_retries",
        "retrying_by",
        "retrying_since",
        "last_retry",
        "last_retry_detail",
        "resolved_by",
        "resolved_at",
        "reason",
    )
)

_LIVE = mailbox.c.live_run_id.is_not(None)
_FINISHED = mailbox.c.newest_status.is_not(None)
STATUS_IS: dict[MailboxStatus, ColumnElement[bool]] = {
    MailboxStatus.IN_PROGRESS: _LIVE,
    MailboxStatus.NEVER_SYNCED: and_(not_(_LIVE), not_(_FINISHED)),
    MailboxStatus.SYNCED: and_(not_(_LIVE), mailbox.c.newest_status == RunStatus.SUCCEEDED),
    MailboxStatus.FAILED: and_(not_(_LIVE), mailbox.c.newest_status == RunStatus.FAILED),
}
"""What the domain decides for one mailbox, as conditions for many."""


def mailbox_ref(row: AnyRow) -> MailboxRef:
    return MailboxRef(row.id, row.source, row.destination)


def run_facts(row: AnyRow) -> RunFacts:
    return RunFacts(row.live_run_id is not None, row.newest_status, row.initial_done)


def mailbox_row(row: AnyRow) -> MailboxRow:
    status = mailbox_status(run_facts(row))
    return MailboxRow(mailbox_ref(row), status, row.policy, row.latest_sync_at, row.open_failures)


def policy_badge(row: AnyRow) -> PolicyBadge:
    return PolicyBadge(row.name, row.active, Frequency(row.every, row.unit), row.deletion_delay_days)


def failure_line(row: AnyRow, ref: MailboxRef) -> FailureLine:
    known = cause_of(row.code)
    return FailureLine(
        id=row.id,
        mailbox=ref,
        item=row.item or None,
        service=row.service or None,
        folder=row.folder,
        subject=row.subject,
        sender=row.sender,
        received_at=row.received_at,
        size=row.size,
        code=row.code,
        cause=known.cause,
        remedy=known.remedy,
        message=row.message,
        heals_by_itself=known.heals_by_itself,
        attempts=row.attempts,
        first_at=row.first_at,
        last_at=row.last_at,
        retry_at=row.retry_at,
        state=row.state,
        escalate=should_escalate(row.returns, row.failed_retries),
        retrying_by=row.retrying_by,
        retrying_since=row.retrying_since,
        last_retry=row.last_retry,
        last_retry_detail=row.last_retry_detail,
        **(_dismissed(row) if row.state is FailureState.DISMISSED else {}),
    )


def _dismissed(row: AnyRow) -> dict[str, Any]:
    return {"dismissed_by": row.resolved_by, "dismissed_at": row.resolved_at, "reason": row.reason}


def clamped(number: int, size: int, total: int) -> Page:
    """The page that was asked for, or the last one where there are fewer."""
    page = Page(1, max(1, size), total)
    return Page(min(max(1, number), page.count), page.size, total)


def offset(page: Page) -> dict[str, int]:
    """The bind parameters that cut a page out of a list."""
    return {"limit": page.size, "offset": (page.number - 1) * page.size}
