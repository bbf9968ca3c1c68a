"""Who wants which alerts, and what is muted, as rows. A change has every open alert looked at again."""

import datetime as dt
from dataclasses import asdict
from datetime import time
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, literal_column, select, update

from bot.domain.routing import Filter, Mute, Subscription
from bot.domain.values import Severity
from bot.domain.wishes import Cadence, DigestPlan, MuteKind, QuietHours, Urgency
from bot.store.alert_tables import alert, alert_message, mute, subscription
from bot.store.columns import INSERTS, AnyRow
from bot.store.muting import show_on_messages
from bot.store.tables import audit

_CHANNEL = bindparam("b_channel", type_=subscription.c.channel.type)
_NOW = bindparam("now", type_=mute.c.until.type)
_ALL = select(subscription).order_by(subscription.c.channel)
_REMOVE = delete(subscription).where(subscription.c.channel == _CHANNEL).returning(subscription.c.id)
_KNOWN = select(subscription.c.id).where(subscription.c.channel == _CHANNEL)
_LIVE = (
    select(mute)
    .where((mute.c.until.is_(None)) | (mute.c.until > _NOW))
    .order_by(mute.c.at.desc(), mute.c.id.desc())
)
_UNMUTE = (
    delete(mute)
    .where(mute.c.kind == bindparam("b_kind", type_=mute.c.kind.type), mute.c.key == bindparam("b_key"))
    .returning(mute.c.until)
)
_ROUTE_ANEW = tuple(
    update(alert).where(each, alert.c.cleared_at.is_(None)).values(routed_version=0, dirty=True)
    for each in (
        alert.c.mailbox_id.is_not(None),
        alert.c.kind == literal_column("'incident'"),
        alert.c.kind == literal_column("'credential'"),
    )
)
"""In the words of the indexes of what is open. A digest is for one channel."""

_ENDED = select(alert.c.cleared_at).where(alert.c.id == alert_message.c.alert_id).scalar_subquery()
_TELL_THE_END = (
    update(alert_message)
    .where(alert_message.c.waits_for.is_not(None), alert_message.c.ts.is_not(None), _ENDED.is_not(None))
    .values(deliver_after=_ENDED)
)
"""A thread may wait to be told that all is well for as long as it is muted."""


def route_anew(connection: Connection) -> None:
    """Have the channels of each open alert chosen again, and threads looked at that wait for an end."""
    for each in _ROUTE_ANEW:
        connection.execute(each)
    connection.execute(_TELL_THE_END)


# ---- subscriptions -----------------------------------------------------------------------------------------


def subscriptions(connection: Connection, default: Subscription | None) -> tuple[Subscription, ...]:
    """By channel; `default` unless its channel has one of its own."""
    own = {row.channel: _subscription(row) for row in connection.execute(_ALL)}
    if default is not None:
        own.setdefault(default.channel, default)
    return tuple(own[channel] for channel in sorted(own))


def save(connection: Connection, wanted: Subscription, by: str, now: dt.datetime) -> None:
    is_new = connection.execute(_KNOWN, {"b_channel": wanted.channel}).first() is None
    row = _row(wanted) | {"by": by, "at": now}
    connection.execute(
        INSERTS[connection.dialect.name](subscription)
        .values(row)
        .on_conflict_do_update(index_elements=["channel"], set_=row)
    )
    _note(connection, "channel subscribed" if is_new else "subscription changed", wanted.channel, by, now)
    route_anew(connection)


def remove(connection: Connection, channel: str, by: str, now: dt.datetime) -> bool:
    if connection.execute(_REMOVE, {"b_channel": channel}).first() is None:
        return False
    _note(connection, "channel unsubscribed", channel, by, now)
    route_anew(connection)
    return True


def _row(wanted: Subscription) -> dict[str, Any]:
    lists = ("mailboxes", "domains", "policies", "causes")
    chosen = {name: sorted(getattr(wanted.filter, name)) for name in lists}
    return {
        "channel": wanted.channel,
        "filter": chosen | {"least": wanted.filter.least.value},
        "mode": wanted.mode,
        "quiet": _plain(wanted.quiet),
        "mention": wanted.mention,
        "digest": _plain(wanted.digest),
    }


def _plain(part: QuietHours | DigestPlan | None) -> dict[str, Any] | None:
    if part is None:
        return None
    return {
        name: value.isoformat() if isinstance(value, time) else value for name, value in asdict(part).items()
    }


def _subscription(row: AnyRow) -> Subscription:
    return Subscription(
        channel=row.channel,
        filter=_filter(row.filter),
        mode=row.mode,
        quiet=_quiet(row.quiet) if row.quiet else None,
        mention=row.mention,
        digest=_digest(row.digest) if row.digest else None,
        by=row.by,
        at=row.at,
    )


def _filter(stored: dict[str, Any]) -> Filter:
    lists = {name: frozenset(value) for name, value in stored.items() if name != "least"}
    return Filter(**lists, least=Urgency(stored["least"]))


def _quiet(stored: dict[str, Any]) -> QuietHours:
    start, end = time.fromisoformat(stored["start"]), time.fromisoformat(stored["end"])
    return QuietHours(stored["zone"], start, end, Urgency(stored["breaks"]))


def _digest(stored: dict[str, Any]) -> DigestPlan:
    at = time.fromisoformat(stored["at"])
    return DigestPlan(Cadence(stored["cadence"]), stored["zone"], at, stored["weekday"])


# ---- mutes -------------------------------------------------------------------------------------------------


def mutes(connection: Connection, now: dt.datetime) -> tuple[Mute, ...]:
    """Those that have not ended, the newest first."""
    rows = connection.execute(_LIVE, {"now": now})
    return tuple(Mute(row.kind, row.key, row.until, row.by, row.at, row.reason) for row in rows)


def add_mute(connection: Connection, wanted: Mute) -> None:
    row = asdict(wanted)
    connection.execute(
        INSERTS[connection.dialect.name](mute)
        .values(row)
        .on_conflict_do_update(index_elements=["kind", "key"], set_=row)
    )
    until = f" until {wanted.until.isoformat()}" if wanted.until else ""
    because = f": {wanted.reason}" if wanted.reason else ""
    _note(connection, "muted", f"{wanted.kind} {wanted.key}{until}{because}", wanted.by, wanted.at)
    show_on_messages(connection, wanted.kind, wanted.key)
    route_anew(connection)


def remove_mute(connection: Connection, kind: MuteKind, key: str, by: str, now: dt.datetime) -> bool:
    """False where none was live."""
    removed = connection.execute(_UNMUTE, {"b_kind": kind, "b_key": key}).first()
    if removed is None or (removed.until is not None and removed.until <= now):
        return False
    _note(connection, "unmuted", f"{kind} {key}", by, now)
    show_on_messages(connection, kind, key)
    route_anew(connection)
    return True


def _note(connection: Connection, event: str, message: str, by: str, now: dt.datetime) -> None:
    row = {"at": now, "actor": by, "severity": Severity.INFORMATION, "event": event, "message": message}
    connection.execute(insert(audit), row)
