"""By what mailboxes are found: kept with their addresses, in the transaction that writes those."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, delete, insert, select

from bot.domain.finding import terms
from bot.store.book import Held
from bot.store.chunks import chunks
from bot.store.tables import mailbox, mailbox_term

_BY_KEY = select(mailbox.c.id, mailbox.c.source, mailbox.c.destination).where(
    mailbox.c.key.in_(bindparam("keys", expanding=True))
)
_ADD = insert(mailbox_term)
_TAKE = delete(mailbox_term).where(
    mailbox_term.c.mailbox_id == bindparam("b_mailbox_id"), mailbox_term.c.term == bindparam("b_term")
)

Pair = tuple[int, str]


def mailboxes_named(connection: Connection, keys: Sequence[str]) -> None:
    """After mailboxes of these keys were inserted."""
    for some in chunks(keys):
        rows = connection.execute(_BY_KEY, {"keys": list(some)})
        _write(connection, ((row.id, term) for row in rows for term in terms(row.source, row.destination)))


def mailboxes_renamed(connection: Connection, changes: Iterable[tuple[Held, str, str]]) -> None:
    """Mailboxes as they were, each with its new source and destination."""
    moved = [
        (held.id, terms(held.source, held.destination), terms(source, destination))
        for held, source, destination in changes
        if (source, destination) != (held.source, held.destination)
    ]
    gone = [
        {"b_mailbox_id": mailbox_id, "b_term": term} for mailbox_id, old, new in moved for term in old - new
    ]
    if gone:
        connection.execute(_TAKE, gone)
    _write(connection, ((mailbox_id, term) for mailbox_id, old, new in moved for term in new - old))


def _write(connection: Connection, pairs: Iterable[Pair]) -> None:
    """In the order of the index, which costs the least."""
    rows = [{"mailbox_id": mailbox_id, "term": term} for term, mailbox_id in sorted((t, m) for m, t in pairs)]
    if rows:
        connection.execute(_ADD, rows)
