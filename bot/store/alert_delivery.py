"""Which channel messages differ from what the rows say, and who may bring them up to date now."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from sqlalchemy import Connection, and_, bindparam, case, exists, func, literal_column, or_, select, update

from bot.domain.routing import TOLD_BY_INCIDENT, Standing
from bot.domain.values import AlertId
from bot.ports.delivery import AlertDelivery, Room, Told
from bot.store.alert_cards import alert_cards
from bot.store.alert_facts import counts, standings
from bot.store.alert_tables import alert, alert_message, channel_state
from bot.store.chunks import chunks
from bot.store.columns import AnyRow
from bot.store.credential_cards import credential_cards
from bot.store.digest_rows import digest_cards
from bot.store.incident_cards import incident_cards
from bot.store.incident_rows import TELLING, covered
from bot.store.postgres import ROUTING, take_turns
from bot.views import ChannelCard

_Loader: TypeAlias = Callable[[Connection, Collection[AlertId]], Mapping[AlertId, ChannelCard]]
_NOW = bindparam("now", type_=alert_message.c.leased_until.type)
_IDS: Any = bindparam("ids", expanding=True)
_FULL: Any = bindparam("full", expanding=True)
_OF_ALERT = alert_message.c.alert_id == alert.c.id
_IS_OPEN = alert.c.cleared_at.is_(None)
_IS_FREE = or_(alert_message.c.leased_until.is_(None), alert_message.c.leased_until <= _NOW)
_IS_BEHIND = alert_message.c.shown_version < alert.c.version
_IS_PAUSED = exists().where(
    channel_state.c.channel == alert_message.c.channel,
    channel_state.c.reason.is_not(None),
    channel_state.c.retry_after > _NOW,
)
_VERSION_OF_ALERT = select(alert.c.version).where(_OF_ALERT).scalar_subquery()
_NEVER_POSTED = (
    select(alert_message.c.id)
    .join_from(alert_message, alert)
    .where(
        alert.c.dirty,
        alert.c.cleared_at.is_not(None),
        alert_message.c.ts.is_(None),
        alert_message.c.posting_since.is_(None),
        _IS_BEHIND,
        _IS_FREE,
    )
    .with_for_update(of=alert_message, skip_locked=True)
)
_SKIP_NEVER_POSTED = (
    update(alert_message)
    .where(alert_message.c.id.in_(_NEVER_POSTED))
    .values(shown_version=_VERSION_OF_ALERT, deliver_after=None, waits_for=None, last_error=None)
)
_IS_SETTLED = (
    alert.c.dirty,
    or_(~_IS_OPEN, alert.c.routed_version >= alert.c.version),
    ~exists().where(_OF_ALERT, _IS_BEHIND),
)
_SEEM_SETTLED = select(alert.c.id).where(*_IS_SETTLED).with_for_update(skip_locked=True, key_share=True)
_SETTLE = update(alert).where(alert.c.id.in_(_IDS), *_IS_SETTLED).values(dirty=False)
_IS_POST = alert_message.c.ts.is_(None)
_RANK = func.row_number().over(
    partition_by=(alert_message.c.channel, _IS_POST),
    order_by=(alert.c.id, alert_message.c.id),
)
_IS_STORMY = exists().where(TELLING.c.kind == literal_column("'incident'"), TELLING.c.cleared_at.is_(None))
"""It is asked first, and once: mostly there is no incident."""

_DIRTY = select(alert.c.id).where(alert.c.dirty)
_CHANGED = and_(
    alert_message.c.alert_id.in_(_DIRTY),
    _IS_BEHIND,
    or_(
        alert_message.c.deliver_after.is_(None),
        alert_message.c.deliver_after <= _NOW,
        alert_message.c.waits_for.is_not(None),
    ),
)
"""What waits for a time is looked at sooner where its alert changes; what failed is not."""

_WAITED = and_(alert_message.c.waits_for.is_not(None), alert_message.c.deliver_after <= _NOW)


def _told_by_incident(which: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's own
    """Of ten thousand alerts no card need be drawn to know that they wait."""
    chosen = (
        select(alert_message.c.id)
        .join_from(alert_message, alert)
        .where(
            which,
            _IS_FREE,
            _IS_OPEN,
            alert_message.c.ts.is_(None),
            alert_message.c.posting_since.is_(None),
            _IS_STORMY,
            covered(),
        )
        .with_for_update(of=alert_message, skip_locked=True)
    )
    held = {"shown_version": _VERSION_OF_ALERT, "waits_for": TOLD_BY_INCIDENT, "deliver_after": None}
    failed = {"attempts": 0, "last_error": None, "failing_since": None}
    return update(alert_message).where(alert_message.c.id.in_(chosen)).values(**held, **failed)


def _due(which: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's own
    ranked = (
        select(alert_message.c.id, _IS_POST.label("is_post"), _RANK.label("rank"))
        .join_from(alert_message, alert)
        .where(which, _IS_FREE, ~_IS_PAUSED, or_(~_IS_POST, alert_message.c.channel.not_in(_FULL)))
        .subquery()
    )
    at_once = case((ranked.c.is_post, bindparam("posts")), else_=bindparam("edits"))
    return select(ranked.c.id).where(ranked.c.rank <= at_once)


_DUE = (_due(_CHANGED), _due(_WAITED))
"""As much of each channel as it takes: one that lags keeps no other waiting.

Two queries, since each has an index of its own."""

_HOLD = (_told_by_incident(_CHANGED), _told_by_incident(_WAITED))

_LEASE = (
    update(alert_message)
    .where(alert_message.c.id.in_(_IDS))
    .values(
        leased_until=bindparam("b_until"),
        shown_digest=case((alert_message.c.leased_until.is_(None), alert_message.c.shown_digest), else_=None),
    )
)
"""Whoever let a lease end died, perhaps between an edit and the note of it: what is shown is not known."""

_LEASED = (
    select(alert_message, alert.c.version, alert.c.cleared_at)
    .join_from(alert_message, alert)
    .where(alert_message.c.id.in_(_IDS))
    .order_by(alert_message.c.ts.is_(None).desc(), alert_message.c.alert_id, alert_message.c.id)
)


def lease_due(connection: Connection, now: dt.datetime, until: dt.datetime, room: Room) -> Sequence[int]:
    """Looks only at alerts marked as dirty, and at what waited until now, however many there were before.

    Replicas take turns: what one routed, another must not take for settled.
    """
    take_turns(connection, ROUTING)
    connection.execute(_SKIP_NEVER_POSTED, {"now": now})
    for hold in _HOLD:
        connection.execute(hold, {"now": now})
    _settle(connection)
    asked = {"now": now, "posts": room.posts, "edits": room.edits, "full": sorted(room.full)}
    ids = sorted({each for query in _DUE for each in connection.execute(query, asked).scalars()})
    if ids:
        connection.execute(_LEASE, {"ids": ids, "b_until": until})
    return ids


def _settle(connection: Connection) -> None:
    """Asked again once they are locked: of a row that changes just then, PostgreSQL looks again at the row
    itself, but not at what it found no match for (https://www.postgresql.org/docs/current/transaction-iso.html).
    """
    for some in chunks(connection.execute(_SEEM_SETTLED).scalars().all()):
        connection.execute(_SETTLE, {"ids": some})


def deliveries(
    connection: Connection, ids: Sequence[int], threads: Collection[str]
) -> tuple[AlertDelivery, ...]:
    """Of what was leased, after that: nobody who writes waits while cards are read.

    The version is read before the card, which may be newer by then, and is so looked at once more.
    """
    rows = connection.execute(_LEASED, {"ids": ids}).all()
    alerts = sorted({AlertId(row.alert_id) for row in rows})
    cards = _cards(connection, alerts)
    totals = counts(connection, alerts)
    telling = {row.alert_id for row in rows if _has_to_tell(row, totals.get(row.alert_id, 0), threads)}
    known = standings(connection, sorted(telling)) if telling else {}
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
            count=totals.get(row.alert_id, 0),
            told=Told(row.told, row.told_at, row.told_cleared),
            standing=_standing(known.get(row.alert_id), row),
            posting_since=row.posting_since,
        )
        for row in rows
        if row.alert_id in cards
    )


def _standing(known: Standing | None, row: AnyRow) -> Standing | None:
    return replace(known, was_held=row.waits_for is not None) if known else None


def _cards(connection: Connection, alerts: Sequence[AlertId]) -> dict[AlertId, ChannelCard]:
    loaders: tuple[_Loader, ...] = (alert_cards, incident_cards, credential_cards, digest_cards)
    return {each: card for load in loaders for each, card in load(connection, alerts).items()}


def _has_to_tell(row: AnyRow, count: int, threads: Collection[str]) -> bool:
    if row.ts is None:
        return True
    is_untold = count > row.told or (row.cleared_at is not None and not row.told_cleared)
    return is_untold and row.channel in threads
