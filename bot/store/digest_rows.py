"""Digests as rows: one for each channel and period, delivered as an alert is, by the same rows."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import BindParameter, Connection, bindparam, func, insert, select, update

from bot.domain.values import AlertId, AlertKind
from bot.store.alert_tables import alert, alert_message, digest
from bot.store.columns import INSERTS
from bot.views import DigestCard

_CONTENT = TypeAdapter(DigestCard)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_TOLD = select(digest.c.channel, func.max(digest.c.ends_at).label("ends_at")).group_by(digest.c.channel)
_BEGIN = {
    dialect: insert_(digest).on_conflict_do_nothing().returning(digest.c.id)
    for dialect, insert_ in INSERTS.items()
}
_OPEN = (
    insert(alert).values(kind=AlertKind.DIGEST, version=1, dirty=True, routed_version=1).returning(alert.c.id)
)
_REFER = update(digest).where(digest.c.id == bindparam("b_id")).values(alert_id=bindparam("b_alert"))
_EARLIER = select(digest.c.alert_id).where(digest.c.channel == bindparam("b_channel"))
_SUPERSEDE = (
    update(alert)
    .where(alert.c.id.in_(_EARLIER), alert.c.cleared_at.is_(None))
    .values(cleared_at=bindparam("b_now"))
)
_ROWS = (
    select(digest.c.alert_id, digest.c.content, alert.c.cleared_at)
    .join_from(digest, alert)
    .where(digest.c.alert_id.in_(_IDS))
)


def told(connection: Connection) -> Mapping[str, dt.datetime]:
    return {row.channel: row.ends_at for row in connection.execute(_TOLD)}


def begin(connection: Connection, channel: str, card: DigestCard, now: dt.datetime) -> bool:
    """Whoever inserts the row first, begins it. What was not delivered by then, never is: it is old."""
    row = {"channel": channel, "ends_at": card.ends_at, "content": _CONTENT.dump_python(card, mode="json")}
    begun = connection.execute(_BEGIN[connection.dialect.name], row).scalar_one_or_none()
    if begun is None:
        return False
    connection.execute(_SUPERSEDE, {"b_channel": channel, "b_now": now})
    opened = connection.execute(_OPEN, {"opened_at": card.ends_at}).scalar_one()
    connection.execute(_REFER, {"b_id": begun, "b_alert": opened})
    message = {"alert_id": opened, "channel": channel, "shown_version": 0, "attempts": 0}
    connection.execute(insert(alert_message), message)
    return True


def digest_cards(connection: Connection, ids: Collection[AlertId]) -> dict[AlertId, DigestCard]:
    """Of those that are digests."""
    return {
        row.alert_id: replace(
            _CONTENT.validate_python(row.content), id=row.alert_id, cleared_at=row.cleared_at
        )
        for row in connection.execute(_ROWS, {"ids": list(ids)})
    }
