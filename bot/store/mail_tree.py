"""A mailbox's folders in the journal."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, insert, not_, null, or_, select, update

from bot.domain.mail import ELSEWHERE, FolderPage, ItemState, KnownFolder, SourceFolder, WellKnown, Work
from bot.domain.values import MailboxId
from bot.store.columns import AnyRow
from bot.store.engine_tables import mail_folder, mail_item, mail_sync
from bot.store.mail_leases import held
from bot.store.mail_listing import vacate

_OF_MAILBOX = mail_folder.c.mailbox_id == bindparam("b_mailbox")
_THIS = and_(_OF_MAILBOX, mail_folder.c.source_id == bindparam("b_folder"))
_CHOSEN = and_(_OF_MAILBOX, mail_folder.c.source_id.in_(bindparam("ids", expanding=True)))
_TREE = select(mail_folder).where(_OF_MAILBOX, mail_folder.c.in_tree).order_by(mail_folder.c.id)
_KNOWN = select(mail_folder.c.source_id).where(_CHOSEN)
_INSERT = insert(mail_folder).values(removed=False, generation=0)
_PARENT = bindparam("b_parent", type_=mail_folder.c.parent.type)
_NAME = bindparam("b_name", type_=mail_folder.c.name.type)
_IS_RENAMED = or_(mail_folder.c.name.is_distinct_from(_NAME), mail_folder.c.parent.is_distinct_from(_PARENT))
_UPDATE = (
    update(mail_folder)
    .where(_THIS)
    .values(
        parent=_PARENT,
        name=_NAME,
        in_tree=True,
        removed=False,
        tree_generation=bindparam("b_generation"),
        failed=case((_IS_RENAMED, null()), else_=mail_folder.c.failed),
        failed_run=case((_IS_RENAMED, null()), else_=mail_folder.c.failed_run),
    )
)
_UNSEEN = select(mail_folder.c.source_id).where(
    _OF_MAILBOX,
    mail_folder.c.in_tree,
    not_(mail_folder.c.removed),
    mail_folder.c.tree_generation < bindparam("b_generation"),
)
# A folder that comes back is listed from the start.
_REMOVE = (
    update(mail_folder)
    .where(_CHOSEN, mail_folder.c.in_tree, not_(mail_folder.c.removed))
    .values(removed=True, cursor=None, generation=mail_folder.c.generation + 1)
    .returning(mail_folder.c.source_id, mail_folder.c.generation)
)
_LEAVE = (
    update(mail_folder)
    .where(_CHOSEN)
    .values(cursor=None, generation=mail_folder.c.generation + 1)
    .returning(mail_folder.c.source_id, mail_folder.c.generation)
)
_IS_NAMED = update(mail_folder).where(_THIS).values(well_known=bindparam("b_well_known"))
_UNNAME = (
    update(mail_folder)
    .where(_OF_MAILBOX, mail_folder.c.well_known.in_(bindparam("names", expanding=True)))
    .values(well_known=None)
)
_PLACES = select(mail_folder.c.source_id, mail_folder.c.place).where(
    _CHOSEN, mail_folder.c.place.is_not(None)
)
_SETTLE = update(mail_folder).where(_THIS).values(place=bindparam("b_place"))
_WAS_DONE = mail_item.c.state == ItemState.DONE
_DISPLACE = (
    update(mail_item)
    .where(
        mail_item.c.mailbox_id == bindparam("b_mailbox"), mail_item.c.shown_folder == bindparam("b_folder")
    )
    .values(
        shown_folder=ELSEWHERE,
        state=case((_WAS_DONE, ItemState.CHANGED), else_=mail_item.c.state),
        attempts=case((_WAS_DONE, 0), else_=mail_item.c.attempts),
    )
)
_FORGET_CURSOR = update(mail_folder).where(_THIS).values(cursor=None, generation=mail_folder.c.generation + 1)

_SYNC = update(mail_sync).where(mail_sync.c.mailbox_id == bindparam("b_mailbox"))
_CURSOR = _SYNC.values(folders_cursor=bindparam("b_cursor"))
_FORGET_TREE = _SYNC.values(folders_cursor=None, folders_generation=mail_sync.c.folders_generation + 1)
_LISTED = _SYNC.values(listed=True)


def folders(connection: Connection, mailbox: MailboxId) -> tuple[KnownFolder, ...]:
    return tuple(map(_folder_of, connection.execute(_TREE, {"b_mailbox": mailbox})))


def save_folders(connection: Connection, work: Work, page: FolderPage) -> None:
    """Of a folder that one page both removes and shows, the next listing will find out."""
    sync = held(connection, work)
    if sync is None:
        return
    _remove(connection, work.mailbox, page.removed)
    _keep(connection, work.mailbox, page.folders, sync.folders_generation)
    if page.is_last:
        values = {"b_mailbox": work.mailbox, "b_generation": sync.folders_generation}
        _remove(connection, work.mailbox, list(connection.execute(_UNSEEN, values).scalars()))
    connection.execute(_CURSOR, {"b_mailbox": work.mailbox, "b_cursor": page.cursor})


def name_well_known(connection: Connection, work: Work, names: dict[str, WellKnown]) -> None:
    if held(connection, work) is None or not names:
        return
    connection.execute(_UNNAME, {"b_mailbox": work.mailbox, "names": sorted(set(names.values()))})
    known = _known(connection, work.mailbox, names)
    unknown = [folder for folder in names if folder not in known]
    if unknown:
        row = {"mailbox_id": work.mailbox, "in_tree": False, "tree_generation": 0}
        connection.execute(_INSERT, [row | {"source_id": folder} for folder in unknown])
    named = [
        {"b_mailbox": work.mailbox, "b_folder": folder, "b_well_known": name}
        for folder, name in names.items()
    ]
    connection.execute(_IS_NAMED, named)


def forget_cursor(connection: Connection, work: Work, folder: str | None) -> None:
    if held(connection, work) is None:
        return
    if folder is None:
        connection.execute(_FORGET_TREE, {"b_mailbox": work.mailbox})
    else:
        connection.execute(_FORGET_CURSOR, {"b_mailbox": work.mailbox, "b_folder": folder})


def vacate_folders(connection: Connection, work: Work, ids: Collection[str]) -> None:
    if held(connection, work) is None:
        return
    for row in connection.execute(_LEAVE, {"b_mailbox": work.mailbox, "ids": list(ids)}).all():
        vacate(connection, work.mailbox, row.source_id, row.generation)


def settle(connection: Connection, work: Work, places: Mapping[str, str]) -> None:
    if held(connection, work) is None:
        return
    chosen = {"b_mailbox": work.mailbox, "ids": list(places)}
    for row in connection.execute(_PLACES, chosen).all():
        if row.place != places[row.source_id]:
            connection.execute(_DISPLACE, {"b_mailbox": work.mailbox, "b_folder": row.source_id})
    values = [{"b_mailbox": work.mailbox, "b_folder": id_, "b_place": place} for id_, place in places.items()]
    connection.execute(_SETTLE, values)


def listed(connection: Connection, work: Work) -> None:
    if held(connection, work) is not None:
        connection.execute(_LISTED, {"b_mailbox": work.mailbox})


def _keep(connection: Connection, mailbox: MailboxId, found: Sequence[SourceFolder], generation: int) -> None:
    newest = {folder.id: folder for folder in found}
    known = _known(connection, mailbox, newest)
    new = [folder for folder in newest.values() if folder.id not in known]
    kept = [folder for folder in newest.values() if folder.id in known]
    if new:
        connection.execute(_INSERT, [_inserted(mailbox, folder, generation) for folder in new])
    if kept:
        connection.execute(_UPDATE, [_updated(mailbox, folder, generation) for folder in kept])


def _known(connection: Connection, mailbox: MailboxId, ids: Iterable[str]) -> set[str]:
    return set(connection.execute(_KNOWN, {"b_mailbox": mailbox, "ids": list(ids)}).scalars())


def _inserted(mailbox: MailboxId, folder: SourceFolder, generation: int) -> dict[str, Any]:
    return {
        "mailbox_id": mailbox,
        "source_id": folder.id,
        "parent": folder.parent,
        "name": folder.name,
        "in_tree": True,
        "tree_generation": generation,
    }


def _updated(mailbox: MailboxId, folder: SourceFolder, generation: int) -> dict[str, Any]:
    return {
        "b_mailbox": mailbox,
        "b_folder": folder.id,
        "b_parent": folder.parent,
        "b_name": folder.name,
        "b_generation": generation,
    }


def _remove(connection: Connection, mailbox: MailboxId, ids: Collection[str]) -> None:
    if not ids:
        return
    for row in connection.execute(_REMOVE, {"b_mailbox": mailbox, "ids": list(ids)}).all():
        vacate(connection, mailbox, row.source_id, row.generation)


def _folder_of(row: AnyRow) -> KnownFolder:
    return KnownFolder(
        id=row.source_id,
        parent=row.parent,
        name=row.name,
        well_known=row.well_known,
        label=row.label,
        label_name=row.label_name,
        cursor=row.cursor,
        is_removed=row.removed,
        failed=row.failed,
        retry_key=row.retry_key,
        label_called=row.label_called,
        place=row.place,
    )
