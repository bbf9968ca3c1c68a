"""Retrying what an incident stopped: one retry a mailbox, one after another, some hundreds at a time."""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import Connection, bindparam, func, insert, select

from bot.domain.storms import RETRIED_AT_ONCE, RETRY_EVERY
from bot.domain.values import AlertId, FailureState, Severity
from bot.ports import RetryTarget
from bot.store.alert_tables import alert
from bot.store.incident_survey import IS_OPEN, UNRESOLVED
from bot.store.retry_requests import Asking, claim
from bot.store.tables import audit, failure, retry

_ID = bindparam("id", type_=alert.c.id.type)
_OPEN = select(alert.c.code).where(alert.c.id == _ID, IS_OPEN)
_MEMBER = (failure.c.incident_id == _ID, UNRESOLVED)
_RETRYING = select(failure.c.mailbox_id).where(*_MEMBER, failure.c.state == FailureState.RETRYING)
_WAITING = (*_MEMBER, failure.c.mailbox_id.not_in(_RETRYING))
_HOW_MANY = select(func.count(failure.c.mailbox_id.distinct())).where(*_WAITING)
_CHOSEN = (
    select(failure.c.mailbox_id)
    .where(*_WAITING)
    .group_by(failure.c.mailbox_id)
    .order_by(func.min(failure.c.first_at), failure.c.mailbox_id)
    .limit(bindparam("limit"))
)
_FAILURES = (
    select(failure.c.mailbox_id, failure.c.id)
    .where(*_MEMBER, failure.c.mailbox_id.in_(bindparam("mailboxes", expanding=True)))
    .order_by(failure.c.mailbox_id, failure.c.id)
)
_QUEUED_UNTIL = (
    select(func.max(retry.c.send_after))
    .join_from(retry, failure)
    .where(failure.c.incident_id == _ID, retry.c.finished_at.is_(None), retry.c.sent_at.is_(None))
)


def chosen(connection: Connection, incident: AlertId) -> tuple[Sequence[RetryTarget], int]:
    """Whom one click retries, those that have failed for longest, and how many wait for a retry in all."""
    waiting = connection.execute(_HOW_MANY, {"id": incident}).scalar_one()
    mailboxes = connection.execute(_CHOSEN, {"id": incident, "limit": RETRIED_AT_ONCE}).scalars().all()
    rows = connection.execute(_FAILURES, {"id": incident, "mailboxes": mailboxes}).all()
    by_mailbox = {
        key: tuple(row.id for row in some) for key, some in groupby(rows, lambda row: row.mailbox_id)
    }
    return [RetryTarget(each, by_mailbox[each]) for each in mailboxes], waiting


def last_queued(connection: Connection, incident: AlertId) -> dt.datetime | None:
    """When the last of those is sent that an earlier click asked for."""
    found: dt.datetime | None = connection.execute(_QUEUED_UNTIL, {"id": incident}).scalar_one()
    return found


def code_of(connection: Connection, incident: AlertId) -> str | None:
    """None where it is not open."""
    return connection.execute(_OPEN, {"id": incident}).scalar_one_or_none()


def claim_some(
    connection: Connection, targets: Sequence[RetryTarget], asking: Asking, first_at: dt.datetime
) -> int:
    """Claim one retry for each, each sent a moment after the one before; how many of them were free."""
    patience, claimed = asking.deadline - asking.now, 0
    for target in targets:
        at = first_at + claimed * RETRY_EVERY
        started = claim(connection, target, Asking(asking.actor, asking.now, at + patience, at))
        claimed += bool(started and started.claimed)
    return claimed


def note(connection: Connection, code: str, claimed: int, waiting: int, asking: Asking) -> None:
    message = f"incident {code}: {claimed} of {waiting} mailboxes"
    row = {"at": asking.now, "actor": asking.actor, "event": "retry requested", "message": message}
    connection.execute(insert(audit), row | {"severity": Severity.INFORMATION})
