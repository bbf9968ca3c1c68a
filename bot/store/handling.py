"""What people do about an alert or its failures, each with its line in the audit log."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, exists, insert, or_, select, update

from bot.domain.catalogue import cause_of
from bot.domain.values import (
    RUN_LEVEL,
    SYSTEM,
    AlertId,
    FailureId,
    FailureState,
    MailboxId,
    RetryOutcome,
    Severity,
)
from bot.store.alert_rows import failure_opened, failures_closed
from bot.store.alert_tables import alert
from bot.store.book import Book, Held
from bot.store.chunks import chunks
from bot.store.columns import AnyRow
from bot.store.muting import forget_ended, has_ended
from bot.store.retry_rows import end_retry, retries_holding
from bot.store.tables import audit, failure, mailbox

DISMISSED_MEANWHILE = "The failure was dismissed before the engine answered"

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_THIS_OPEN = alert.c.id == bindparam("b_id"), alert.c.cleared_at.is_(None)
_TOUCHED = {"version": alert.c.version + 1, "dirty": True}
_ACKNOWLEDGE = (
    update(alert)
    .where(*_THIS_OPEN, alert.c.acknowledged_by.is_(None))
    .values(
        acknowledged_by=bindparam("b_by"),
        acknowledged_at=bindparam("b_at"),
        acknowledged_count=bindparam("b_seen"),
        **_TOUCHED,
    )
)
_UNACKNOWLEDGE = (
    update(alert)
    .where(*_THIS_OPEN, alert.c.acknowledged_by.is_not(None))
    .values(acknowledged_by=None, acknowledged_at=None, acknowledged_count=None, **_TOUCHED)
)
_SNOOZE = (
    update(alert)
    .where(*_THIS_OPEN, or_(alert.c.snoozed_until.is_(None), alert.c.snoozed_until <= bindparam("b_at")))
    .values(snoozed_by=bindparam("b_by"), snoozed_until=bindparam("b_until"), **_TOUCHED)
)
_AWAKE = {"snoozed_by": None, "snoozed_until": None} | _TOUCHED
_WAKE = update(alert).where(*_THIS_OPEN, alert.c.snoozed_until.is_not(None)).values(_AWAKE)
_OVERSLEPT = (
    select(alert.c.id)
    .where(alert.c.cleared_at.is_(None), alert.c.snoozed_until <= bindparam("now"))
    .order_by(alert.c.id)
    .with_for_update(skip_locked=True)
)
_HAS_OVERSLEPT = select(
    exists().where(alert.c.cleared_at.is_(None), alert.c.snoozed_until <= bindparam("now"))
)
_SUBJECT = (
    select(alert.c.mailbox_id, alert.c.code, mailbox.c.source)
    .join_from(alert, mailbox, isouter=True)
    .where(alert.c.id == bindparam("id"))
)

_MAILBOXES = (
    select(failure.c.mailbox_id).where(failure.c.id.in_(_IDS)).distinct().order_by(failure.c.mailbox_id)
)
_CHOSEN = select(failure.c.id, failure.c.code, failure.c.state).where(
    failure.c.id.in_(_IDS), failure.c.mailbox_id == bindparam("mailbox_id"), failure.c.item != RUN_LEVEL
)
_UNRESOLVED = _CHOSEN.where(failure.c.resolved_at.is_(None)).order_by(failure.c.id)
_LATER = failure.alias("later")
_SUPERSEDED = exists().where(
    _LATER.c.mailbox_id == failure.c.mailbox_id,
    _LATER.c.service == failure.c.service,
    _LATER.c.item == failure.c.item,
    _LATER.c.id > failure.c.id,
)
_DISMISSED = _CHOSEN.where(failure.c.state == FailureState.DISMISSED, ~_SUPERSEDED).order_by(failure.c.id)
_DISMISS = (
    update(failure)
    .where(failure.c.id.in_(_IDS))
    .values(
        state=FailureState.DISMISSED,
        retrying_by=None,
        retrying_since=None,
        retry_at=None,
        resolved_at=bindparam("b_at"),
        resolved_by=bindparam("b_by"),
        reason=bindparam("b_reason"),
    )
)
_RESTORE = (
    update(failure)
    .where(failure.c.id == bindparam("b_id"))
    .values(
        state=FailureState.OPEN,
        resolved_at=None,
        resolved_by=None,
        reason=None,
        alert_id=bindparam("b_alert"),
    )
)


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does something about a failure, when, and why where that must be said."""

    by: str
    at: dt.datetime
    reason: str = ""


def acknowledge(connection: Connection, alert_id: AlertId, seen: int, doing: Doing) -> bool:
    done = connection.execute(_ACKNOWLEDGE, _who(alert_id, doing) | {"b_seen": seen}).rowcount == 1
    return _noted(connection, alert_id, doing, "alert acknowledged", done=done)


def unacknowledge(connection: Connection, alert_id: AlertId, doing: Doing) -> bool:
    done = connection.execute(_UNACKNOWLEDGE, {"b_id": alert_id}).rowcount == 1
    return _noted(connection, alert_id, doing, "alert acknowledgement withdrawn", done=done)


def snooze(connection: Connection, alert_id: AlertId, until: dt.datetime, doing: Doing) -> bool:
    values = _who(alert_id, doing) | {"b_until": until}
    done = connection.execute(_SNOOZE, values).rowcount == 1
    return _noted(
        connection, alert_id, doing, "alert snoozed", done=done, more=f": until {until:%Y-%m-%d %H:%M} UTC"
    )


def wake(connection: Connection, alert_id: AlertId, doing: Doing) -> bool:
    done = connection.execute(_WAKE, {"b_id": alert_id}).rowcount == 1
    return _noted(connection, alert_id, doing, "alert woken", done=done)


def is_wake_due(connection: Connection, now: dt.datetime) -> bool:
    """Asked often, so it only reads."""
    return bool(connection.execute(_HAS_OVERSLEPT, {"now": now}).scalar_one()) or has_ended(connection, now)


def wake_due(connection: Connection, now: dt.datetime) -> bool:
    """Wake alerts whose snooze is over, and forget mutes that have ended; whether there were any."""
    overslept = connection.execute(_OVERSLEPT, {"now": now}).scalars().all()
    woken = [wake(connection, alert_id, Doing(SYSTEM, now)) for alert_id in overslept]
    return forget_ended(connection, now) or any(woken)


def dismiss(connection: Connection, failures: Sequence[FailureId], doing: Doing) -> list[FailureId]:
    """One mailbox after the other, in the order in which everybody locks them."""
    book = Book(connection, doing.at)
    done = [
        failure_id
        for mailbox_id in _mailboxes(connection, failures)
        if (held := book.hold(mailbox_id))
        for failure_id in _dismiss(book, held, failures, doing)
    ]
    book.close()
    return done


def restore(connection: Connection, failures: Sequence[FailureId], doing: Doing) -> list[FailureId]:
    book = Book(connection, doing.at)
    done = [
        failure_id
        for mailbox_id in _mailboxes(connection, failures)
        if (held := book.hold(mailbox_id))
        for failure_id in _restore(book, held, failures, doing)
    ]
    book.close()
    return done


def _dismiss(book: Book, held: Held, failures: Sequence[FailureId], doing: Doing) -> list[FailureId]:
    rows = _chosen(book, held, failures, _UNRESOLVED)
    ids = [FailureId(row.id) for row in rows]
    holding = [asked for some in chunks(ids) for asked in retries_holding(book.connection, list(some))]
    values = {"b_at": doing.at, "b_by": doing.by, "b_reason": doing.reason}
    for some in chunks(ids):
        book.connection.execute(_DISMISS, {"ids": some} | values)
    for asked in holding:
        end_retry(book, held, asked, RetryOutcome.REFUSED, DISMISSED_MEANWHILE)
    if ids:
        failures_closed(book, held, len(ids), doing.at)
        told = f"{held.source}: {_items(rows)} dismissed: {doing.reason}"
        book.note("failure dismissed", told, at=doing.at, actor=doing.by, held=held)
    return ids


def _restore(book: Book, held: Held, failures: Sequence[FailureId], doing: Doing) -> list[FailureId]:
    rows = _chosen(book, held, failures, _DISMISSED)
    for row in rows:
        opened = failure_opened(book, held, doing.at)
        book.connection.execute(_RESTORE, {"b_id": row.id, "b_alert": opened})
    if rows:
        told = f"{held.source}: {_items(rows)} restored"
        book.note("failure restored", told, at=doing.at, actor=doing.by, held=held)
    return [FailureId(row.id) for row in rows]


def _mailboxes(connection: Connection, failures: Sequence[FailureId]) -> list[MailboxId]:
    found = {
        mailbox_id
        for some in chunks(failures)
        for mailbox_id in connection.execute(_MAILBOXES, {"ids": some}).scalars()
    }
    return sorted(found)


def _chosen(book: Book, held: Held, failures: Sequence[FailureId], which: Select[Any]) -> list[AnyRow]:
    """Read after the mailbox was locked."""
    return [
        row
        for some in chunks(failures)
        for row in book.connection.execute(which, {"ids": some, "mailbox_id": held.id})
    ]


def _items(rows: Sequence[AnyRow]) -> str:
    codes = ", ".join(dict.fromkeys(row.code for row in rows))
    return f"{len(rows)} failed item{'' if len(rows) == 1 else 's'} ({codes})"


def _who(alert_id: AlertId, doing: Doing) -> dict[str, Any]:
    return {"b_id": alert_id, "b_by": doing.by, "b_at": doing.at}


def _noted(
    connection: Connection, alert_id: AlertId, doing: Doing, event: str, *, done: bool, more: str = ""
) -> bool:
    if done:
        subject = connection.execute(_SUBJECT, {"id": alert_id}).one()
        row = {
            "at": doing.at,
            "actor": doing.by,
            "severity": Severity.INFORMATION,
            "event": event,
            "message": (subject.source or cause_of(subject.code or "").cause) + more,
            "mailbox_id": subject.mailbox_id,
        }
        connection.execute(insert(audit), row)
    return done
