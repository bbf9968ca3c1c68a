"""What became of a delivery. Whoever lost its lease changes nothing by it any more."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, String, and_, bindparam, case, func, select, update

from bot.domain.routing import Wait
from bot.domain.values import AlertId
from bot.ports.delivery import AlertDelivery, Orphan, Shown, Told
from bot.store.alert_tables import alert, alert_message
from bot.store.channel_rows import delivered

_THIS = and_(
    alert_message.c.id == bindparam("b_id"), alert_message.c.leased_until == bindparam("b_leased_until")
)
_RELEASE = update(alert_message).where(_THIS).values(leased_until=None)
_POSTING = (
    update(alert_message)
    .where(_THIS, alert_message.c.ts.is_(None))
    .values(posting_since=bindparam("b_now"))
    .returning(alert_message.c.id)
)
_FOUND = (
    update(alert_message)
    .where(_THIS, alert_message.c.ts.is_(None))
    .values(
        ts=bindparam("b_ts"), posting_since=None, told=bindparam("b_told"), told_at=bindparam("b_told_at")
    )
)
_HELD = (
    update(alert_message)
    .where(_THIS)
    .values(
        shown_version=bindparam("b_version"),
        deliver_after=bindparam("b_after", type_=alert_message.c.deliver_after.type),
        waits_for=bindparam("b_waits_for", type_=String),
        posting_since=None,
        leased_until=None,
        attempts=0,
        last_error=None,
        failing_since=None,
    )
)
_SHOWN = (
    update(alert_message)
    .where(_THIS)
    .values(
        ts=bindparam("b_ts", type_=String),
        shown_version=bindparam("b_version"),
        shown_digest=bindparam("b_digest", type_=String),
        deliver_after=bindparam("b_after", type_=alert_message.c.deliver_after.type),
        waits_for=bindparam("b_waits_for", type_=String),
        told=bindparam("b_told"),
        told_at=bindparam("b_told_at", type_=alert_message.c.told_at.type),
        told_cleared=bindparam("b_told_cleared"),
        posting_since=None,
        leased_until=None,
        attempts=0,
        last_error=None,
        failing_since=None,
    )
    .returning(alert_message.c.id)
)
_ANEW = {"shown_version": 0, "shown_digest": None, "leased_until": None, "waits_for": None}
"""It is looked at again even if its alert does not change, and edited even if it says what it said before: an
edit whose answer was lost may have arrived.
"""

_POSTPONE = (
    update(alert_message)
    .where(_THIS)
    .values(
        **_ANEW,
        deliver_after=bindparam("b_until"),
        attempts=alert_message.c.attempts + 1,
        last_error=bindparam("b_reason"),
        failing_since=func.coalesce(alert_message.c.failing_since, bindparam("b_now")),
        posting_since=case(
            (bindparam("b_may_have_arrived"), alert_message.c.posting_since),
            else_=None,
        ),
    )
    .returning(alert_message.c.id)
)
_FORGET = (
    update(alert_message)
    .where(_THIS)
    .values(**_ANEW, ts=None, deliver_after=None, told=0, told_at=None)
    .returning(alert_message.c.id)
)
_MARK = update(alert).where(alert.c.id == bindparam("b_alert")).values(dirty=True)
_OF_CHANNEL = and_(
    alert_message.c.alert_id == bindparam("b_alert"), alert_message.c.channel == bindparam("b_channel")
)
_ADOPT = (
    update(alert_message)
    .where(_OF_CHANNEL, alert_message.c.ts.is_(None))
    .values(**_ANEW, ts=bindparam("b_ts", type_=String), deliver_after=None, posting_since=None)
    .returning(alert_message.c.id)
)
_LIVING = select(alert_message.c.ts).where(_OF_CHANNEL)


def release(connection: Connection, deliveries: Sequence[AlertDelivery]) -> None:
    if deliveries:
        connection.execute(_RELEASE, [_this(delivery) for delivery in deliveries])


def posting(connection: Connection, delivery: AlertDelivery, now: dt.datetime) -> bool:
    return connection.execute(_POSTING, _this(delivery) | {"b_now": now}).first() is not None


def found(connection: Connection, delivery: AlertDelivery, ts: str, told: Told) -> None:
    connection.execute(_FOUND, _this(delivery) | {"b_ts": ts, "b_told": told.count, "b_told_at": told.at})


def hold(connection: Connection, held: Sequence[tuple[AlertDelivery, Wait]]) -> None:
    connection.execute(
        _HELD,
        [
            _this(each) | {"b_version": each.version, "b_after": wait.until, "b_waits_for": wait.reason}
            for each, wait in held
        ],
    )


def shown(connection: Connection, delivery: AlertDelivery, shown: Shown, now: dt.datetime) -> None:
    """The alert stays marked: whether it is settled, the next sweep knows."""
    wait = shown.wait
    values = {
        "b_ts": shown.ts,
        "b_version": delivery.version,
        "b_digest": shown.digest,
        "b_after": wait.until if wait else shown.again_at,
        "b_waits_for": wait.reason if wait else None,
        "b_told": shown.told.count,
        "b_told_at": shown.told.at,
        "b_told_cleared": shown.told.cleared,
    }
    connection.execute(_SHOWN, _this(delivery) | values)
    if shown.sent:
        delivered(connection, delivery.channel, now)


def postpone(
    connection: Connection,
    delivery: AlertDelivery,
    until: dt.datetime,
    reason: str,
    may_have_arrived: bool,  # noqa: FBT001 - by keyword in the port
    now: dt.datetime,
) -> None:
    values = {"b_until": until, "b_reason": reason, "b_may_have_arrived": may_have_arrived, "b_now": now}
    _mark_if(connection, connection.execute(_POSTPONE, _this(delivery) | values).first(), delivery.alert)


def forget_message(connection: Connection, delivery: AlertDelivery) -> None:
    _mark_if(connection, connection.execute(_FORGET, _this(delivery)).first(), delivery.alert)


def is_living(connection: Connection, alert_id: AlertId, channel: str, ts: str) -> bool:
    """It is the message that is kept up to date, or the alert is not known there."""
    rows = connection.execute(_LIVING, {"b_alert": alert_id, "b_channel": channel}).scalars().all()
    return rows in ([], [ts])


def adopt(connection: Connection, alert_id: AlertId, channel: str, ts: str) -> Orphan | None:
    """Whoever is posting at that moment overwrites it with what it posted: then the next click repairs it."""
    values = {"b_alert": alert_id, "b_channel": channel, "b_ts": ts}
    if connection.execute(_ADOPT, values).first() is not None:
        connection.execute(_MARK, {"b_alert": alert_id})
        return None
    living = connection.execute(_LIVING, values).scalar_one_or_none()
    return Orphan(channel, ts, living) if living not in {None, ts} else None


def _mark_if(connection: Connection, is_mine: object, alert_id: AlertId) -> None:
    if is_mine is not None:
        connection.execute(_MARK, {"b_alert": alert_id})


def _this(delivery: AlertDelivery) -> dict[str, Any]:
    return {"b_id": delivery.id, "b_leased_until": delivery.leased_until}
