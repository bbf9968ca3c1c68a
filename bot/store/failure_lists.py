"""Unresolved failures: those of one mailbox, and those of all by cause."""

import datetime as dt
from dataclasses import replace

from sqlalchemy import Connection, bindparam, func, select

from bot.domain.catalogue import cause_of
from bot.domain.values import FailureState, MailboxId
from bot.store.columns import AnyRow
from bot.store.narrowing import OF_MAILBOX, ORDERS, choices, narrowed
from bot.store.rows import LINE, REF, clamped, failure_line, mailbox_ref, offset
from bot.store.tables import failure, mailbox, policy
from bot.store.under_way import of_mailbox
from bot.views import EVERYTHING, CauseGroup, ErrorList, FailureGroups, MailboxRef, Narrowing

EXAMPLES = 3
"""Mailboxes named for each cause."""

_UNRESOLVED = failure.c.resolved_at.is_(None)
_REF = (
    select(*REF, mailbox.c.next_sync_at, policy.c.active)
    .join_from(mailbox, policy)
    .where(mailbox.c.id == bindparam("mailbox_id"))
)
_LINES = select(*LINE).where(*OF_MAILBOX).limit(bindparam("limit")).offset(bindparam("offset"))

_WAS_DISMISSED = failure.c.mailbox_id == bindparam("mailbox_id"), failure.c.state == FailureState.DISMISSED
_COUNT_DISMISSED = select(func.count()).select_from(failure).where(*_WAS_DISMISSED)
_DISMISSED = (
    select(*LINE)
    .where(*_WAS_DISMISSED)
    .order_by(failure.c.resolved_at.desc(), failure.c.id.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)

_BY_CAUSE = (
    select(
        failure.c.code,
        func.count().label("failures"),
        func.count(failure.c.mailbox_id.distinct()).label("mailboxes"),
        func.min(failure.c.first_at).label("since"),
    )
    .where(_UNRESOLVED)
    .group_by(failure.c.code)
    .order_by(func.count().desc(), failure.c.code)
)
_EXAMPLES = (
    select(*REF)
    .where(
        mailbox.c.id.in_(
            select(failure.c.mailbox_id)
            .where(_UNRESOLVED, failure.c.code == bindparam("code"))
            .group_by(failure.c.mailbox_id)
            .order_by(failure.c.mailbox_id)
            .limit(EXAMPLES)
        )
    )
    .order_by(mailbox.c.id)
)
_FAILING = select(func.count(failure.c.mailbox_id.distinct())).where(_UNRESOLVED)


def errors(
    connection: Connection, mailbox_id: MailboxId, number: int, size: int, wanted: Narrowing = EVERYTHING
) -> ErrorList | None:
    """A folder that nothing stands for any more narrows nothing."""
    row = connection.execute(_REF, {"mailbox_id": mailbox_id}).one_or_none()
    if row is None:
        return None
    chosen = narrowed(connection, mailbox_id, wanted)
    if chosen is None:
        return errors(connection, mailbox_id, number, size, replace(wanted, folder=None))
    found = choices(connection, mailbox_id, chosen, wanted.folder)
    ref, page = mailbox_ref(row), clamped(number, size, found.listed)
    values = {"mailbox_id": mailbox_id} | chosen.values | offset(page)
    rows = connection.execute(_LINES.where(*chosen.conditions).order_by(*ORDERS[chosen.order]), values)
    return ErrorList(
        ref,
        tuple(failure_line(row, ref) for row in rows),
        page,
        may_act=False,
        retryable=found.all_retryable,
        dismissed=_dismissed(connection, mailbox_id),
        choices=found,
        under_way=of_mailbox(connection, mailbox_id),
        next_sync_at=row.next_sync_at if row.active else None,
    )


def dismissed(connection: Connection, mailbox_id: MailboxId, number: int, size: int) -> ErrorList | None:
    row = connection.execute(_REF, {"mailbox_id": mailbox_id}).one_or_none()
    if row is None:
        return None
    accepted = _dismissed(connection, mailbox_id)
    ref, page = mailbox_ref(row), clamped(number, size, accepted)
    rows = connection.execute(_DISMISSED, {"mailbox_id": mailbox_id} | offset(page))
    lines = tuple(failure_line(row, ref) for row in rows)
    return ErrorList(ref, lines, page, may_act=False, retryable=0, is_dismissed=True, dismissed=accepted)


def _dismissed(connection: Connection, mailbox_id: MailboxId) -> int:
    count: int = connection.execute(_COUNT_DISMISSED, {"mailbox_id": mailbox_id}).scalar_one()
    return count


def failure_groups(connection: Connection, now: dt.datetime) -> FailureGroups:
    rows = connection.execute(_BY_CAUSE).all()
    return FailureGroups(
        groups=tuple(_group(row, _examples(connection, row.code)) for row in rows),
        failures=sum(row.failures for row in rows),
        mailboxes=connection.execute(_FAILING).scalar_one(),
        as_of=now,
    )


def _examples(connection: Connection, code: str) -> tuple[MailboxRef, ...]:
    return tuple(map(mailbox_ref, connection.execute(_EXAMPLES, {"code": code})))


def _group(row: AnyRow, examples: tuple[MailboxRef, ...]) -> CauseGroup:
    known = cause_of(row.code)
    return CauseGroup(
        code=row.code,
        cause=known.cause,
        remedy=known.remedy,
        heals_by_itself=known.heals_by_itself,
        failures=row.failures,
        mailboxes=row.mailboxes,
        examples=examples,
        since=row.since,
    )
