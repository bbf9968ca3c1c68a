"""That the engine is about to import messages, which it says before it does."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, tuple_, update

from bot.domain.mail import ItemState
from bot.ports.journal import Intent
from bot.store.chunks import chunks
from bot.store.engine_tables import mail_item

_UNCHANGED = tuple_(mail_item.c.id, mail_item.c.state, mail_item.c.attempts).in_(
    bindparam("seen", expanding=True)
)
_INTEND = (
    update(mail_item)
    .where(mail_item.c.id.in_(bindparam("ids", expanding=True)), _UNCHANGED)
    .values(
        state=ItemState.SENDING,
        intent_at=bindparam("b_now"),
        attempts=mail_item.c.attempts + 1,
        retry_at=None,
    )
    .returning(mail_item.c.id, mail_item.c.message_id)
)
_NAME = (
    update(mail_item).where(mail_item.c.id == bindparam("b_id")).values(message_id=bindparam("b_message_id"))
)


def intend(connection: Connection, intents: Sequence[Intent]) -> frozenset[int]:
    """In chunks, for as many items as there may be. They are stamped with the time of the latest."""
    return frozenset().union(*(_intend(connection, some) for some in chunks(intents)))


def _intend(connection: Connection, intents: Sequence[Intent]) -> set[int]:
    given = {intent.item.id: intent for intent in intents}
    seen = [(id_, str(intent.item.state), intent.item.attempts) for id_, intent in given.items()]
    values = {"ids": list(given), "seen": seen, "b_now": max(intent.at for intent in intents)}
    won = connection.execute(_INTEND, values).all()
    renamed = [
        {"b_id": row.id, "b_message_id": given[row.id].message_id}
        for row in won
        if given[row.id].message_id != row.message_id
    ]
    if renamed:
        connection.execute(_NAME, renamed)
    return {row.id for row in won}
