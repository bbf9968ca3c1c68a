"""Finding mailboxes: by address, by what they are, by a piece of text, by what somebody may have meant."""

import heapq
from collections.abc import Iterator

from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, Connection, Select, bindparam, case, func, or_, select

from bot.domain.values import MailboxId, MailboxStatus
from bot.store.rows import MAILBOX_ROW, REF, STATUS_IS, clamped, mailbox_ref, mailbox_row, offset
from bot.store.tables import mailbox, policy
from bot.views import MailboxList, MailboxRef, MailboxRow, Page, SearchResult

_ALIKE = 0.6
"""From this share of equal characters on, an address may have been meant."""

_ROWS = select(*MAILBOX_ROW).join_from(mailbox, policy)
_COUNT = select(func.count()).select_from(mailbox.join(policy))
_BY_ADDRESS = _ROWS.where(
    or_(mailbox.c.source == bindparam("address"), mailbox.c.destination == bindparam("address"))
).order_by(mailbox.c.source, mailbox.c.id)
_BY_ID = select(*REF).where(mailbox.c.id == bindparam("id"))
_VERSION = select(mailbox.c.version).where(mailbox.c.id == bindparam("id"))
_ADDRESSES = select(*REF).execution_options(yield_per=1000)


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
    wanted = [*([STATUS_IS[status]] if status else []), *([_is_policy(policy_name)] if policy_name else [])]
    rows, page = _cut(connection, wanted, [], number, size)
    return MailboxList(rows, page, status, policy_name)


def search(connection: Connection, text: str, number: int, size: int) -> SearchResult:
    typed = text.strip().lower()
    found = or_(
        mailbox.c.source.contains(typed, autoescape=True),
        mailbox.c.destination.contains(typed, autoescape=True),
    )
    first = or_(
        mailbox.c.source.startswith(typed, autoescape=True),
        mailbox.c.destination.startswith(typed, autoescape=True),
    )
    rows, page = _cut(connection, [found], [case((first, 0), else_=1)], number, size)
    return SearchResult(text, rows, page)


def closest(connection: Connection, address: str, limit: int) -> tuple[MailboxRef, ...]:
    """The most alike addresses, of the same domain where there are mailboxes in it."""
    typed = address.lower()
    domain = typed.rpartition("@")[2]
    neighbours = _ADDRESSES.where(
        or_(
            mailbox.c.source.endswith(f"@{domain}", autoescape=True),
            mailbox.c.destination.endswith(f"@{domain}", autoescape=True),
        )
    )
    for candidates in (neighbours, _ADDRESSES):
        best = heapq.nlargest(limit, _alike(connection, candidates, typed), key=lambda pair: pair[0])
        if best:
            return tuple(ref for _, ref in best)
    return ()


def _alike(
    connection: Connection, candidates: Select[tuple[int, str, str]], typed: str
) -> Iterator[tuple[float, MailboxRef]]:
    for row in connection.execute(candidates):
        likeness = max(_likeness(typed, row.source), _likeness(typed, row.destination))
        if likeness:
            yield likeness, mailbox_ref(row)


def _likeness(typed: str, known: str) -> float:
    """Of the whole addresses, or of the names where the domains are the same: those would only blur it."""
    if typed.rpartition("@")[2] == known.rpartition("@")[2]:
        typed, known = typed.rpartition("@")[0], known.rpartition("@")[0]
    return OSA.normalized_similarity(typed, known, score_cutoff=_ALIKE)


def _is_policy(text: str) -> ColumnElement[bool]:
    return or_(func.lower(policy.c.name) == text.lower(), policy.c.key == text)


def _cut(
    connection: Connection,
    wanted: list[ColumnElement[bool]],
    first: list[ColumnElement[int]],
    number: int,
    size: int,
) -> tuple[tuple[MailboxRow, ...], Page]:
    total = connection.execute(_COUNT.where(*wanted)).scalar_one()
    page = clamped(number, size, total)
    chosen = _ROWS.where(*wanted).order_by(*first, mailbox.c.source, mailbox.c.id)
    cut = chosen.limit(bindparam("limit")).offset(bindparam("offset"))
    return tuple(map(mailbox_row, connection.execute(cut, offset(page)))), page
