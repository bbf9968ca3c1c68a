"""Chooses the channels that an alert is told in: each that subscribed to something of it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select, update

from bot.domain.routing import Subscription
from bot.domain.values import AlertId
from bot.domain.wishes import Mode
from bot.store.alert_facts import facts
from bot.store.alert_tables import alert, alert_message
from bot.store.columns import INSERTS, AnyRow
from bot.store.postgres import ROUTING, take_turns
from bot.store.subscribing import subscriptions

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_CHANGED = (
    select(alert.c.id)
    .where(alert.c.dirty, alert.c.cleared_at.is_(None), alert.c.routed_version < alert.c.version)
    .order_by(alert.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, key_share=True)
)
_KNOWN = select(alert_message.c.alert_id, alert_message.c.channel).where(alert_message.c.alert_id.in_(_IDS))
_ADD = {dialect: insert(alert_message).on_conflict_do_nothing() for dialect, insert in INSERTS.items()}
_LOOK_ANEW = (
    update(alert_message)
    .where(alert_message.c.alert_id.in_(_IDS), alert_message.c.waits_for.is_not(None))
    .values(shown_version=0)
)
_ROUTED = update(alert).where(alert.c.id.in_(_IDS)).values(routed_version=alert.c.version)


def route(connection: Connection, default: Subscription | None, limit: int) -> bool:
    """Whether there may be more.

    A change of the subscriptions marks alerts in its own transaction: they are read after the alerts are
    locked, so that either this or the next call sees it.
    """
    take_turns(connection, ROUTING)
    ids: Sequence[AlertId] = connection.execute(_CHANGED, {"limit": limit}).scalars().all()
    if not ids:
        return False
    _add(connection, list(_missing(connection, ids, subscriptions(connection, default))))
    connection.execute(_LOOK_ANEW, {"ids": ids})
    connection.execute(_ROUTED, {"ids": ids})
    return len(ids) == limit


def _missing(
    connection: Connection, ids: Sequence[AlertId], known: Iterable[Subscription]
) -> Iterable[dict[str, Any]]:
    """Facts are read only of alerts that some channel does not have yet."""
    alerting = [each for each in known if each.mode is not Mode.DIGEST]
    has = {_pair(row) for row in connection.execute(_KNOWN, {"ids": ids})}
    asked = [(each, to) for each in ids for to in alerting if (each, to.channel) not in has]
    found = facts(connection, sorted({each for each, _ in asked})) if asked else {}
    for each, to in asked:
        if each in found and to.filter.takes(found[each]):
            yield {"alert_id": each, "channel": to.channel, "shown_version": 0, "attempts": 0}


def _pair(row: AnyRow) -> tuple[AlertId, str]:
    return row.alert_id, row.channel


def _add(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(_ADD[connection.dialect.name], rows)
