"""How syncbot itself is, as far as rows tell."""

from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from bot.ports.health import HealthRecord
from bot.store.alert_tables import alert, alert_message, channel_state
from bot.store.tables import event_parked, retry, run
from bot.views.health import ChannelHealth, EngineHealth, Held, Undelivered, Waiting

_CHANNELS = select(channel_state).order_by(channel_state.c.channel)
_NEVER_POSTED = and_(alert_message.c.ts.is_(None), alert_message.c.posting_since.is_(None))
_BEHIND = and_(
    alert_message.c.alert_id.in_(select(alert.c.id).where(alert.c.dirty)),
    alert_message.c.shown_version < alert.c.version,
    alert_message.c.waits_for.is_(None),
    or_(alert.c.cleared_at.is_(None), ~_NEVER_POSTED),
)
"""Of a message: it should show something else, and nothing but Slack is in the way."""

_REASON = func.coalesce(channel_state.c.reason, alert_message.c.last_error)
_SINCE = func.min(func.coalesce(alert_message.c.failing_since, channel_state.c.since, alert.c.opened_at))
_UNDELIVERED = (
    select(
        alert_message.c.channel,
        _REASON.label("reason"),
        func.count().label("messages"),
        _SINCE.label("since"),
    )
    .select_from(
        alert.join(alert_message).outerjoin(channel_state, channel_state.c.channel == alert_message.c.channel)
    )
    .where(_BEHIND, _REASON.is_not(None))
    .group_by(alert_message.c.channel, _REASON)
    .order_by(alert_message.c.channel, _REASON)
)
_HELD = (
    select(alert_message.c.waits_for.label("reason"), func.count().label("messages"))
    .join_from(alert_message, alert)
    .where(alert_message.c.waits_for.is_not(None), alert_message.c.ts.is_(None), alert.c.cleared_at.is_(None))
    .group_by(alert_message.c.waits_for)
    .order_by(func.count().desc(), alert_message.c.waits_for)
)
_ALERTS = select(func.count()).where(alert.c.dirty)
_OLDEST_ALERT = (
    select(func.min(alert.c.opened_at))
    .join_from(alert, alert_message)
    .where(_BEHIND, alert_message.c.ts.is_(None))
)
_UNSENT = and_(retry.c.finished_at.is_(None), retry.c.sent_at.is_(None))
_RETRIES = select(func.count(), func.min(retry.c.requested_at)).where(_UNSENT)
_PARKED = select(func.count(), func.min(event_parked.c.received_at))
_RUNNING = select(func.count()).where(run.c.finished_at.is_(None))
_BEGAN = select(func.max(run.c.started_at))
_ENDED = select(func.max(run.c.finished_at))
_REFUSED = _RETRIES.where(retry.c.send_attempts > 0)


def read(connection: Connection) -> HealthRecord:
    return HealthRecord(
        channels=tuple(_channel(row) for row in connection.execute(_CHANNELS)),
        undelivered=tuple(
            Undelivered(row.channel, row.reason, row.messages, row.since)
            for row in connection.execute(_UNDELIVERED)
        ),
        held=tuple(Held(row.reason, row.messages) for row in connection.execute(_HELD)),
        backlog=_backlog(connection),
        engine=_engine(connection),
    )


def _channel(row: Any) -> ChannelHealth:  # noqa: ANN401 - a row
    return ChannelHealth(
        row.channel,
        is_subscribed=False,
        delivered_at=row.delivered_at,
        reason=row.reason,
        since=row.since,
        retry_after=row.retry_after,
        told_at=row.told_at,
    )


def _backlog(connection: Connection) -> tuple[Waiting, ...]:
    """Of alerts, `since` is that of the oldest that a channel has not been told of."""
    alerts, oldest = (connection.execute(query).scalar_one() for query in (_ALERTS, _OLDEST_ALERT))
    retries, requested = connection.execute(_RETRIES).one()
    parked, received = connection.execute(_PARKED).one()
    return (
        Waiting("alerts", alerts, oldest),
        Waiting("retries", retries, requested),
        Waiting("parked events", parked, received),
    )


def _engine(connection: Connection) -> EngineHealth:
    running, began, ended = (connection.execute(query).scalar_one() for query in (_RUNNING, _BEGAN, _ENDED))
    unsent, since = connection.execute(_REFUSED).one()
    return EngineHealth(running, began, ended, unsent, since)
