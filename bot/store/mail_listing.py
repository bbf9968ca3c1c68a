"""Pages of a folder's messages, merged into the journal."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Connection,
    Text,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    select,
    true,
    update,
)

from bot.domain.mail import ItemState, MessagePage, SourceMessage, Work
from bot.domain.values import MailboxId
from bot.store.chunks import chunks
from bot.store.columns import INSERTS, AnyRow
from bot.store.engine_tables import mail_folder, mail_item, mail_sighting
from bot.store.mail_leases import held
from bot.store.mail_merging import Sighting, Tracked
from bot.store.mail_states import shown_of
from bot.store.prepared import Prepared

_MAILBOX: BindParameter[Any] = bindparam("b_mailbox")
_OF_MAILBOX = mail_item.c.mailbox_id == _MAILBOX
_FOLDER = select(mail_folder.c.id, mail_folder.c.generation).where(
    mail_folder.c.mailbox_id == _MAILBOX, mail_folder.c.source_id == bindparam("b_folder")
)
_NEW_FOLDER = insert(mail_folder).values(in_tree=False, removed=False, tree_generation=0, generation=0)
_CURSOR = (
    update(mail_folder).where(mail_folder.c.id == bindparam("b_id")).values(cursor=bindparam("b_cursor"))
)
_COLUMNS = (
    mail_item.c.id,
    mail_item.c.source_id,
    mail_item.c.version,
    mail_item.c.message_id,
    mail_item.c.received_at,
    mail_item.c.state,
    mail_item.c.folder,
    mail_item.c.is_read,
    mail_item.c.is_flagged,
    mail_item.c.generation,
    mail_item.c.removed,
    mail_item.c.shown_folder,
    mail_item.c.shown_read,
    mail_item.c.shown_flagged,
    mail_item.c.destination_id,
    mail_item.c.intent_at,
    mail_item.c.attempts,
    mail_item.c.retry_at,
)
_ONE_OF = select(*_COLUMNS).where(_OF_MAILBOX, mail_item.c.source_id.in_(bindparam("ids", expanding=True)))
_WANTED = func.unnest(bindparam("ids", type_=ARRAY(Text))).table_valued("id").render_derived(name="wanted")
_EACH = (
    select(*_COLUMNS)
    .where(_OF_MAILBOX, mail_item.c.source_id == _WANTED.c.id)
    .limit(1)
    .with_for_update()
    .lateral("known")
)
# PostgreSQL plans once for all mailboxes, and would read a large one from end to end for every page: LATERAL
# with a limit leaves it nothing but looking up each message by itself.
_KNOWN = {"sqlite": _ONE_OF, "postgresql": select(_EACH).select_from(_WANTED.join(_EACH, true()))}
_SIGHTINGS = select(mail_sighting).where(
    mail_sighting.c.mailbox_id == _MAILBOX, mail_sighting.c.source_id.in_(bindparam("ids", expanding=True))
)
_HAS_SIGHTINGS = select(mail_sighting.c.source_id).where(mail_sighting.c.mailbox_id == _MAILBOX).limit(1)
_WRITTEN = (
    "version",
    "message_id",
    "state",
    "folder",
    "is_read",
    "is_flagged",
    "generation",
    "removed",
    "attempts",
    "retry_at",
)
_INSERT = Prepared(insert(mail_item), "mailbox_id", "source_id", "received_at", *_WRITTEN)
_UPDATE = (
    update(mail_item)
    .where(mail_item.c.id == bindparam("b_id"))
    .values({name: bindparam(f"b_{name}") for name in _WRITTEN})
)
_FORGET = delete(mail_sighting).where(
    mail_sighting.c.mailbox_id == _MAILBOX,
    mail_sighting.c.source_id == bindparam("b_source_id"),
    mail_sighting.c.folder == bindparam("b_folder"),
)
_KEEP = {
    dialect: insert_into(mail_sighting).on_conflict_do_nothing() for dialect, insert_into in INSERTS.items()
}
_FORGET_STALE = delete(mail_sighting).where(
    mail_sighting.c.mailbox_id == _MAILBOX,
    mail_sighting.c.folder == bindparam("b_folder"),
    mail_sighting.c.generation < bindparam("b_generation"),
)
_STALE = (
    _OF_MAILBOX,
    mail_item.c.folder == bindparam("b_folder"),
    mail_item.c.generation < bindparam("b_generation"),
)
_IS_ELSEWHERE = exists().where(
    mail_sighting.c.mailbox_id == mail_item.c.mailbox_id, mail_sighting.c.source_id == mail_item.c.source_id
)
_STALE_ELSEWHERE = select(mail_item.c.source_id).where(*_STALE, _IS_ELSEWHERE)
_REMOVE_STALE = (
    update(mail_item)
    .where(*_STALE)
    .values(
        removed=True,
        state=case((mail_item.c.state == ItemState.GONE, ItemState.GONE), else_=ItemState.REMOVED),
        retry_at=None,
        generation=bindparam("b_generation"),
    )
)


@dataclass(slots=True)
class Shelf:
    """The messages that a page names, as they were and as they are by now."""

    before: dict[str, Tracked]
    after: dict[str, Tracked]


def save_messages(connection: Connection, work: Work, folder: str, page: MessagePage) -> int:
    if held(connection, work) is None:
        return 0
    found = _folder(connection, work.mailbox, folder)
    shelf = _shelf(connection, work.mailbox, {*page.removed, *(message.id for message in page.messages)})
    _leave(shelf, page.removed, folder)
    for message in page.messages:
        _appear(shelf, message, _sighting(message, folder, found.generation), work.window_start)
    new = _save(connection, work.mailbox, shelf)
    if page.is_last:
        vacate(connection, work.mailbox, folder, found.generation)
    connection.execute(_CURSOR, {"b_id": found.id, "b_cursor": page.cursor})
    return new


def vacate(connection: Connection, mailbox: MailboxId, folder: str, generation: int) -> None:
    """What the folder's listing of this generation did not show is not in it any more."""
    values = {"b_mailbox": mailbox, "b_folder": folder, "b_generation": generation}
    connection.execute(_FORGET_STALE, values)
    elsewhere = list(connection.execute(_STALE_ELSEWHERE, values).scalars())
    for some in chunks(elsewhere):
        shelf = _shelf(connection, mailbox, some)
        _leave(shelf, list(shelf.before), folder)
        _save(connection, mailbox, shelf)
    connection.execute(_REMOVE_STALE, values)


def _folder(connection: Connection, mailbox: MailboxId, folder: str) -> AnyRow:
    """Its row; made here for a folder whose messages come before the tree tells of it."""
    values = {"b_mailbox": mailbox, "b_folder": folder}
    known = connection.execute(_FOLDER, values).one_or_none()
    if known is None:
        connection.execute(_NEW_FOLDER, {"mailbox_id": mailbox, "source_id": folder})
        known = connection.execute(_FOLDER, values).one()
    return known


# ---- merging -----------------------------------------------------------------------------------------------


def _shelf(connection: Connection, mailbox: MailboxId, ids: Collection[str]) -> Shelf:
    values = {"b_mailbox": mailbox, "ids": sorted(ids)}
    rows = connection.execute(_KNOWN[connection.dialect.name], values).all()
    elsewhere: dict[str, dict[str, Sighting]] = {}
    if rows and connection.execute(_HAS_SIGHTINGS, {"b_mailbox": mailbox}).first():
        for row in connection.execute(_SIGHTINGS, values):
            elsewhere.setdefault(row.source_id, {})[row.folder] = _place(row)
    known = {row.source_id: _tracked(row, elsewhere.get(row.source_id, {})) for row in rows}
    return Shelf(known, dict(known))


def _place(row: AnyRow) -> Sighting:
    return Sighting(row.folder, row.version, row.is_read, row.is_flagged, row.generation)


def _tracked(row: AnyRow, elsewhere: dict[str, Sighting]) -> Tracked:
    return Tracked(
        id=row.id,
        source_id=row.source_id,
        message_id=row.message_id,
        received_at=row.received_at,
        place=_place(row),
        state=row.state,
        removed=row.removed,
        shown=shown_of(row),
        destination_id=row.destination_id,
        intent_at=row.intent_at,
        attempts=row.attempts,
        retry_at=row.retry_at,
        elsewhere=elsewhere,
    )


def _sighting(message: SourceMessage, folder: str, generation: int) -> Sighting:
    return Sighting(folder, message.version, message.is_read, message.is_flagged, generation)


def _leave(shelf: Shelf, removed: Iterable[str], folder: str) -> None:
    for source_id in removed:
        known = shelf.after.get(source_id)
        if known is not None:
            shelf.after[source_id] = known.leaves(folder)


def _appear(shelf: Shelf, message: SourceMessage, seen: Sighting, since: datetime) -> None:
    """After what was removed: of a message that one page both removes and shows, the engine will find out."""
    known = shelf.after.get(message.id)
    if known is not None:
        shelf.after[message.id] = known.appears(seen)
    elif not message.is_draft and (message.received_at is None or message.received_at >= since):
        shelf.after[message.id] = Tracked(None, message.id, message.message_id, message.received_at, seen)


# ---- saving ------------------------------------------------------------------------------------------------


def _save(connection: Connection, mailbox: MailboxId, shelf: Shelf) -> int:
    """How many are new. Pages replay: most of what they tell may be known."""
    new = [one for key, one in shelf.after.items() if key not in shelf.before]
    changed = [one for key, one in shelf.after.items() if key in shelf.before and one != shelf.before[key]]
    if new:
        _INSERT.run(connection, [_inserted(mailbox, one) for one in new])
    if changed:
        connection.execute(_UPDATE, [_updated(one) for one in changed])
        _save_sightings(connection, mailbox, [(shelf.before[one.source_id], one) for one in changed])
    return len(new)


def _inserted(mailbox: MailboxId, one: Tracked) -> dict[str, Any]:
    more = {"mailbox_id": mailbox, "source_id": one.source_id, "received_at": one.received_at}
    return _values(one) | more


def _updated(one: Tracked) -> dict[str, Any]:
    return {"b_id": one.id} | {f"b_{name}": value for name, value in _values(one).items()}


def _values(one: Tracked) -> dict[str, Any]:
    return {
        "version": one.place.version,
        "message_id": one.message_id,
        "state": one.state,
        "folder": one.place.folder,
        "is_read": one.place.is_read,
        "is_flagged": one.place.is_flagged,
        "generation": one.place.generation,
        "removed": one.removed,
        "attempts": one.attempts,
        "retry_at": one.retry_at,
    }


def _save_sightings(
    connection: Connection, mailbox: MailboxId, pairs: Sequence[tuple[Tracked, Tracked]]
) -> None:
    dropped = [
        {"b_mailbox": mailbox, "b_source_id": after.source_id, "b_folder": folder}
        for before, after in pairs
        for folder, one in before.elsewhere.items()
        if after.elsewhere.get(folder) != one
    ]
    kept = [
        _sighting_row(mailbox, after.source_id, one)
        for before, after in pairs
        for folder, one in after.elsewhere.items()
        if before.elsewhere.get(folder) != one
    ]
    if dropped:
        connection.execute(_FORGET, dropped)
    if kept:
        connection.execute(_KEEP[connection.dialect.name], kept)


def _sighting_row(mailbox: MailboxId, source_id: str, one: Sighting) -> dict[str, Any]:
    return {
        "mailbox_id": mailbox,
        "source_id": source_id,
        "folder": one.folder,
        "version": one.version,
        "is_read": one.is_read,
        "is_flagged": one.is_flagged,
        "generation": one.generation,
    }
