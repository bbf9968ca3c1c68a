"""Which mailboxes a text means: those that begin with it, contain it, or resemble it. No table is scanned."""

from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, Connection, any_, bindparam, func, or_, select

from bot.domain.finding import AT, PIECE, likeness, pieces, resembling, split
from bot.store.rows import REF, mailbox_ref
from bot.store.tables import mailbox, mailbox_term
from bot.views import MailboxRef

FEW = 3
"""Where fewer than these contain the text, what only resembles it is looked for as well."""

_POSTINGS = 5_000
"""Mailboxes looked at that share the rarest piece of a text: more than anybody reads a list of."""

_WEIGHED = 10_000
"""Mailboxes of the rarest pieces together, among which those with the most pieces are chosen."""

_COMPARED = 300
"""Mailboxes that are compared letter by letter."""

_END = "\U0010ffff"
"""Sorts behind whatever may follow the beginning of a text."""

_term, _of = mailbox_term.c.term, mailbox_term.c.mailbox_id
_FROM, _TO = bindparam("from", type_=_term.type), bindparam("to", type_=_term.type)
_LIMIT = bindparam("limit", type_=mailbox.c.open_failures.type)
_BEGINNING = [
    select(*REF).where(column >= _FROM, column < _TO).order_by(column, mailbox.c.id).limit(_LIMIT)
    for column in (mailbox.c.source, mailbox.c.destination)
]
_SHARING = select(_of).where(_term >= _FROM, _term <= _TO).limit(_POSTINGS)
_CONTAINING = {
    "sqlite": select(*REF).where(mailbox.c.id.in_(_SHARING)),
    "postgresql": select(*REF).where(mailbox.c.id == any_(func.array(_SHARING.scalar_subquery()))),
}
"""Of an array PostgreSQL takes each mailbox by its key. Of a subquery, which it expects to be long, it would
compare all addresses that there are.
"""

_WITHIN = (
    select(*REF)
    .where(mailbox.c.id.in_(select(_of).where(_term == bindparam("domain")).limit(_LIMIT)))
    .limit(_LIMIT)
)
_PIECES = _term.in_(bindparam("pieces", expanding=True))
_COUNTS = select(_term, func.count().label("mailboxes")).where(_PIECES).group_by(_term)
_having = select(_of).where(_PIECES).limit(_WEIGHED).subquery().c.mailbox_id
_MOST = select(_having).group_by(_having).order_by(func.count().desc(), _having).limit(_COMPARED)
_NEXT = _term > AT, _term < chr(ord(AT) + 1)
_walk = select(func.min(_term).label("domain")).where(*_NEXT).cte(recursive=True)
_after = select(func.min(_term)).where(_term > _walk.c.domain, *_NEXT[1:]).correlate(_walk).scalar_subquery()
_ALL_DOMAINS = select(_walk.union_all(select(_after).where(_walk.c.domain.is_not(None))).c.domain)
"""From each to the next by the index: as many steps as there are domains, not mailboxes."""

_BY_IDS = select(*REF).where(mailbox.c.id.in_(bindparam("ids", expanding=True)))


def meant(connection: Connection, typed: str, limit: int) -> tuple[MailboxRef, ...]:
    """The best first. What only resembles the text comes after what contains it."""
    text = typed.strip().lower()
    found = containing(connection, text, limit)
    if len(found) < min(FEW, limit):
        found += tuple(ref for ref in alike(connection, text, limit) if ref not in found)
    return found[:limit]


def containing(connection: Connection, text: str, limit: int) -> tuple[MailboxRef, ...]:
    """First those whose source or destination begins with the text, then by names, then by domains.

    Of more than `limit`, any of those that contain it.
    """
    first = _beginning(connection, text, limit)
    if not text or len(first) >= limit:
        return first
    named = sorted(_with_names(connection, text, limit), key=_by_source)
    there = sorted(_in_domains(connection, text, limit), key=_by_source)
    return tuple(dict.fromkeys((*first, *named, *there)))[:limit]


def alike(connection: Connection, text: str, limit: int) -> tuple[MailboxRef, ...]:
    """The most alike, of the same domain where there are any in it."""
    refs = [*_with_most_pieces(connection, text), *_with_same_letter(connection, text)]
    near = [ref for ref in refs if AT in text and _is_in(ref, text.rpartition(AT)[2])]
    return _ranked(text, near)[:limit] or _ranked(text, refs)[:limit]


def _with_most_pieces(connection: Connection, text: str) -> Iterable[MailboxRef]:
    counts = _counts(connection, resembling(text))
    if not counts:
        return ()
    ids = connection.execute(_MOST, {"pieces": _rarest(counts)}).scalars().all()
    return map(mailbox_ref, connection.execute(_BY_IDS, {"ids": ids}))


def _with_same_letter(connection: Connection, text: str) -> Iterable[MailboxRef]:
    """One wrong letter leaves no piece of so short a name."""
    is_short = 0 < len(split(text)[0]) <= PIECE
    return _beginning(connection, text[:1], _COMPARED) if is_short else ()


def _beginning(connection: Connection, text: str, limit: int) -> tuple[MailboxRef, ...]:
    values = {"from": text, "to": text + _END, "limit": limit}
    rows = [row for query in _BEGINNING for row in connection.execute(query, values)]
    return tuple(sorted({mailbox_ref(row) for row in rows}, key=_by_source)[:limit])


def _with_names(connection: Connection, text: str, limit: int) -> Iterable[MailboxRef]:
    """Names have the pieces; the text may go on into the domain."""
    name = text[: text.find(AT) + 1] or text
    if len(name) < PIECE:
        bounds = {"from": name, "to": name + _END}
    else:
        counts = _counts(connection, pieces(name))
        if len(counts) < len(pieces(name)):
            return ()
        rarest = min(counts, key=counts.__getitem__)
        bounds = {"from": rarest, "to": rarest}
    query = _CONTAINING[connection.dialect.name].where(_contains(text)).limit(_LIMIT)
    return map(mailbox_ref, connection.execute(query, bounds | {"limit": limit}))


def _in_domains(connection: Connection, text: str, limit: int) -> Iterator[MailboxRef]:
    """Not by less than a piece: two letters of every `.example` would bring everybody."""
    if text.find(AT) > 0 or len(text) < PIECE:
        return
    left = limit
    for domain in [each for each in connection.execute(_ALL_DOMAINS).scalars() if each and text in each]:
        rows = connection.execute(_WITHIN, {"domain": domain, "limit": left}).all() if left > 0 else []
        yield from map(mailbox_ref, rows)
        left -= len(rows)


def _counts(connection: Connection, wanted: frozenset[str]) -> dict[str, int]:
    """How many mailboxes share each piece, without the pieces that none has."""
    rows = connection.execute(_COUNTS, {"pieces": list(wanted)}) if wanted else ()
    return {row.term: row.mailboxes for row in rows}


def _rarest(counts: dict[str, int]) -> list[str]:
    """As many as there is time for, and at least one."""
    chosen: list[str] = []
    weight = 0
    for piece in sorted(counts, key=counts.__getitem__):
        weight += counts[piece]
        if chosen and weight > _WEIGHED:
            break
        chosen.append(piece)
    return chosen


def _contains(text: str) -> ColumnElement[bool]:
    return or_(
        mailbox.c.source.contains(text, autoescape=True),
        mailbox.c.destination.contains(text, autoescape=True),
    )


def _ranked(text: str, refs: list[MailboxRef]) -> tuple[MailboxRef, ...]:
    scores = {ref: max(likeness(text, ref.source), likeness(text, ref.destination)) for ref in refs}
    close = [ref for ref, score in scores.items() if score]
    return tuple(sorted(close, key=lambda ref: (-scores[ref], ref.source)))


def _is_in(ref: MailboxRef, domain: str) -> bool:
    return domain in (ref.source.rpartition(AT)[2], ref.destination.rpartition(AT)[2])


def _by_source(ref: MailboxRef) -> tuple[str, int]:
    return ref.source, ref.id
