"""Unresolved failures: those of one mailbox, and those of all by cause."""

import datetime as dt

from sqlalchemy import Connection, bindparam, func, select

from bot.domain.catalogue import cause_of
from bot.domain.values import FailureState, MailboxId
from bot.store.columns import AnyRow
from bot.store.rows import LINE, REF, clamped, failure_line, mailbox_ref, offset
from bot.store.tables import failure, mailbox
from bot.views import CauseGroup, ErrorList, FailureGroups, MailboxRef

EXAMPLES = 3
"""Mailboxes named for each cause."""

_UNRESOLVED = failure.c.resolved_at.is_(None)
_OF_MAILBOX = failure.c.mailbox_id == bindparam("mailbox_id"), _UNRESOLVED
_REF = select(*REF, mailbox.c.open_failures).where(mailbox.c.id == bindparam("mailbox_id"))
_RETRYABLE = (
    select(func.count()).select_from(failure).where(*_OF_MAILBOX, failure.c.state == FailureState.OPEN)
)
_LINES = (
    select(*LINE)
    .where(*_OF_MAILBOX)
    .order_by(failure.c.first_at, failure.c.id)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)

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
    connection: Connection,
    mailbox_id: MailboxId,
    number: int,
    size: int,
    dismissed: bool = False,  # noqa: FBT001, FBT002 - `Database.read` passes by position
) -> ErrorList | None:
    chosen = {"mailbox_id": mailbox_id}
    row = connection.execute(_REF, chosen).one_or_none()
    if row is None:
        return None
    accepted = connection.execute(_COUNT_DISMISSED, chosen).scalar_one()
    ref, page = mailbox_ref(row), clamped(number, size, accepted if dismissed else row.open_failures)
    rows = connection.execute(_DISMISSED if dismissed else _LINES, chosen | offset(page))
    return ErrorList(
        ref,
        tuple(failure_line(row, ref) for row in rows),
        page,
        may_act=False,
        retryable=connection.execute(_RETRYABLE, chosen).scalar_one(),
        is_dismissed=dismissed,
        dismissed=accepted,
    )


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
