"""Opens an alert with a mailbox's first unresolved failure, and clears it with the last."""

from datetime import datetime

from sqlalchemy import bindparam, case, insert, update

from bot.domain.values import AlertId
from bot.store.alert_tables import alert
from bot.store.book import Book, Held

_OPEN = insert(alert).values(version=1, dirty=True).returning(alert.c.id)
_CLEAR = (
    update(alert)
    .where(alert.c.id == bindparam("b_id"))
    .values(
        version=alert.c.version + 1,
        dirty=True,
        cleared_at=case((alert.c.opened_at > bindparam("b_at"), alert.c.opened_at), else_=bindparam("b_at")),
    )
)


def failure_opened(book: Book, held: Held, at: datetime) -> AlertId:
    """Count one more unresolved failure; the alert that it belongs to."""
    held.open_failures += 1
    held.touch()
    if held.alert_id is None:
        opened = book.connection.execute(_OPEN, {"mailbox_id": held.id, "opened_at": at})
        held.alert_id = AlertId(opened.scalar_one())
    return held.alert_id


def failures_closed(book: Book, held: Held, count: int, at: datetime) -> None:
    held.open_failures -= count
    held.touch()
    if held.open_failures == 0 and held.alert_id is not None:
        book.connection.execute(_CLEAR, {"b_id": held.alert_id, "b_at": at})
        held.alert_id = None
