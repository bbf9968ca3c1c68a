"""What there is to be handled: how an alert stands, and which failures may be dismissed."""

from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from bot.domain.catalogue import cause_of
from bot.domain.values import RUN_LEVEL, AlertId, FailureId, MailboxId
from bot.store.alert_tables import alert
from bot.store.columns import AnyRow
from bot.store.rows import LINE, REF, failure_line, mailbox_ref
from bot.store.tables import failure, mailbox
from bot.views import AlertState, Dismissable, Handled

HANDLED = (
    alert.c.acknowledged_by,
    alert.c.acknowledged_at,
    alert.c.acknowledged_count,
    alert.c.snoozed_by,
    alert.c.snoozed_until,
)
_STATE = (
    select(alert.c.id, alert.c.code, alert.c.cleared_at, *HANDLED, mailbox.c.source)
    .join_from(alert, mailbox, isouter=True)
    .where(alert.c.id == bindparam("id"))
)
_REF = select(*REF).where(mailbox.c.id == bindparam("mailbox_id"))
_OF_MAILBOX = (
    failure.c.mailbox_id == bindparam("mailbox_id"),
    failure.c.resolved_at.is_(None),
    failure.c.item != RUN_LEVEL,
)
_LINES = (
    select(*LINE).where(*_OF_MAILBOX).order_by(failure.c.first_at, failure.c.id).limit(bindparam("limit"))
)
_ALL = select(func.count(), func.coalesce(func.max(failure.c.id), 0)).where(*_OF_MAILBOX)
_UPTO = select(failure.c.id).where(*_OF_MAILBOX, failure.c.id <= bindparam("upto")).order_by(failure.c.id)


def state(connection: Connection, alert_id: AlertId) -> AlertState | None:
    row = connection.execute(_STATE, {"id": alert_id}).one_or_none()
    if row is None:
        return None
    told = row.source or cause_of(row.code or "").cause
    return AlertState(row.id, told, row.cleared_at is not None, handled(row))


def handled(row: AnyRow, count: int = 0, **more: Any) -> Handled:  # noqa: ANN401 - fields of the view
    """`count` is how much the alert has been about by now, of which some was acknowledged."""
    fields: dict[str, Any] = {"acknowledged_by": row.acknowledged_by, "acknowledged_at": row.acknowledged_at}
    if row.cleared_at is None:
        since = max(0, count - row.acknowledged_count) if row.acknowledged_count is not None else 0
        asleep = {"snoozed_by": row.snoozed_by, "snoozed_until": row.snoozed_until}
        fields |= asleep | {"new_since": since} | more
    return Handled(**fields)


def dismissable(connection: Connection, mailbox_id: MailboxId, limit: int) -> Dismissable | None:
    row = connection.execute(_REF, {"mailbox_id": mailbox_id}).one_or_none()
    if row is None:
        return None
    ref = mailbox_ref(row)
    total, newest = connection.execute(_ALL, {"mailbox_id": mailbox_id}).one()
    rows = connection.execute(_LINES, {"mailbox_id": mailbox_id, "limit": limit})
    return Dismissable(ref, tuple(failure_line(each, ref) for each in rows), total, newest)


def unresolved(connection: Connection, mailbox_id: MailboxId, upto: FailureId) -> tuple[FailureId, ...]:
    return tuple(connection.execute(_UPTO, {"mailbox_id": mailbox_id, "upto": upto}).scalars())
