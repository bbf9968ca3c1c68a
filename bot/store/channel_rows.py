"""Which channels take nothing, why, since when, and who was told."""

import datetime as dt
from datetime import timedelta

from sqlalchemy import Connection, bindparam, or_, select, update

from bot.domain.delivering import next_try
from bot.ports.delivery import Outage
from bot.store.alert_tables import channel_state
from bot.store.columns import INSERTS

_CHANNEL = channel_state.c.channel == bindparam("b_channel")
_ADD = {
    dialect: insert(channel_state).values(channel=bindparam("channel")).on_conflict_do_nothing()
    for dialect, insert in INSERTS.items()
}
_FAILING = select(channel_state).where(_CHANNEL).with_for_update()
_FAILED = update(channel_state).where(_CHANNEL)
_DELIVERED = (
    update(channel_state)
    .where(
        _CHANNEL,
        or_(
            channel_state.c.reason.is_not(None),
            channel_state.c.delivered_at.is_(None),
            channel_state.c.delivered_at < bindparam("b_before", type_=channel_state.c.delivered_at.type),
        ),
    )
    .values(delivered_at=bindparam("b_now"), reason=None, since=None, retry_after=None, told_at=None)
)
_TELL = (
    update(channel_state)
    .where(_CHANNEL, channel_state.c.reason.is_not(None), channel_state.c.told_at.is_(None))
    .values(told_at=bindparam("b_now"))
    .returning(channel_state.c.channel)
)
_TELL_OF_REFUSAL = (
    update(channel_state)
    .where(
        _CHANNEL,
        or_(
            channel_state.c.refusal_told_at.is_(None),
            channel_state.c.refusal_told_at <= bindparam("b_before", type_=channel_state.c.told_at.type),
        ),
    )
    .values(refusal_told_at=bindparam("b_now"))
    .returning(channel_state.c.channel)
)
_UNTOLD = update(channel_state).where(_CHANNEL).values(told_at=None, refusal_told_at=None)

PRECISION = timedelta(seconds=10)
"""How old the time of the last delivery may be: it is not worth a write each time."""


def delivered(connection: Connection, channel: str, now: dt.datetime) -> None:
    _add(connection, channel)
    connection.execute(_DELIVERED, {"b_channel": channel, "b_now": now, "b_before": now - PRECISION})


def failed(
    connection: Connection, channel: str, reason: str, until: dt.datetime | None, now: dt.datetime
) -> Outage:
    _add(connection, channel)
    state = connection.execute(_FAILING, {"b_channel": channel}).one()
    since = state.since or now
    retry_after = until or next_try(since, now)
    values = {"reason": reason, "since": since, "retry_after": retry_after}
    connection.execute(_FAILED.values(values), {"b_channel": channel})
    return Outage(channel, reason, since, retry_after, state.told_at)


def claim_telling(connection: Connection, channel: str, now: dt.datetime) -> bool:
    return connection.execute(_TELL, {"b_channel": channel, "b_now": now}).first() is not None


def claim_telling_of_refusal(
    connection: Connection, channel: str, now: dt.datetime, again: timedelta
) -> bool:
    _add(connection, channel)
    values = {"b_channel": channel, "b_now": now, "b_before": now - again}
    return connection.execute(_TELL_OF_REFUSAL, values).first() is not None


def untold(connection: Connection, channel: str) -> None:
    connection.execute(_UNTOLD, {"b_channel": channel})


def _add(connection: Connection, channel: str) -> None:
    connection.execute(_ADD[connection.dialect.name], {"channel": channel})
