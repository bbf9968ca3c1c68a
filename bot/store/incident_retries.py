"""Retrying what many mailboxes fail for: one retry a mailbox, one after another, some hundreds at a time."""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select

from bot.domain.storms import RETRIED_AT_ONCE, RETRY_EVERY
from bot.domain.values import AlertId, FailureState, Severity
from bot.ports import RetryTarget
from bot.store.alert_tables import alert
from bot.store.incident_survey import IS_OPEN, UNRESOLVED
from bot.store.retry_requests import Asking, claim
from bot.store.tables import audit, failure, retry

_ID = bindparam("id", type_=alert.c.id.type)
_OPEN = select(alert.c.code).where(alert.c.id == _ID, IS_OPEN)


class Crowd:
    """The mailboxes that a condition of their failures, with the parameter `of`, puts together."""

    def __init__(self, is_of: ColumnElement[bool]) -> None:
        member = (is_of, UNRESOLVED)
        retrying = select(failure.c.mailbox_id).where(*member, failure.c.state == FailureState.RETRYING)
        waiting = (*member, failure.c.mailbox_id.not_in(retrying))
        self.how_many = select(func.count(failure.c.mailbox_id.distinct())).where(*waiting)
        self.chosen = (
            select(failure.c.mailbox_id)
            .where(*waiting)
            .group_by(failure.c.mailbox_id)
            .order_by(func.min(failure.c.first_at), failure.c.mailbox_id)
            .limit(bindparam("limit"))
        )
        self.failures = (
            select(failure.c.mailbox_id, failure.c.id)
            .where(*member, failure.c.mailbox_id.in_(bindparam("mailboxes", expanding=True)))
            .order_by(failure.c.mailbox_id, failure.c.id)
        )
        self.queued_until = (
            select(func.max(retry.c.send_after))
            .join_from(retry, failure)
            .where(is_of, retry.c.finished_at.is_(None), retry.c.sent_at.is_(None))
        )


OF_INCIDENT = Crowd(failure.c.incident_id == bindparam("of", type_=alert.c.id.type))
OF_CAUSE = Crowd(failure.c.code == bindparam("of", type_=failure.c.code.type))
"""Whether or not an incident tells them."""


def waiting(connection: Connection, crowd: Crowd, of: int | str) -> int:
    """How many mailboxes are not being retried."""
    found: int = connection.execute(crowd.how_many, {"of": of}).scalar_one()
    return found


def chosen(connection: Connection, crowd: Crowd, of: int | str) -> tuple[Sequence[RetryTarget], int]:
    """Whom one click retries, those that have failed for longest, and how many wait for a retry in all."""
    mailboxes = connection.execute(crowd.chosen, {"of": of, "limit": RETRIED_AT_ONCE}).scalars().all()
    rows = connection.execute(crowd.failures, {"of": of, "mailboxes": mailboxes}).all()
    by_mailbox = {
        key: tuple(row.id for row in some) for key, some in groupby(rows, lambda row: row.mailbox_id)
    }
    targets = [RetryTarget(each, by_mailbox[each]) for each in mailboxes]
    return targets, waiting(connection, crowd, of)


def last_queued(connection: Connection, crowd: Crowd, of: int | str) -> dt.datetime | None:
    """When the last of those is sent that an earlier click asked for."""
    found: dt.datetime | None = connection.execute(crowd.queued_until, {"of": of}).scalar_one()
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


def note(connection: Connection, what: str, claimed: int, waiting: int, asking: Asking) -> None:
    message = f"{what}: {claimed} of {waiting} mailboxes"
    row = {"at": asking.now, "actor": asking.actor, "event": "retry requested", "message": message}
    connection.execute(insert(audit), row | {"severity": Severity.INFORMATION})
