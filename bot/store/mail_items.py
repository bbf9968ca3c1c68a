"""A mailbox's messages as the engine reads them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, func, not_, or_, select

from bot.domain.mail import EMAIL, FOLDER_PREFIX, Failing, Item, Progress
from bot.domain.values import FailureState, MailboxId
from bot.store.engine_tables import mail_folder, mail_item, mail_sync
from bot.store.mail_states import ITEM, has_failed, is_waiting, item_of
from bot.store.tables import failure

_NOW = bindparam("now", type_=mail_item.c.retry_at.type)
_IN_MAILBOX = mail_item.c.mailbox_id == bindparam("mailbox")
_NOT_BLOCKED = mail_item.c.folder.not_in(bindparam("blocked", expanding=True))
_MAY_BE_TRIED = or_(mail_item.c.retry_at.is_(None), mail_item.c.retry_at <= _NOW)
_DUE = (
    select(*ITEM)
    .where(_IN_MAILBOX, is_waiting(), mail_item.c.id > bindparam("after"), _MAY_BE_TRIED, _NOT_BLOCKED)
    .order_by(mail_item.c.id)
    .limit(bindparam("limit"))
)
_NEXT = select(func.min(mail_item.c.retry_at)).where(_IN_MAILBOX, is_waiting(), _NOT_BLOCKED)
_ASKED = (
    select(*ITEM)
    .where(_IN_MAILBOX, mail_item.c.retry_key.is_not(None), is_waiting(), _MAY_BE_TRIED)
    .order_by(mail_item.c.id)
    .limit(bindparam("limit"))
)
_OWNED = select(mail_item.c.destination_id).where(
    _IN_MAILBOX, mail_item.c.destination_id.in_(bindparam("ids", expanding=True))
)
_FAILED_ITEMS = select(mail_item.c.source_id, mail_item.c.failed_run).where(_IN_MAILBOX, has_failed())
_FAILED_FOLDERS = select(mail_folder.c.source_id, mail_folder.c.failed_run).where(
    mail_folder.c.mailbox_id == bindparam("mailbox"),
    mail_folder.c.failed.is_not(None),
    not_(mail_folder.c.removed),
)
_AGAIN = failure.alias("again")
_ACCEPTED = select(failure.c.item).where(
    failure.c.mailbox_id == bindparam("mailbox"),
    failure.c.service == EMAIL,
    failure.c.state == FailureState.DISMISSED,
    ~exists().where(
        _AGAIN.c.mailbox_id == failure.c.mailbox_id,
        _AGAIN.c.service == failure.c.service,
        _AGAIN.c.item == failure.c.item,
        _AGAIN.c.resolved_at.is_(None),
    ),
)
_DONE = select(mail_sync.c.changes, mail_sync.c.bytes).where(mail_sync.c.mailbox_id == bindparam("mailbox"))
_LEFT = select(func.count()).select_from(mail_item).where(_IN_MAILBOX, is_waiting())


def due(
    connection: Connection,
    mailbox: MailboxId,
    now: datetime,
    *,
    after: int,
    limit: int,
    blocked: Collection[str],
) -> tuple[Item, ...]:
    values = {"mailbox": mailbox, "now": now, "after": after, "limit": limit, "blocked": list(blocked)}
    return tuple(map(item_of, connection.execute(_DUE, values).all()))


def next_due_at(connection: Connection, mailbox: MailboxId, blocked: Collection[str]) -> datetime | None:
    values = {"mailbox": mailbox, "blocked": list(blocked)}
    earliest: datetime | None = connection.execute(_NEXT, values).scalar_one()
    return earliest


def asked(connection: Connection, mailbox: MailboxId, now: datetime, limit: int) -> tuple[Item, ...]:
    values = {"mailbox": mailbox, "now": now, "limit": limit}
    return tuple(map(item_of, connection.execute(_ASKED, values).all()))


def owned(connection: Connection, mailbox: MailboxId, destination_ids: Collection[str]) -> frozenset[str]:
    values = {"mailbox": mailbox, "ids": list(destination_ids)}
    return frozenset(connection.execute(_OWNED, values).scalars())


def failing(connection: Connection, mailbox: MailboxId) -> tuple[Failing, ...]:
    """Without those whose loss somebody has accepted."""
    chosen = {"mailbox": mailbox}
    items, folders = connection.execute(_FAILED_ITEMS, chosen), connection.execute(_FAILED_FOLDERS, chosen)
    named = [Failing(row.source_id, row.failed_run) for row in items]
    named += [Failing(FOLDER_PREFIX + row.source_id, row.failed_run) for row in folders]
    accepted = set(connection.execute(_ACCEPTED, chosen).scalars())
    return tuple(each for each in named if each.key not in accepted)


def progress(connection: Connection, mailbox: MailboxId) -> Progress:
    """Of a mailbox that was taken out: none."""
    done = connection.execute(_DONE, {"mailbox": mailbox}).one_or_none()
    if done is None:
        return Progress(0, 0, 0)
    return Progress(done.changes, done.bytes, connection.execute(_LEFT, {"mailbox": mailbox}).scalar_one())
