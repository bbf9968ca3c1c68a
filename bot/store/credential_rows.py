"""Alerts about credentials that expire: for each connection at most one that is open."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, insert, literal_column, select, update

from bot.domain.expiring import NOTHING, Expiry, Move, Standing, move
from bot.domain.storms import Key
from bot.domain.values import AlertId, AlertKind, Ending, Step
from bot.store.alert_tables import alert, credential
from bot.store.engine_tables import connection as connections
from bot.store.postgres import STORMS, take_turns

IS_CREDENTIAL = alert.c.kind == literal_column("'credential'")
IS_OPEN = and_(IS_CREDENTIAL, alert.c.cleared_at.is_(None))
"""In the words of the index that finds the few there are."""

_STANDING = (
    select(alert.c.id, alert.c.connection, credential.c.step, credential.c.expires_at)
    .join_from(alert, credential)
    .where(IS_OPEN)
)
_NAMES = select(connections.c.name)
_EXPIRED = (
    select(alert.c.code, alert.c.connection)
    .join_from(alert, credential)
    .where(IS_OPEN, credential.c.step == Step.EXPIRED.value)
)
_TOUCHED = {"version": alert.c.version + 1, "dirty": True}
_TOUCH = update(alert).where(alert.c.id == bindparam("b_id")).values(_TOUCHED)
_TOUCH_OF = (
    update(alert)
    .where(IS_OPEN, alert.c.code == bindparam("b_code"), alert.c.connection == bindparam("b_connection"))
    .values(_TOUCHED)
)
_CLEAR = _TOUCH.values(cleared_at=bindparam("b_at"))
_OPEN = insert(alert).values(kind=AlertKind.CREDENTIAL, version=1, dirty=True).returning(alert.c.id)
_THIS = update(credential).where(credential.c.alert_id == bindparam("b_id"))
_END = _THIS.values(ending=bindparam("b_ending", type_=credential.c.ending.type))
_RAISE = _THIS.values(step=bindparam("b_step"))


@dataclass(frozen=True, slots=True)
class _Open:
    id: AlertId
    standing: Standing


def is_settled(connection: Connection, expiries: Sequence[Expiry], now: dt.datetime) -> bool:
    """Asked often, so it only reads."""
    known = _open(connection)
    moves = (_move(known, each, now) for each in expiries)
    return not _gone(connection, known) and all(each == NOTHING for each in moves)


def settle(connection: Connection, expiries: Sequence[Expiry], now: dt.datetime) -> None:
    """Replicas take turns."""
    take_turns(connection, STORMS)
    known = _open(connection)
    for name in _gone(connection, known):
        _end(connection, known[name].id, Ending.GONE, now)
    for each in expiries:
        _carry_out(connection, known.get(each.connection), each, _move(known, each, now), now)


def expired(connection: Connection) -> Collection[Key]:
    """What mailboxes fail with from now on, and of which connection, as far as it is known."""
    return {Key(row.code, row.connection) for row in connection.execute(_EXPIRED)}


def touch(connection: Connection, key: Key) -> None:
    """An incident began or ended that tells what an alert about a credential tells."""
    connection.execute(_TOUCH_OF, {"b_code": key.code, "b_connection": key.connection})


def _open(connection: Connection) -> Mapping[str, _Open]:
    return {
        row.connection: _Open(AlertId(row.id), Standing(Step(row.step), row.expires_at))
        for row in connection.execute(_STANDING)
    }


def _gone(connection: Connection, known: Mapping[str, _Open]) -> list[str]:
    if not known:
        return []
    return sorted(known.keys() - set(connection.execute(_NAMES).scalars()))


def _move(known: Mapping[str, _Open], expiry: Expiry, now: dt.datetime) -> Move:
    found = known.get(expiry.connection)
    return move(found.standing if found else None, expiry.expires_at, now)


def _carry_out(
    connection: Connection, found: _Open | None, expiry: Expiry, wanted: Move, now: dt.datetime
) -> None:
    if found and wanted.ending:
        _end(connection, found.id, wanted.ending, now)
    if found and wanted.raised:
        connection.execute(_RAISE, {"b_id": found.id, "b_step": wanted.raised.value})
        connection.execute(_TOUCH, {"b_id": found.id})
    if wanted.opened:
        _begin(connection, expiry, wanted.opened, now)


def _begin(connection: Connection, expiry: Expiry, step: Step, now: dt.datetime) -> None:
    row = {"code": expiry.code, "connection": expiry.connection, "opened_at": now}
    told = {
        "alert_id": connection.execute(_OPEN, row).scalar_one(),
        "credential": expiry.credential,
        "expires_at": expiry.expires_at,
        "declared": expiry.is_declared,
        "step": step.value,
    }
    connection.execute(insert(credential), told)


def _end(connection: Connection, alert_id: AlertId, ending: Ending, now: dt.datetime) -> None:
    connection.execute(_END, {"b_id": alert_id, "b_ending": ending})
    connection.execute(_CLEAR, {"b_id": alert_id, "b_at": now})
