"""Incidents as rows: who belongs to one, how many they are, when it is over."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from bot.domain.storms import Key
from bot.domain.values import AlertId, AlertKind, FailureState
from bot.store.alert_tables import alert, alert_message, incident
from bot.store.chunks import chunks
from bot.store.columns import AnyRow
from bot.store.credential_rows import touch
from bot.store.incident_survey import IS_OPEN, LOOSE, LOOSE_OF, UNRESOLVED, Storm, side_of
from bot.store.postgres import STORMS, mailboxes_failed, take_turns
from bot.store.tables import failure

COUNTS = ("mailboxes", "failing", "retrying", "dismissed")

SHOWN = 10
"""Mailboxes that an incident's message names."""

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
TELLING = alert.alias("telling")
_IS_OPEN = and_(TELLING.c.kind == literal_column("'incident'"), TELLING.c.cleared_at.is_(None))
_TELLS = exists().where(TELLING.c.id == failure.c.incident_id, _IS_OPEN, TELLING.c.code == failure.c.code)
"""Of a failure: an incident that is open tells it, as what it is now."""

_OF_SAME_MAILBOX = and_(failure.c.mailbox_id == alert.c.mailbox_id, UNRESOLVED)


def covered() -> ColumnElement[bool]:
    """Of an alert: incidents tell all unresolved failures of its mailbox."""
    return and_(exists().where(_OF_SAME_MAILBOX), ~exists().where(_OF_SAME_MAILBOX, ~_TELLS))


def near_a_storm() -> ColumnElement[bool]:
    """Of an alert: an incident of a cause of its mailbox is open, which may tell it within moments."""
    return exists().where(_OF_SAME_MAILBOX, TELLING.c.code == failure.c.code, _IS_OPEN)


_OPEN = insert(alert).values(kind=AlertKind.INCIDENT, version=1, dirty=True).returning(alert.c.id)
_OPEN_COUNTS = insert(incident).values(dict.fromkeys(COUNTS, 0) | {"named": []})
_FIND = select(alert.c.id).where(
    IS_OPEN,
    alert.c.code == bindparam("b_code"),
    alert.c.connection == bindparam("b_connection"),
)
_JOIN = update(failure).values(incident_id=bindparam("b_id")).returning(failure.c.alert_id)
_JOIN_ALL = {side: _JOIN.where(failure.c.id.in_(chosen)) for side, chosen in LOOSE_OF.items()}
_LOOSE_OF_THESE = (
    select(failure.c.id)
    .where(LOOSE, failure.c.code == bindparam("b_code"), failure.c.mailbox_id.in_(_IDS))
    .with_for_update(skip_locked=True)
)
_JOIN_THESE = _JOIN.where(failure.c.id.in_(_LOOSE_OF_THESE))
_STRAY = and_(UNRESOLVED, failure.c.incident_id.is_not(None), ~_TELLS)
"""It fails for another reason by now, or was reopened after its incident was over."""

_HAS_STRAYS = select(exists().where(_STRAY))
_LEAVE = (
    update(failure)
    .where(failure.c.id.in_(select(failure.c.id).where(_STRAY).with_for_update(skip_locked=True)))
    .values(incident_id=None)
    .returning(failure.c.alert_id)
)
_BUMP = update(alert).where(alert.c.id.in_(_IDS)).values(version=alert.c.version + 1, dirty=True)
_BUMP_OPEN = _BUMP.where(alert.c.cleared_at.is_(None))
_BUMP_SHOWN = _BUMP_OPEN.where(
    exists().where(
        alert_message.c.alert_id == alert.c.id,
        or_(alert_message.c.ts.is_not(None), alert_message.c.leased_until.is_not(None)),
    )
)
"""What is not posted is asked again before it is; a message that is just being posted says nothing of it."""


def _any(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.max(case((condition, 1), else_=0))


_BY_MAILBOX = (
    select(
        failure.c.incident_id,
        _any(UNRESOLVED).label("fails"),
        _any(failure.c.state == FailureState.RETRYING).label("retries"),
        _any(failure.c.state == FailureState.RESOLVED).label("healed"),
        func.max(failure.c.resolved_at).label("resolved_at"),
    )
    .where(failure.c.incident_id.in_(select(alert.c.id).where(IS_OPEN)))
    .group_by(failure.c.incident_id, failure.c.mailbox_id)
    .subquery()
)
_COUNTED = (
    select(
        _BY_MAILBOX.c.incident_id,
        func.count().label("mailboxes"),
        func.sum(_BY_MAILBOX.c.fails).label("failing"),
        func.sum(_BY_MAILBOX.c.retries).label("retrying"),
        func.sum((1 - _BY_MAILBOX.c.fails) * (1 - _BY_MAILBOX.c.healed)).label("dismissed"),
        func.max(_BY_MAILBOX.c.resolved_at).label("resolved_at"),
    )
    .group_by(_BY_MAILBOX.c.incident_id)
    .subquery()
)
_OPEN_ONES = (
    select(
        alert.c.id,
        alert.c.code,
        alert.c.connection,
        alert.c.opened_at,
        *(func.coalesce(_COUNTED.c[name], 0).label(name) for name in COUNTS),
        *(incident.c[name].label(f"stored_{name}") for name in (*COUNTS, "named")),
        _COUNTED.c.resolved_at,
    )
    .join_from(alert, incident)
    .outerjoin(_COUNTED, _COUNTED.c.incident_id == alert.c.id)
    .where(IS_OPEN)
)
NAMED = (
    select(failure.c.mailbox_id)
    .where(failure.c.incident_id == bindparam("id", type_=alert.c.id.type), UNRESOLVED)
    .group_by(failure.c.mailbox_id)
    .order_by(func.min(failure.c.first_at), failure.c.mailbox_id)
    .limit(SHOWN)
)
"""Those that have failed for longest."""

_COUNT = (
    update(incident)
    .where(incident.c.alert_id == bindparam("b_id"))
    .values({name: bindparam(f"b_{name}") for name in (*COUNTS, "named")})
)
_CLEAR = (
    update(alert)
    .where(alert.c.id == bindparam("b_id"), alert.c.cleared_at.is_(None))
    .values(cleared_at=bindparam("b_at", type_=alert.c.cleared_at.type))
)


def has_strays(connection: Connection) -> bool:
    return bool(connection.execute(_HAS_STRAYS).scalar_one())


def gather(connection: Connection, storms: Sequence[Storm]) -> bool:
    """Let go who no longer belongs, take in who does; whether an incident was opened.

    Replicas take turns. Rows that somebody else has locked are left to the next sweep.
    """
    take_turns(connection, STORMS)
    _bump(connection, _BUMP_OPEN, connection.execute(_LEAVE).scalars().all())
    opened = [_take_in(connection, storm) for storm in storms]
    if any(opened):
        _count_those_that_fail(connection)
    return any(opened)


def has_changed(connection: Connection) -> bool:
    return any(True for _ in _changed(connection))


def count(connection: Connection, now: dt.datetime) -> None:
    """Store who they are as it is now, and clear what is over."""
    take_turns(connection, STORMS)
    for row, named in list(_changed(connection)):
        _store(connection, row, named)
        if not row.failing:
            over_at = max(row.opened_at, row.resolved_at or now)
            connection.execute(_CLEAR, {"b_id": row.id, "b_at": over_at})
            touch(connection, Key(row.code, row.connection))


def _count_those_that_fail(connection: Connection) -> None:
    """At once with what opens an incident: another replica may post it as soon as it is there."""
    for row, named in list(_changed(connection)):
        if row.failing:
            _store(connection, row, named)


def _store(connection: Connection, row: AnyRow, named: list[int]) -> None:
    counts = {f"b_{name}": getattr(row, name) for name in COUNTS}
    connection.execute(_COUNT, {"b_id": row.id, "b_named": named} | counts)
    connection.execute(_BUMP, {"ids": [row.id]})


def _changed(connection: Connection) -> Iterator[tuple[AnyRow, list[int]]]:
    """Incidents that are not what is stored, or that nobody has any more, and whom their messages name.

    Counts alone would not tell when a mailbox turns out to fail for less long than another.
    """
    for row in connection.execute(_OPEN_ONES).all():
        named = list(connection.execute(NAMED, {"id": row.id}).scalars())
        if not row.failing or named != row.stored_named or _is_miscounted(row):
            yield row, named


def _is_miscounted(row: AnyRow) -> bool:
    return any(getattr(row, name) != getattr(row, f"stored_{name}") for name in COUNTS)


def _take_in(connection: Connection, storm: Storm) -> bool:
    named = {"b_code": storm.key.code, "b_connection": storm.key.connection}
    known = connection.execute(_FIND, named).scalar_one_or_none()
    incident_id = AlertId(known) if known else _open(connection, storm)
    joined = named | {"b_id": incident_id}
    if storm.mailboxes is None:
        alerts = connection.execute(_JOIN_ALL[side_of(storm.key)], joined).scalars().all()
    else:
        alerts = []
        for some in chunks(storm.mailboxes):
            alerts += connection.execute(_JOIN_THESE, joined | {"ids": some}).scalars().all()
    _bump(connection, _BUMP_SHOWN, [*alerts, incident_id] if alerts else [])
    mailboxes_failed(connection, len(alerts))
    return known is None


def _open(connection: Connection, storm: Storm) -> AlertId:
    row = {"code": storm.key.code, "connection": storm.key.connection, "opened_at": storm.since}
    opened: AlertId = connection.execute(_OPEN, row).scalar_one()
    connection.execute(_OPEN_COUNTS, {"alert_id": opened})
    touch(connection, storm.key)
    return opened


def _bump(connection: Connection, statement: Any, alerts: Collection[AlertId | None]) -> None:  # noqa: ANN401
    for some in chunks(sorted({each for each in alerts if each is not None})):
        connection.execute(statement, {"ids": some})
