"""Which channel messages differ from what the rows say, and who may bring them up to date now."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    String,
    and_,
    bindparam,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    update,
)

from bot.domain.values import AlertId
from bot.ports import AlertDelivery
from bot.store.alert_cards import alert_cards
from bot.store.alert_tables import alert, alert_message
from bot.store.columns import INSERTS, AnyRow

_NOW = bindparam("now", type_=alert_message.c.leased_until.type)
_CHANNELS: BindParameter[Any] = bindparam("channels", expanding=True)
_CHANNEL = bindparam("channel", type_=alert_message.c.channel.type)
_OF_ALERT = alert_message.c.alert_id == alert.c.id
_IS_OPEN = alert.c.cleared_at.is_(None)
_HAS_MESSAGE = exists().where(_OF_ALERT, alert_message.c.channel == _CHANNEL)
_LEASE_IS_FREE = or_(alert_message.c.leased_until.is_(None), alert_message.c.leased_until <= _NOW)

_MARK_FOR_NEW_CHANNEL = (
    update(alert).where(_IS_OPEN, not_(alert.c.dirty), not_(_HAS_MESSAGE)).values(dirty=True)
)
_MISSING = select(alert.c.id, _CHANNEL, literal(0), literal(0)).where(
    alert.c.dirty, _IS_OPEN, not_(_HAS_MESSAGE)
)
_ADD_MISSING = {
    dialect: insert(alert_message)
    .from_select(["alert_id", "channel", "shown_version", "attempts"], _MISSING.order_by(alert.c.id))
    .on_conflict_do_nothing()
    for dialect, insert in INSERTS.items()
}
_VERSION_OF_ALERT = select(alert.c.version).where(alert.c.id == alert_message.c.alert_id).scalar_subquery()
_NEVER_POSTED = (
    select(alert_message.c.id)
    .join_from(alert_message, alert)
    .where(
        alert.c.dirty,
        alert.c.cleared_at.is_not(None),
        alert_message.c.ts.is_(None),
        alert_message.c.shown_version < alert.c.version,
        _LEASE_IS_FREE,
    )
    .with_for_update(of=alert_message, skip_locked=True)
)
_SKIP_NEVER_POSTED = (
    update(alert_message).where(alert_message.c.id.in_(_NEVER_POSTED)).values(shown_version=_VERSION_OF_ALERT)
)
_BEHIND = and_(_OF_ALERT, alert_message.c.shown_version < alert.c.version)
_HAS_ALL_MESSAGES = (
    select(func.count() == bindparam("wanted"))
    .where(_OF_ALERT, alert_message.c.channel.in_(_CHANNELS))
    .scalar_subquery()
)
"""False for an alert that opened after the missing messages were added."""

_SETTLED = (
    select(alert.c.id)
    .where(
        alert.c.dirty,
        not_(exists().where(_BEHIND, alert_message.c.channel.in_(_CHANNELS))),
        or_(not_(_IS_OPEN), _HAS_ALL_MESSAGES),
    )
    .with_for_update(skip_locked=True)
)
_SETTLE = update(alert).where(alert.c.id.in_(_SETTLED)).values(dirty=False)
_DUE = (
    select(alert_message.c.id)
    .join_from(alert_message, alert)
    .where(
        alert.c.dirty,
        alert_message.c.channel.in_(_CHANNELS),
        alert_message.c.shown_version < alert.c.version,
        or_(alert_message.c.deliver_after.is_(None), alert_message.c.deliver_after <= _NOW),
        _LEASE_IS_FREE,
    )
    .order_by(alert.c.id, alert_message.c.id)
    .limit(bindparam("limit"))
    .with_for_update(of=alert_message, skip_locked=True)
)
_LEASE = (
    update(alert_message)
    .where(alert_message.c.id.in_(bindparam("ids", expanding=True)))
    .values(leased_until=bindparam("b_until"))
)
_LEASED = (
    select(alert_message, alert.c.version)
    .join_from(alert_message, alert)
    .where(alert_message.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(alert_message.c.id)
)

_THIS = and_(
    alert_message.c.id == bindparam("b_id"), alert_message.c.leased_until == bindparam("b_leased_until")
)
_SHOWN = (
    update(alert_message)
    .where(_THIS)
    .values(
        ts=bindparam("b_ts", type_=String),
        shown_version=bindparam("b_version"),
        shown_digest=bindparam("b_digest"),
        deliver_after=None,
        leased_until=None,
        attempts=0,
        last_error=None,
    )
)
_POSTPONE = (
    update(alert_message)
    .where(_THIS)
    .values(
        deliver_after=bindparam("b_until"),
        leased_until=None,
        attempts=alert_message.c.attempts + 1,
        last_error=bindparam("b_reason"),
    )
)
_FORGET = (
    update(alert_message)
    .where(_THIS)
    .values(ts=None, shown_version=0, shown_digest=None, deliver_after=None, leased_until=None)
)
_MARK = update(alert).where(alert.c.id == bindparam("b_alert")).values(dirty=exists().where(_BEHIND))


def add_channel(connection: Connection, channel: str) -> None:
    """Have the alerts that are open already shown in a channel that was not asked for before."""
    connection.execute(_MARK_FOR_NEW_CHANNEL, {"channel": channel})


def lease_due(
    connection: Connection, channels: Sequence[str], now: dt.datetime, until: dt.datetime, limit: int
) -> tuple[AlertDelivery, ...]:
    """Looks only at alerts marked as dirty, however many there were before, and waits for nobody's locks."""
    for channel in channels:
        connection.execute(_ADD_MISSING[connection.dialect.name], {"channel": channel})
    connection.execute(_SKIP_NEVER_POSTED, {"now": now})
    connection.execute(_SETTLE, {"channels": channels, "wanted": len(channels)})
    due = {"channels": channels, "now": now, "limit": limit}
    ids = list(connection.execute(_DUE, due).scalars())
    if not ids:
        return ()
    connection.execute(_LEASE, {"ids": ids, "b_until": until})
    return _deliveries(connection, connection.execute(_LEASED, {"ids": ids}).all())


def shown(connection: Connection, delivery: AlertDelivery, ts: str | None, digest: str) -> None:
    """What the channel shows may have been overtaken meanwhile: then the alert stays marked."""
    values = {"b_ts": ts, "b_version": delivery.version, "b_digest": digest}
    connection.execute(_SHOWN, _this(delivery) | values)
    connection.execute(_MARK, {"b_alert": delivery.alert})


def postpone(connection: Connection, delivery: AlertDelivery, until: dt.datetime, reason: str) -> None:
    connection.execute(_POSTPONE, _this(delivery) | {"b_until": until, "b_reason": reason})


def forget_message(connection: Connection, delivery: AlertDelivery) -> None:
    connection.execute(_FORGET, _this(delivery))
    connection.execute(_MARK, {"b_alert": delivery.alert})


def _this(delivery: AlertDelivery) -> dict[str, Any]:
    return {"b_id": delivery.id, "b_leased_until": delivery.leased_until}


def _deliveries(connection: Connection, rows: Sequence[AnyRow]) -> tuple[AlertDelivery, ...]:
    cards = alert_cards(connection, {AlertId(row.alert_id) for row in rows})
    return tuple(
        AlertDelivery(
            id=row.id,
            alert=row.alert_id,
            channel=row.channel,
            ts=row.ts,
            version=row.version,
            shown_digest=row.shown_digest,
            attempts=row.attempts,
            card=cards[row.alert_id],
            leased_until=row.leased_until,
        )
        for row in rows
    )
