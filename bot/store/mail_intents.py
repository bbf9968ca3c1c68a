"""That the engine is about to import messages, which it says before it does."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, update

from bot.domain.mail import ItemState
from bot.ports.journal import Intent
from bot.store.engine_tables import mail_item
from bot.store.prepared import Prepared

_INTEND = Prepared(
    update(mail_item)
    .where(
        mail_item.c.id == bindparam("b_id"),
        mail_item.c.state == bindparam("b_state"),
        mail_item.c.attempts == bindparam("b_attempts"),
    )
    .values(
        state=ItemState.SENDING,
        intent_at=bindparam("b_at"),
        attempts=mail_item.c.attempts + 1,
        retry_at=None,
        message_id=bindparam("b_message_id"),
    )
)


class NotAllWon(Exception):
    """Somebody else was at one of the items; nobody knows at which. The transaction must be rolled back."""


def intend_all(connection: Connection, intents: Sequence[Intent]) -> frozenset[int]:
    """Their items' ids, all of them.

    Raises:
        NotAllWon: which hardly ever happens, so that asking for each item is left to another transaction.
    """
    rows = _rows(intents)
    if rows and _INTEND.run(connection, rows) < len(rows):
        raise NotAllWon
    return frozenset(row["b_id"] for row in rows)


def intend_each(connection: Connection, intents: Sequence[Intent]) -> frozenset[int]:
    """The ids of those that were won."""
    return frozenset(row["b_id"] for row in _rows(intents) if _INTEND.run(connection, [row]))


def _rows(intents: Sequence[Intent]) -> list[dict[str, Any]]:
    """In the order of their ids, so that two processes cannot wait for each other."""
    return sorted(map(_row, intents), key=lambda row: int(row["b_id"]))


def _row(intent: Intent) -> dict[str, Any]:
    item = intent.item
    return {
        "b_id": item.id,
        "b_state": item.state,
        "b_attempts": item.attempts,
        "b_at": intent.at,
        "b_message_id": intent.message_id,
    }
