"""Mailboxes by address, by what they are, by a piece of text."""

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select

from bot.domain.values import MailboxId, MailboxStatus
from bot.store import finding
from bot.store.rows import MAILBOX_ROW, REF, STATUS_IS, clamped, mailbox_ref, mailbox_row, offset
from bot.store.tables import mailbox, policy
from bot.views import MailboxList, MailboxRef, MailboxRow, Page, SearchResult

FOUND = 300
"""Mailboxes that a search lists at most: who is shown more types another letter."""

_ROWS = select(*MAILBOX_ROW).join_from(mailbox, policy)
_COUNT = select(func.count()).select_from(mailbox.join(policy))
_BY_ADDRESS = _ROWS.where(
    or_(mailbox.c.source == bindparam("address"), mailbox.c.destination == bindparam("address"))
).order_by(mailbox.c.source, mailbox.c.id)
_BY_ID = select(*REF).where(mailbox.c.id == bindparam("id"))
_VERSION = select(mailbox.c.version).where(mailbox.c.id == bindparam("id"))
_BY_IDS = _ROWS.where(mailbox.c.id.in_(bindparam("ids", expanding=True)))
_POLICIES = select(policy.c.id, policy.c.key, policy.c.name)


def by_address(connection: Connection, address: str) -> tuple[MailboxRow, ...]:
    return tuple(map(mailbox_row, connection.execute(_BY_ADDRESS, {"address": address.lower()})))


def by_id(connection: Connection, mailbox_id: MailboxId) -> MailboxRef | None:
    row = connection.execute(_BY_ID, {"id": mailbox_id}).one_or_none()
    return mailbox_ref(row) if row else None


def version(connection: Connection, mailbox_id: MailboxId) -> int:
    return connection.execute(_VERSION, {"id": mailbox_id}).scalar_one_or_none() or 0


def listed(
    connection: Connection, status: MailboxStatus | None, policy_name: str | None, number: int, size: int
) -> MailboxList:
    wanted = [
        *([STATUS_IS[status]] if status else []),
        *([_is_policy(connection, policy_name)] if policy_name else []),
    ]
    rows, page = _cut(connection, wanted, number, size)
    return MailboxList(rows, page, status, policy_name)


def search(connection: Connection, text: str, number: int, size: int) -> SearchResult:
    typed = text.strip().lower()
    found = finding.containing(connection, typed, FOUND + 1)
    chosen = found[:FOUND] or finding.alike(connection, typed, size)
    page = clamped(number, size, len(chosen))
    shown = chosen[(page.number - 1) * size :][:size]
    rows = {row.id: row for row in connection.execute(_BY_IDS, {"ids": [ref.id for ref in shown]})}
    in_order = tuple(mailbox_row(rows[ref.id]) for ref in shown)
    return SearchResult(text, in_order, page, more=len(found) > FOUND, is_close=bool(chosen and not found))


def _is_policy(connection: Connection, text: str) -> ColumnElement[bool]:
    """By name or key. The names are compared here: a database may know the cases of ASCII letters only."""
    rows = connection.execute(_POLICIES)
    named = [row.id for row in rows if text == row.key or text.casefold() == row.name.casefold()]
    return mailbox.c.policy_id.in_(named)


def _cut(
    connection: Connection,
    wanted: list[ColumnElement[bool]],
    number: int,
    size: int,
) -> tuple[tuple[MailboxRow, ...], Page]:
    total = connection.execute(_COUNT.where(*wanted)).scalar_one()
    page = clamped(number, size, total)
    chosen = _ROWS.where(*wanted).order_by(mailbox.c.source, mailbox.c.id)
    cut = chosen.limit(bindparam("limit")).offset(bindparam("offset"))
    return tuple(map(mailbox_row, connection.execute(cut, offset(page)))), page
