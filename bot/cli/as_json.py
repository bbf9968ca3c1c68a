"""What the commands found as JSON. The keys are documented in docs/reference/cli.md, and stay."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.cli.findings import Audited, Finding, Followed, Refusal, Undecided, Written
from bot.domain.values import ServiceCounts
from bot.ports.batches import BatchProgress
from bot.views import (
    Choice,
    DismissalEntry,
    ErrorList,
    FailingMailbox,
    FailureLine,
    HistoryEntry,
    HistoryList,
    MailboxList,
    MailboxRef,
    MailboxRow,
    Overview,
    Page,
    PolicyBadge,
    RetryEntry,
    RunEntry,
    StatusCard,
    Suggestions,
)
from bot.views.audit import AuditLine

Document = dict[str, Any]


def text(finding: Finding | Refusal) -> str:
    """One document. All characters are ASCII, so that no terminal or pipe alters or obeys any."""
    return json.dumps(document(finding), indent=2)


def document(finding: Finding | Refusal) -> Document:
    writers: Mapping[type, Callable[[Any], Document]] = _WRITERS
    return writers[type(finding)](finding)


def _status(card: StatusCard) -> Document:
    done, total = card.progress or (None, None)
    return {
        "mailbox": _mailbox(card.mailbox),
        "status": card.status,
        "stage": card.stage,
        "delta": card.delta,
        "policy": _policy(card.policy),
        "latest_sync_at": _time(card.latest_sync_at),
        "next_sync_at": _time(card.next_sync_at),
        "overdue": card.overdue,
        "sync_requested": card.syncing_requested,
        "progress": {"done": done, "total": total} if card.progress else None,
        "failures": card.open_failures,
        "retrying": card.retrying,
        "run_failure": card.run_failure and _failure(card.run_failure),
        "escalate": card.escalate,
        "support_contact": card.support_contact,
        "activity": [_service(counts) for counts in card.activity],
        "activity_status": card.activity_status,
        "history": [_entry(entry) for entry in card.history],
        "history_total": card.history_total,
        "as_of": _time(card.as_of),
    }


def _overview(card: Overview) -> Document:
    return {
        "mailboxes": card.mailboxes,
        "by_status": _counted(card.by_status),
        "by_stage": _counted(card.by_stage),
        "by_delta": _counted(card.by_delta),
        "overdue": card.overdue,
        "bytes": card.bytes,
        "changes_24h": card.changes_24h,
        "newest_success_at": _time(card.newest_success_at),
        "oldest_success_at": _time(card.oldest_success_at),
        "failures": card.open_failures,
        "failing_total": card.failing_total,
        "failing": [_failing(mailbox) for mailbox in card.failing],
        "as_of": _time(card.as_of),
    }


def _list(listed: MailboxList) -> Document:
    return {
        "mailboxes": [_row(row) for row in listed.rows],
        "page": _page(listed.page),
        "filter": {"status": listed.status, "policy": listed.policy},
        "as_of": _time(listed.as_of),
    }


def _history(listed: HistoryList) -> Document:
    return {
        "mailbox": _mailbox(listed.mailbox),
        "history": [_entry(entry) for entry in listed.entries],
        "history_total": listed.page.total,
        "has_more": listed.is_cut,
    }


def _errors(errors: ErrorList) -> Document:
    return {
        "mailbox": _mailbox(errors.mailbox),
        "errors": [_failure(line) for line in errors.lines],
        "failures": errors.page.total,
        "retryable": errors.retryable,
        "support_contact": errors.support_contact,
    }


def _audited(found: Audited) -> Document:
    return {"audit": [_audit_line(line) for line in found.lines]}


def _audit_line(line: AuditLine) -> Document:
    return {
        "id": line.id,
        "at": _time(line.at),
        "actor": line.actor,
        "severity": line.severity,
        "event": line.event,
        "message": line.message,
        "via": line.via,
        "channel": line.channel,
        "message_ts": line.message_ts,
    }


def _suggestions(found: Suggestions) -> Document:
    closest = [_mailbox(mailbox) for mailbox in found.closest]
    return _error("unknown_mailbox", f"No mailbox has the address {found.typed}.") | {"closest": closest}


def _choice(found: Choice) -> Document:
    sentence = f"{len(found.matches)} mailboxes have the address {found.typed}."
    return _error("several_mailboxes", sentence) | {"mailboxes": [_row(row) for row in found.matches]}


def _undecided(found: Undecided) -> Document:
    sentence = f"{found.errors.page.total} items fail: name some with --item, or all with --all."
    return _error("several_items", sentence) | _errors(found.errors)


def _refusal(refusal: Refusal) -> Document:
    return _error(refusal.code, refusal.sentence)


def _followed(followed: Followed) -> Document:
    started, progress = followed.started, followed.progress
    return {
        "mailbox": _mailbox(started.mailbox),
        "request": started.batch,
        "state": state(progress),
        "requested": started.claimed,
        "already_retrying": started.already_retrying,
        "no_longer_failing": list(followed.gone),
        "succeeded": progress.succeeded if progress else None,
        "failed": progress.failed if progress else None,
        "unanswered": progress.unanswered if progress else None,
        "deadline": _time(progress.deadline) if progress else None,
        "interrupted": followed.interrupted,
    }


def state(progress: BatchProgress | None) -> str:
    """`ended`, `sent` to the engine, `trying` to reach it, `waiting` for a bot, or `unknown`."""
    if progress is None:
        return "unknown"
    if progress.has_ended:
        return "ended"
    if progress.is_sent:
        return "sent"
    return "trying" if progress.is_taken_up else "waiting"


def _mailbox(mailbox: MailboxRef) -> Document:
    return {"id": mailbox.id, "source": mailbox.source, "destination": mailbox.destination}


def _row(row: MailboxRow) -> Document:
    return {
        "mailbox": _mailbox(row.mailbox),
        "status": row.status,
        "policy": row.policy,
        "latest_sync_at": _time(row.latest_sync_at),
        "failures": row.open_failures,
    }


def _failing(failing: FailingMailbox) -> Document:
    return {
        "mailbox": _mailbox(failing.mailbox),
        "status": failing.status,
        "failures": failing.open_failures,
        "code": failing.code,
        "cause": failing.cause,
        "since": _time(failing.since),
    }


def _policy(policy: PolicyBadge) -> Document:
    return {
        "name": policy.name,
        "active": policy.active,
        "every": policy.frequency.every,
        "unit": policy.frequency.unit,
        "deletion_delay_days": policy.deletion_delay_days,
    }


def _service(counts: ServiceCounts) -> Document:
    return {
        "service": counts.service,
        "changes": counts.changes,
        "bytes": counts.bytes,
        "failed": counts.failed,
    }


def _entry(entry: HistoryEntry) -> Document:
    if isinstance(entry, DismissalEntry):
        return _dismissal_entry(entry)
    return _retry_entry(entry) if isinstance(entry, RetryEntry) else _run_entry(entry)


def _run_entry(entry: RunEntry) -> Document:
    return {
        "type": "run",
        "key": entry.key,
        "kind": entry.kind,
        "trigger": entry.trigger,
        "actor": entry.actor,
        "status": entry.status,
        "started_at": _time(entry.started_at),
        "finished_at": _time(entry.finished_at),
        "changes": entry.changes,
        "failed": entry.failed,
        "services": [_service(counts) for counts in entry.services],
        "code": entry.code,
        "message": entry.message,
    }


def _retry_entry(entry: RetryEntry) -> Document:
    return {
        "type": "retry",
        "key": entry.key,
        "actor": entry.actor,
        "started_at": _time(entry.started_at),
        "finished_at": _time(entry.finished_at),
        "requested": entry.requested,
        "succeeded": entry.succeeded,
        "failed": entry.failed,
        "unanswered": entry.unanswered,
        "details": list(entry.details),
    }


def _dismissal_entry(entry: DismissalEntry) -> Document:
    return {
        "type": "dismissal",
        "key": entry.key,
        "actor": entry.actor,
        "started_at": _time(entry.started_at),
        "dismissed": entry.dismissed,
        "codes": list(entry.codes),
        "reason": entry.reason,
    }


def _failure(line: FailureLine) -> Document:
    return {
        "id": line.id,
        "item": line.item,
        "service": line.service,
        "folder": line.folder,
        "subject": line.subject,
        "sender": line.sender,
        "received_at": _time(line.received_at),
        "bytes": line.size,
        "code": line.code,
        "cause": line.cause,
        "remedy": line.remedy,
        "message": line.message or None,
        "heals_by_itself": line.heals_by_itself,
        "attempts": line.attempts,
        "first_at": _time(line.first_at),
        "last_at": _time(line.last_at),
        "retry_at": _time(line.retry_at),
        "state": line.state,
        "escalate": line.escalate,
        "retrying_by": line.retrying_by,
        "retrying_since": _time(line.retrying_since),
        "last_retry": line.last_retry,
        "last_retry_detail": line.last_retry_detail,
    }


def _page(page: Page) -> Document:
    return {"number": page.number, "count": page.count, "size": page.size, "total": page.total}


def _error(code: str, sentence: str) -> Document:
    return {"error": {"code": code, "sentence": sentence}}


def _counted(counts: Mapping[Any, int]) -> Document:
    return {str(name): number for name, number in counts.items()}


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


_WRITERS: dict[type, Callable[[Any], Document]] = {
    StatusCard: _status,
    Overview: _overview,
    MailboxList: _list,
    HistoryList: _history,
    ErrorList: _errors,
    Suggestions: _suggestions,
    Choice: _choice,
    Undecided: _undecided,
    Refusal: _refusal,
    Followed: _followed,
    Audited: _audited,
    Written: lambda written: {"lines": written.count},
}
