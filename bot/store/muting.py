"""Which mutes cards tell of, and that those which have ended are told no longer."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import BindParameter, Connection, and_, bindparam, delete, exists, or_, select, update

from bot.domain.routing import Mute
from bot.domain.values import MailboxId
from bot.domain.wishes import MuteKind
from bot.store.alert_tables import alert, mute
from bot.store.tables import mailbox, policy
from bot.views import Muted

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ENDED = mute.c.until <= bindparam("now", type_=mute.c.until.type)
_HAS_ENDED = select(exists().where(_ENDED))
_FORGET = delete(mute).where(_ENDED).returning(mute.c.kind, mute.c.key)
_KEY = bindparam("b_key", type_=mute.c.key.type)
_NAMES_MAILBOX = and_(mute.c.kind == MuteKind.MAILBOX, mute.c.key == mailbox.c.key)
_NAMES_POLICY = and_(mute.c.kind == MuteKind.POLICY, mute.c.key == policy.c.key)
_OF_MAILBOXES = (
    select(mailbox.c.id, mute)
    .select_from(mailbox.join(policy).join(mute, or_(_NAMES_MAILBOX, _NAMES_POLICY)))
    .where(mailbox.c.id.in_(_IDS))
    .order_by(mute.c.kind.desc())
)
_SHOWING = select(mailbox.c.id).join_from(mailbox, policy)
_SHOWN_BY = {
    MuteKind.MAILBOX: _SHOWING.where(mailbox.c.key == _KEY),
    MuteKind.POLICY: _SHOWING.where(policy.c.key == _KEY),
}
_SHOW = {
    kind: update(alert)
    .where(alert.c.cleared_at.is_(None), alert.c.mailbox_id.in_(chosen))
    .values(version=alert.c.version + 1, dirty=True)
    for kind, chosen in _SHOWN_BY.items()
}


def mutes_of(connection: Connection, mailboxes: Collection[MailboxId]) -> dict[MailboxId, Mute]:
    """That of the mailbox itself; else that of its policy."""
    return {
        row[0]: Mute(row.kind, row.key, row.until, row.by, row.at, row.reason)
        for row in connection.execute(_OF_MAILBOXES, {"ids": list(mailboxes)})
    }


def told(mute: Mute, policy_name: str) -> Muted:
    what = "mailbox" if mute.kind is MuteKind.MAILBOX else f"policy {policy_name}"
    return Muted(what, mute.by, mute.until, mute.reason)


def show_on_messages(connection: Connection, kind: MuteKind, key: str) -> None:
    """Have the open alerts drawn anew that tell of such a mute."""
    if kind in _SHOW:
        connection.execute(_SHOW[kind], {"b_key": key})


def has_ended(connection: Connection, now: dt.datetime) -> bool:
    return bool(connection.execute(_HAS_ENDED, {"now": now}).scalar_one())


def forget_ended(connection: Connection, now: dt.datetime) -> bool:
    ended = connection.execute(_FORGET, {"now": now}).all()
    for row in ended:
        show_on_messages(connection, row.kind, row.key)
    return bool(ended)
