"""What an item's state follows from, wherever a statement has to set it anew."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, TextClause, and_, case, text

from bot.domain.mail import Item, ItemState, Shown
from bot.store.columns import AnyRow
from bot.store.engine_tables import FAILED, WAITING, mail_item

_SENT_PERHAPS = and_(mail_item.c.destination_id.is_(None), mail_item.c.intent_at.is_not(None))
_AS_WANTED = and_(
    mail_item.c.shown_folder == mail_item.c.folder,
    mail_item.c.shown_read == mail_item.c.is_read,
    mail_item.c.shown_flagged == mail_item.c.is_flagged,
)

AFRESH = case(
    (mail_item.c.removed, ItemState.REMOVED),
    (_SENT_PERHAPS, ItemState.SENDING),
    (mail_item.c.destination_id.is_(None), ItemState.NEW),
    (_AS_WANTED, ItemState.DONE),
    else_=ItemState.CHANGED,
)
"""The state of an item that is to be looked at again, from what both sides have of it.

As long as the destination has none, `intent_at` tells that an import was begun of which nobody knows how it
ended: it is cleared as soon as somebody knows that nothing arrived.
"""

UNSENT = case(
    (mail_item.c.removed, ItemState.REMOVED),
    (mail_item.c.destination_id.is_(None), ItemState.NEW),
    (_AS_WANTED, ItemState.DONE),
    else_=ItemState.CHANGED,
)
"""The same, where the last import surely did not happen."""

AGAIN: Mapping[str, Any] = {"state": AFRESH, "attempts": 0, "retry_at": None, "failed_run": None}
"""What sets a FAILED item going again."""

ITEM = (
    mail_item.c.id,
    mail_item.c.source_id,
    mail_item.c.message_id,
    mail_item.c.state,
    mail_item.c.folder,
    mail_item.c.is_read,
    mail_item.c.is_flagged,
    mail_item.c.shown_folder,
    mail_item.c.shown_read,
    mail_item.c.shown_flagged,
    mail_item.c.destination_id,
    mail_item.c.received_at,
    mail_item.c.attempts,
    mail_item.c.intent_at,
    mail_item.c.retry_key,
    mail_item.c.code,
    mail_item.c.retry_at,
)


def is_waiting() -> TextClause:
    """Literally as the partial index has it."""
    return text(WAITING)


def has_failed() -> TextClause:
    return text(FAILED)


def becomes(*, folder: Any, is_read: Any, is_flagged: Any) -> ColumnElement[bool]:  # noqa: ANN401 - binds
    """Whether the source shows an item as the destination is about to, by bind parameters."""
    return and_(
        mail_item.c.folder == folder, mail_item.c.is_read == is_read, mail_item.c.is_flagged == is_flagged
    )


def item_of(row: AnyRow) -> Item:
    """Of the columns of ITEM, in their order: looked up by their names they would take twice as long."""
    (
        id_,
        source_id,
        message_id,
        state,
        folder,
        is_read,
        is_flagged,
        *shown,
        destination_id,
        received_at,
        attempts,
        intent_at,
        retry_key,
        code,
        retry_at,
    ) = row
    return Item(
        id_,
        source_id,
        message_id,
        state,
        Shown(folder, is_read, is_flagged),
        None if shown[0] is None else Shown(*shown),
        destination_id,
        received_at,
        attempts,
        intent_at,
        retry_key,
        code,
        retry_at,
    )


def shown_of(row: AnyRow) -> Shown | None:
    if row.shown_folder is None:
        return None
    return Shown(row.shown_folder, row.shown_read, row.shown_flagged)
