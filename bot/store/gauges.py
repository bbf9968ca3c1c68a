"""How much waits for a sweep."""

import datetime as dt

from sqlalchemy import Connection, func, select

from bot.ports import Counts
from bot.store.alert_tables import alert
from bot.store.tables import event_parked, retry

_ALERTS = select(func.count()).select_from(alert).where(alert.c.dirty)
_RETRIES = (
    select(func.count()).select_from(retry).where(retry.c.finished_at.is_(None), retry.c.sent_at.is_(None))
)
_PARKED = select(func.count()).select_from(event_parked)


def backlog(connection: Connection, now: dt.datetime) -> Counts:  # noqa: ARG001 - what waits, due or not
    return {
        "alerts": connection.execute(_ALERTS).scalar_one(),
        "retries": connection.execute(_RETRIES).scalar_one(),
        "parked events": connection.execute(_PARKED).scalar_one(),
    }
