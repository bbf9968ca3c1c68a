"""Which failures make an incident, or belong to one that is open: read first, since mostly there are none."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, FromClause, Select, and_, bindparam, false, func, literal_column, select

from bot.domain.storms import DESTINATION, FEW, SOURCE, WINDOW, Key, Window, is_storm, swept_along, windows
from bot.domain.values import AlertId, MailboxId
from bot.store.alert_tables import alert
from bot.store.credential_rows import expired
from bot.store.engine_tables import connection as credentials
from bot.store.engine_tables import mail_policy
from bot.store.tables import failure, mailbox

_CODE = bindparam("b_code", type_=failure.c.code.type)
_SINCE = bindparam("since", type_=failure.c.first_at.type)
_CONNECTION = bindparam("b_connection", type_=credentials.c.name.type)
UNRESOLVED = failure.c.resolved_at.is_(None)
LOOSE = and_(UNRESOLVED, failure.c.incident_id.is_(None))
"""Failures that no incident tells."""

IS_INCIDENT = alert.c.kind == literal_column("'incident'")
IS_OPEN = and_(IS_INCIDENT, alert.c.cleared_at.is_(None))
"""In the words of the index that finds the few there are."""

_BY_CODE = (
    select(failure.c.code, func.count(failure.c.mailbox_id.distinct()).label("mailboxes"))
    .where(LOOSE)
    .group_by(failure.c.code)
)
_NEWEST = select(func.coalesce(func.max(failure.c.id), 0))
_NEW_CODES = select(failure.c.code).where(failure.c.id > bindparam("b_since", type_=failure.c.id.type), LOOSE)
_OPEN = select(alert.c.id, alert.c.code, alert.c.connection).where(IS_OPEN)
_SIDES = {SOURCE: mail_policy.c.source_connection_id, DESTINATION: mail_policy.c.destination_connection_id}


def _side(code: str) -> str:
    return next((side for side in _SIDES if code.startswith(side)), "")


def _named(side: str, mailboxes: FromClause) -> FromClause:
    """With the connection of that side, if it is known."""
    used = _SIDES.get(side)
    return mailboxes.outerjoin(mail_policy, mail_policy.c.policy_id == mailbox.c.policy_id).outerjoin(
        credentials, false() if used is None else credentials.c.id == used
    )


_NAME = func.coalesce(credentials.c.name, "")
_BEGAN = func.min(failure.c.first_at)
_ONSETS_OF_CODE = (
    select(failure.c.mailbox_id, _BEGAN.label("began"))
    .where(LOOSE, failure.c.code == _CODE)
    .group_by(failure.c.mailbox_id)
    .subquery()
)


def _onsets(side: str) -> Select[MailboxId, str, dt.datetime]:
    """When each mailbox began to fail with a code that no incident tells.

    Grouped before it is joined: a mailbox may have thousands of failures.
    """
    onsets = _ONSETS_OF_CODE.join(mailbox, mailbox.c.id == _ONSETS_OF_CODE.c.mailbox_id)
    return (
        select(_ONSETS_OF_CODE.c.mailbox_id, _NAME.label("connection"), _ONSETS_OF_CODE.c.began)
        .select_from(_named(side, onsets))
        .order_by(_ONSETS_OF_CODE.c.began, _ONSETS_OF_CODE.c.mailbox_id)
    )


def loose_of(side: str) -> Select[int]:
    """All that no incident tells, of a code and a connection."""
    return (
        select(failure.c.id)
        .select_from(_named(side, failure.join(mailbox)))
        .where(LOOSE, failure.c.code == _CODE, _NAME == _CONNECTION)
        .with_for_update(of=failure, skip_locked=True)
    )


def _others(side: str) -> Select[int]:
    """How many mailboxes of a connection synced since, and so prove that it works; at most `limit`."""
    fails = select(failure.c.id).where(
        failure.c.mailbox_id == mailbox.c.id, UNRESOLVED, failure.c.code == _CODE
    )
    some = (
        select(mailbox.c.id)
        .select_from(_named(side, mailbox))
        .where(mailbox.c.last_success_at >= _SINCE, _NAME == _CONNECTION, ~fails.exists())
        .limit(bindparam("limit"))
    )
    return select(func.count()).select_from(some.subquery())


_ALL_SIDES = ("", *_SIDES)
_ONSETS = {side: _onsets(side) for side in _ALL_SIDES}
_OTHERS = {side: _others(side) for side in _ALL_SIDES}
LOOSE_OF = {side: loose_of(side) for side in _ALL_SIDES}
_MEMBERS = (
    select(_BEGAN)
    .where(failure.c.incident_id == bindparam("id"), failure.c.first_at >= _SINCE)
    .group_by(failure.c.mailbox_id)
)


@dataclass(frozen=True, slots=True)
class Storm:
    """What is to be one incident, which may be open already. `mailboxes` is None for all that fail so."""

    key: Key
    since: dt.datetime
    mailboxes: tuple[MailboxId, ...] | None


@dataclass(slots=True)
class _Onsets:
    mailboxes: list[MailboxId] = field(default_factory=list)
    times: list[dt.datetime] = field(default_factory=list)


def newest(connection: Connection) -> int:
    return int(connection.execute(_NEWEST).scalar_one())


def storms(connection: Connection, since: int | None = None) -> tuple[Storm, ...]:
    """With `since`, the id of a failure, only of causes that anything failed of after it."""
    open_now = {Key(row.code, row.connection): AlertId(row.id) for row in connection.execute(_OPEN)}
    sure = expired(connection)
    asked = _crowded(connection, (*open_now, *sure)) if since is None else _new(connection, since)
    found = [
        _storm(connection, key, onsets, open_now.get(key), is_sure=key in sure)
        for key, onsets in _by_key(connection, asked)
    ]
    return tuple(storm for storm in found if storm)


def _crowded(connection: Connection, sure: Iterable[Key]) -> Sequence[str]:
    """What enough mailboxes have, or is an incident for sure."""
    codes = {key.code for key in sure}
    return [row.code for row in connection.execute(_BY_CODE) if row.mailboxes >= FEW or row.code in codes]


def _new(connection: Connection, since: int) -> Sequence[str]:
    """Told apart here: for a DISTINCT, SQLite would read all that fails in the order of its codes."""
    return sorted(set(connection.execute(_NEW_CODES, {"b_since": since}).scalars()))


def side_of(key: Key) -> str:
    return _side(key.code)


def _by_key(connection: Connection, codes: Iterable[str]) -> Iterable[tuple[Key, _Onsets]]:
    for code in codes:
        found: dict[Key, _Onsets] = {}
        for row in connection.execute(_ONSETS[_side(code)], {"b_code": code}):
            onsets = found.setdefault(Key(code, row.connection), _Onsets())
            onsets.mailboxes.append(row.mailbox_id)
            onsets.times.append(row.began)
        yield from found.items()


def _storm(
    connection: Connection, key: Key, onsets: _Onsets, incident: AlertId | None, *, is_sure: bool
) -> Storm | None:
    """What a connection has, all have, since whenever; of anything else, those that began in a crowd.

    `is_sure`: its credential has expired, so that the first mailbox speaks for all.
    """
    if key.is_of_connection:
        is_one = (
            incident is not None
            or is_sure
            or any(_is_one(connection, key, each) for each in windows(onsets.times))
        )
        return Storm(key, onsets.times[0], None) if is_one else None
    belongs = swept_along(onsets.times, _members(connection, incident, onsets.times[0]))
    chosen = [
        pair
        for pair, is_in in zip(zip(onsets.mailboxes, onsets.times, strict=True), belongs, strict=True)
        if is_in
    ]
    return Storm(key, chosen[0][1], tuple(each for each, _ in chosen)) if chosen else None


def _is_one(connection: Connection, key: Key, window: Window) -> bool:
    if not is_storm(key, window.mailboxes, 0):
        return False
    values = {
        "b_code": key.code,
        "b_connection": key.connection,
        "since": window.since,
        "limit": window.mailboxes + 1,
    }
    return is_storm(key, window.mailboxes, connection.execute(_OTHERS[side_of(key)], values).scalar_one())


def _members(connection: Connection, incident: AlertId | None, first: dt.datetime) -> Sequence[dt.datetime]:
    """Those that began so long ago that they crowd with none of these are left out."""
    if incident is None:
        return ()
    return sorted(connection.execute(_MEMBERS, {"id": incident, "since": first - WINDOW}).scalars())
