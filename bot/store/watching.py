"""Open cards that follow their mailbox: due once it is newer than what they show."""

import datetime as dt
from functools import cache
from itertools import zip_longest

from pydantic import TypeAdapter
from sqlalchemy import Connection, and_, bindparam, delete, exists, literal_column, not_, or_, select, update

from bot.domain.values import MailboxId
from bot.ports import Watch, WatchKind
from bot.store.columns import INSERTS, AnyRow
from bot.store.tables import mailbox, retry, watch
from bot.views import CardRef

LAST_CALL = dt.timedelta(minutes=2)
"""So long before it expires, the last redraw of an answer waits no longer."""

_STORED = (
    "kind",
    "hash",
    "user",
    "ref",
    "mailbox_id",
    "shown_version",
    "uses_left",
    "expires_at",
    "leased_until",
    "digest",
    "not_before",
)
_NOW = bindparam("now", type_=watch.c.expires_at.type)
_BY_TARGET = delete(watch).where(watch.c.target == bindparam("target"))
_EARLIER_MESSAGES = delete(watch).where(
    watch.c.kind == WatchKind.RESPONSE,
    watch.c.user == bindparam("user"),
    watch.c.mailbox_id == bindparam("mailbox_id"),
)
_EXPIRED = delete(watch).where(watch.c.expires_at <= _NOW)
_UNDER_WAY = or_(
    mailbox.c.live_run_id.is_not(None),
    exists().where(retry.c.mailbox_id == mailbox.c.id, retry.c.finished_at.is_(None)),
)
_LAST_CALL = bindparam("last_call", type_=watch.c.expires_at.type)
_MAY_BE_USED = or_(
    watch.c.uses_left > literal_column("1"),
    and_(watch.c.uses_left == literal_column("1"), or_(not_(_UNDER_WAY), watch.c.expires_at <= _LAST_CALL)),
)
"""The last redraw waits for the result: a run tells of itself more often than a response_url can be used.
Where the result is too late for it, it is used while it can be, since it says that none follows.
"""

_DUE = (
    select(watch.c.id)
    .join_from(watch, mailbox)
    .where(
        mailbox.c.version > watch.c.shown_version,
        _MAY_BE_USED,
        or_(watch.c.not_before.is_(None), watch.c.not_before <= _NOW),
        or_(watch.c.leased_until.is_(None), watch.c.leased_until <= _NOW),
    )
    .order_by(watch.c.not_before.nulls_first(), watch.c.id)
    .limit(bindparam("limit"))
    .with_for_update(of=watch, skip_locked=True)
)
"""In turn: where there are more than Slack takes, each waits for all others."""

_DUE_HOMES = (
    select(watch.c.id)
    .where(
        watch.c.mailbox_id.is_(None),
        watch.c.not_before <= _NOW,
        or_(watch.c.leased_until.is_(None), watch.c.leased_until <= _NOW),
    )
    .order_by(watch.c.not_before, watch.c.id)
    .limit(bindparam("limit"))
    .with_for_update(of=watch, skip_locked=True)
)
_LEASE = (
    update(watch)
    .where(watch.c.id.in_(bindparam("ids", expanding=True)))
    .values(leased_until=bindparam("b_until"))
)
_LEASED = (
    select(watch, mailbox.c.version)
    .outerjoin_from(watch, mailbox)
    .where(watch.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(watch.c.id)
)
_SHOWN = (
    update(watch)
    .where(watch.c.id == bindparam("b_id"), watch.c.leased_until.is_not(None))
    .values(
        shown_version=bindparam("b_version"),
        hash=bindparam("b_hash"),
        uses_left=watch.c.uses_left - 1,
        leased_until=None,
        digest=bindparam("b_digest"),
        not_before=bindparam("b_not_before"),
    )
)
_POSTPONE = (
    update(watch)
    .where(watch.c.id == bindparam("b_id"), watch.c.leased_until.is_not(None))
    .values(leased_until=bindparam("b_until"), hash=bindparam("b_hash"))
)

_REPLACED = {
    dialect: insert_into(watch).on_conflict_do_update(
        index_elements=["target"], set_={name: insert_into(watch).excluded[name] for name in _STORED}
    )
    for dialect, insert_into in INSERTS.items()
}


def follow(
    connection: Connection,
    followed: Watch,
    mailbox_id: MailboxId | None,
    expires_at: dt.datetime,
    not_before: dt.datetime | None = None,
) -> None:
    row = {
        "target": followed.target,
        "kind": followed.kind,
        "hash": followed.hash,
        "user": followed.user,
        "ref": _refs().dump_python(followed.ref, mode="json"),
        "mailbox_id": mailbox_id,
        "shown_version": followed.version,
        "uses_left": followed.uses_left,
        "expires_at": expires_at,
        "leased_until": None,
        "digest": followed.digest,
        "not_before": not_before,
    }
    if followed.kind is WatchKind.RESPONSE:
        connection.execute(_EARLIER_MESSAGES, {"user": followed.user, "mailbox_id": mailbox_id})
    connection.execute(_REPLACED[connection.dialect.name], row)


def lease_due(connection: Connection, now: dt.datetime, until: dt.datetime, limit: int) -> tuple[Watch, ...]:
    """`version` of each is the mailbox's as of now: what the card will show at least."""
    connection.execute(_EXPIRED, {"now": now})
    chosen = {"now": now, "limit": limit, "last_call": now + LAST_CALL}
    cards = connection.execute(_DUE, chosen).scalars().all()
    homes = connection.execute(_DUE_HOMES, chosen).scalars().all()
    ids = [each for pair in zip_longest(cards, homes) for each in pair if each is not None][:limit]
    if not ids:
        return ()
    connection.execute(_LEASE, {"ids": ids, "b_until": until})
    return tuple(map(_watch, connection.execute(_LEASED, {"ids": ids})))


def shown(
    connection: Connection,
    followed: Watch,
    new_hash: str | None,
    digest: str | None = None,
    not_before: dt.datetime | None = None,
) -> None:
    """What somebody else put in its place meanwhile has no lease any more, and stays as it is."""
    values = {"b_id": followed.id, "b_version": followed.version, "b_hash": new_hash}
    connection.execute(_SHOWN, values | {"b_digest": digest, "b_not_before": not_before})


def postpone(connection: Connection, followed: Watch, until: dt.datetime, known_hash: str | None) -> None:
    """Leased to nobody until then; what was followed anew meanwhile stays as it is, as in `shown`."""
    connection.execute(_POSTPONE, {"b_id": followed.id, "b_until": until, "b_hash": known_hash})


def drop(connection: Connection, target: str) -> None:
    connection.execute(_BY_TARGET, {"target": target})


@cache
def _refs() -> TypeAdapter[CardRef]:
    return TypeAdapter(CardRef)


def _watch(row: AnyRow) -> Watch:
    return Watch(
        id=row.id,
        kind=row.kind,
        target=row.target,
        hash=row.hash,
        user=row.user,
        ref=_refs().validate_python(row.ref),
        uses_left=row.uses_left,
        version=row.version or 0,
        digest=row.digest,
    )
