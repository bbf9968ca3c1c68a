"""Retries that somebody asked for: written down by their rows, and claimed ahead of everything else."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Update, and_, bindparam, or_, select, union, update

from bot.domain.events import ItemSynced
from bot.domain.mail import EMAIL, FOLDER_PREFIX, ItemState, Work
from bot.domain.values import MailboxId, RetryOutcome
from bot.errors import EngineRefused
from bot.ports import RetryRequest
from bot.store.columns import AnyRow
from bot.store.engine_tables import mail_folder, mail_item, mail_sync
from bot.store.mail_leases import locked
from bot.store.mail_schedule import Lease
from bot.store.mail_states import AGAIN, is_waiting
from bot.store.mail_work import items_of, open_windows, work_rows
from bot.store.recording import record_own
from bot.store.retry_rows import retry_by_key
from bot.store.tables import mailbox

_NOW = bindparam("now", type_=mail_item.c.retry_at.type)
_MAILBOX = select(mail_sync.c.mailbox_id).join(mailbox).where(mailbox.c.key == bindparam("key"))
_WHOLE = (
    update(mail_sync)
    .where(mail_sync.c.mailbox_id == bindparam("b_mailbox"))
    .values(retry_key=bindparam("b_key"))
)
_ITEM = (
    select(mail_item.c.id, mail_item.c.state)
    .where(mail_item.c.mailbox_id == bindparam("b_mailbox"), mail_item.c.source_id == bindparam("b_item"))
    .with_for_update()
)
_THIS_ITEM = update(mail_item).where(mail_item.c.id == bindparam("b_id"))
_AGAIN = _THIS_ITEM.values(AGAIN).returning(mail_item.c.state)
_AWAIT_ITEM = _THIS_ITEM.values(retry_key=bindparam("b_key"))
_FOLDER = select(mail_folder).where(
    mail_folder.c.mailbox_id == bindparam("b_mailbox"), mail_folder.c.source_id == bindparam("b_item")
)
_THIS_FOLDER = update(mail_folder).where(mail_folder.c.id == bindparam("b_id"))
_AWAIT_FOLDER = _THIS_FOLDER.values(failed=None, failed_run=None, retry_key=bindparam("b_key"))

_SETTLED_ITEMS = (
    select(mail_item.c.id, mailbox.c.key, mail_item.c.source_id, mail_item.c.retry_key)
    .join_from(mail_item, mailbox)
    .where(
        mail_item.c.retry_key.is_not(None), mail_item.c.state.in_([str(ItemState.DONE), str(ItemState.GONE)])
    )
    .limit(bindparam("limit"))
)
_HAS_LABEL = and_(mail_folder.c.label.is_not(None), mail_folder.c.failed.is_(None))
_SETTLED_FOLDERS = (
    select(mail_folder.c.id, mailbox.c.key, mail_folder.c.source_id, mail_folder.c.retry_key)
    .join_from(mail_folder, mailbox)
    .where(mail_folder.c.retry_key.is_not(None), or_(_HAS_LABEL, mail_folder.c.removed))
    .limit(bindparam("limit"))
)
_ANSWER_ITEM = _THIS_ITEM.where(mail_item.c.retry_key == bindparam("b_key")).values(retry_key=None)
_ANSWER_FOLDER = _THIS_FOLDER.where(mail_folder.c.retry_key == bindparam("b_key")).values(retry_key=None)

_IS_FREE = or_(mail_sync.c.items_leased_until.is_(None), mail_sync.c.items_leased_until <= _NOW)
_WITH_ITEMS = select(mail_item.c.mailbox_id).where(
    mail_item.c.retry_key.is_not(None),
    is_waiting(),
    or_(mail_item.c.retry_at.is_(None), mail_item.c.retry_at <= _NOW),
)
_WITH_FOLDERS = select(mail_folder.c.mailbox_id).where(mail_folder.c.retry_key.is_not(None))
_CHOSEN = (
    select(mail_sync.c.mailbox_id)
    .where(mail_sync.c.mailbox_id.in_(union(_WITH_ITEMS, _WITH_FOLDERS)), _IS_FREE)
    .order_by(mail_sync.c.mailbox_id)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
)
_LEASE = (
    update(mail_sync)
    .where(mail_sync.c.mailbox_id.in_(bindparam("ids", expanding=True)))
    .values(items_leased_by=bindparam("b_owner"), items_leased_until=bindparam("b_until"))
)
_LEAVE = (
    update(mail_sync)
    .where(
        mail_sync.c.mailbox_id == bindparam("b_mailbox"), mail_sync.c.items_leased_by == bindparam("b_owner")
    )
    .values(items_leased_by=None, items_leased_until=None)
)
_AT_ONCE = 100
_ANSWERED = {RetryOutcome.SUCCEEDED, RetryOutcome.FAILED}


@dataclass(frozen=True, slots=True)
class Asking:
    """A request, with the mailbox that it is about."""

    request: RetryRequest
    mailbox: MailboxId
    now: datetime

    @property
    def item(self) -> str:
        return self.request.item or ""

    @property
    def is_done(self) -> ItemSynced:
        return ItemSynced(self.now, self.request.mailbox_key, EMAIL, self.item, None, self.request.key)


def ask(connection: Connection, request: RetryRequest, now: datetime) -> None:
    """A whole mailbox is synced even where its policy is inactive, since somebody wants it now."""
    found = connection.execute(_MAILBOX, {"key": request.mailbox_key}).scalar_one_or_none()
    if found is None or not locked(connection, [found]):
        raise EngineRefused("The built-in engine does not sync this mailbox.")
    known = retry_by_key(connection, request.key)
    if known is not None and known.outcome in _ANSWERED:
        return
    asking = Asking(request, found, now)
    if request.item is None:
        connection.execute(_WHOLE, {"b_mailbox": found, "b_key": request.key})
    elif request.service != EMAIL:
        raise EngineRefused(f"The built-in engine does not sync {request.service}.")
    elif request.item.startswith(FOLDER_PREFIX):
        _ask_folder(connection, asking)
    else:
        _ask_item(connection, asking)


def claim_items(connection: Connection, lease: Lease, now: datetime, at_most: int) -> tuple[Work, ...]:
    _answer_settled(connection, now)
    if at_most <= 0:
        return ()
    ids = list(connection.execute(_CHOSEN, {"now": now, "at_most": at_most}).scalars())
    if not ids:
        return ()
    open_windows(connection, ids, now)
    connection.execute(_LEASE, {"ids": ids, "b_owner": lease.owner, "b_until": lease.until})
    return tuple(items_of(row, lease.owner) for row in work_rows(connection, ids))


def leave_items(connection: Connection, work: Work) -> None:
    connection.execute(_LEAVE, {"b_mailbox": work.mailbox, "b_owner": work.owner})


def _ask_item(connection: Connection, asking: Asking) -> None:
    row = connection.execute(_ITEM, {"b_mailbox": asking.mailbox, "b_item": asking.item}).one_or_none()
    if row is None:
        raise EngineRefused("The item is not in the journal of its mailbox.")
    state = row.state
    if state is ItemState.FAILED:
        state = connection.execute(_AGAIN, {"b_id": row.id}).scalar_one()
    if state in (ItemState.DONE, ItemState.GONE):
        record_own(connection, [asking.is_done], asking.now)
    else:
        connection.execute(_AWAIT_ITEM, {"b_id": row.id, "b_key": asking.request.key})


def _ask_folder(connection: Connection, asking: Asking) -> None:
    source_id = asking.item.removeprefix(FOLDER_PREFIX)
    row = connection.execute(_FOLDER, {"b_mailbox": asking.mailbox, "b_item": source_id}).one_or_none()
    if row is None:
        raise EngineRefused("The folder is not in the journal of its mailbox.")
    if _is_settled(row):
        record_own(connection, [asking.is_done], asking.now)
    else:
        connection.execute(_AWAIT_FOLDER, {"b_id": row.id, "b_key": asking.request.key})


def _is_settled(folder: AnyRow) -> bool:
    return bool(folder.removed or (folder.label is not None and folder.failed is None))


def _answer_settled(connection: Connection, now: datetime) -> None:
    """A request may come just before its item arrives, too late for the report of that to answer it."""
    values = {"limit": _AT_ONCE}
    items = connection.execute(_SETTLED_ITEMS, values).all()
    folders = connection.execute(_SETTLED_FOLDERS, values).all()
    done = [_done(row, row.source_id, now) for row in items if _is_won(connection, _ANSWER_ITEM, row)]
    named = [row for row in folders if _is_won(connection, _ANSWER_FOLDER, row)]
    done += [_done(row, FOLDER_PREFIX + row.source_id, now) for row in named]
    record_own(connection, done, now)


def _is_won(connection: Connection, statement: Update, row: AnyRow) -> bool:
    return connection.execute(statement, {"b_id": row.id, "b_key": row.retry_key}).rowcount == 1


def _done(row: AnyRow, item: str, now: datetime) -> ItemSynced:
    return ItemSynced(now, row.key, EMAIL, item, None, row.retry_key)
