"""Finding mailboxes: by address, by what they are, by a piece of text, by what somebody may have meant."""

import heapq
from operator import itemgetter

from rapidfuzz import process
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
_POLICIES = select(policy.c.id, policy.c.key, policy.c.name)
_ADDRESSES = select(*REF).execution_options(yield_per=5000)


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
    """The most alike addresses, of the same domain where there are mailboxes in it.

    Within a domain only the names are compared: the domain would make all of them look alike.
    """
    name, _, domain = address.lower().rpartition("@")
    neighbours = _ADDRESSES.where(
        or_(
            mailbox.c.source.endswith(f"@{domain}", autoescape=True),
            mailbox.c.destination.endswith(f"@{domain}", autoescape=True),
        )
    )
    near = _most_alike(connection, neighbours, name, limit, names_only=True)
    return near or _most_alike(connection, _ADDRESSES, address.lower(), limit, names_only=False)


def _most_alike(
    connection: Connection,
    candidates: Select[tuple[int, str, str]],
    typed: str,
    limit: int,
    *,
    names_only: bool,
) -> tuple[MailboxRef, ...]:
    """Compared some thousands at a time, so that not all addresses are in memory at once."""
    best: dict[MailboxRef, float] = {}
    for rows in connection.execute(candidates).partitions():
        refs = [mailbox_ref(row) for row in rows]
        for texts in ([ref.source for ref in refs], [ref.destination for ref in refs]):
            compared = [text.rpartition("@")[0] for text in texts] if names_only else texts
            for _, likeness, place in process.extract(
                typed, compared, scorer=OSA.normalized_similarity, limit=limit, score_cutoff=_ALIKE
            ):
                best[refs[place]] = max(likeness, best.get(refs[place], 0.0))
        best = dict(heapq.nlargest(limit, best.items(), key=itemgetter(1)))
    return tuple(best)


def _is_policy(connection: Connection, text: str) -> ColumnElement[bool]:
    """By name or key. The names are compared here: a database may know the cases of ASCII letters only."""
    rows = connection.execute(_POLICIES)
    named = [row.id for row in rows if text == row.key or text.casefold() == row.name.casefold()]
    return mailbox.c.policy_id.in_(named)


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
