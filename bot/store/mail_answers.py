"""Who waits for the answer to a retry of an item, and which report is that answer."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, bindparam, select, true, update

from bot.domain.events import Event, ItemFailed, ItemSynced
from bot.domain.mail import (
    EMAIL,
    FOLDER_PREFIX,
    Adjusted,
    GaveUp,
    Gone,
    Imported,
    Labelled,
    LabelRemoved,
    Step,
    Unlabelled,
)
from bot.domain.values import MailboxId
from bot.ports.journal import Entry
from bot.store.engine_tables import mail_folder, mail_item

_ITEMS = select(mail_item.c.id, mail_item.c.mailbox_id, mail_item.c.source_id, mail_item.c.retry_key).where(
    mail_item.c.mailbox_id.in_(bindparam("mailboxes", expanding=True)), mail_item.c.retry_key.is_not(None)
)
_ANY_ITEM = select(true()).where(mail_item.c.retry_key.is_not(None)).limit(1)
_FOLDERS = select(mail_folder.c.mailbox_id, mail_folder.c.source_id, mail_folder.c.retry_key).where(
    mail_folder.c.mailbox_id.in_(bindparam("mailboxes", expanding=True)), mail_folder.c.retry_key.is_not(None)
)
_ANSWERED_ITEM = update(mail_item).where(mail_item.c.id == bindparam("b_id")).values(retry_key=None)
_ANSWERED_FOLDER = (
    update(mail_folder)
    .where(
        mail_folder.c.mailbox_id == bindparam("b_mailbox"), mail_folder.c.source_id == bindparam("b_folder")
    )
    .values(retry_key=None)
)
_OF_FOLDERS = (Labelled, Unlabelled, LabelRemoved)
_FAILING = (GaveUp, Unlabelled)
_ENDING = (Imported, Adjusted, Gone, Labelled, *_FAILING)

Subject = tuple[MailboxId, int | str]
"""An item's row, or a folder's id, of a mailbox."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """An item or folder that somebody waits for; `name` is what reports call it."""

    subject: Subject
    name: tuple[MailboxId, str | None]
    retry_key: str


def about(step: Step) -> int | str:
    return step.folder if isinstance(step, _OF_FOLDERS) else step.item


def answered(connection: Connection, entries: Sequence[Entry]) -> list[Event]:
    """All events; those about what somebody waits for answer that request, which may have come after the
    engine read the item. What arrived without a report is answered when single items are next claimed.
    """
    awaited = _awaited(connection, entries)
    keys = {one.name: one.retry_key for one in awaited}
    reports = [(event, (entry.work.mailbox, _name(event))) for entry in entries for event in entry.events]
    told, given_up = {name for _, name in reports}, _given_up(entries)
    _clear(connection, [one for one in awaited if one.name in told or one.subject in given_up])
    return [_answering(event, keys.get(name)) for event, name in reports]


def _awaited(connection: Connection, entries: Sequence[Entry]) -> list[Awaited]:
    ended = {(entry.work.mailbox, about(step)) for entry, step in _steps(entries)}
    items = {mailbox for mailbox, subject in ended if isinstance(subject, int)}
    folders = {mailbox for mailbox, subject in ended if isinstance(subject, str)}
    waiting = (*_awaited_items(connection, items), *_awaited_folders(connection, folders))
    return [one for one in waiting if one.subject in ended]


def _awaited_items(connection: Connection, mailboxes: Collection[MailboxId]) -> Iterator[Awaited]:
    """Hardly ever does anybody wait at all, which is asked first since it costs next to nothing."""
    if mailboxes and connection.execute(_ANY_ITEM).first():
        for row in connection.execute(_ITEMS, {"mailboxes": sorted(mailboxes)}):
            yield Awaited((row.mailbox_id, row.id), (row.mailbox_id, row.source_id), row.retry_key)


def _awaited_folders(connection: Connection, mailboxes: Collection[MailboxId]) -> Iterator[Awaited]:
    if mailboxes:
        for row in connection.execute(_FOLDERS, {"mailboxes": sorted(mailboxes)}):
            name = row.mailbox_id, FOLDER_PREFIX + row.source_id
            yield Awaited((row.mailbox_id, row.source_id), name, row.retry_key)


def _steps(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Step]]:
    return ((entry, step) for entry in entries for step in entry.steps if isinstance(step, _ENDING))


def _given_up(entries: Sequence[Entry]) -> set[Subject]:
    return {
        (entry.work.mailbox, about(step)) for entry, step in _steps(entries) if isinstance(step, _FAILING)
    }


def _name(event: Event) -> str | None:
    """Of the item that an event tells the end of."""
    if isinstance(event, ItemFailed | ItemSynced) and event.service == EMAIL:
        return event.item
    return None


def _answering(event: Event, key: str | None) -> Event:
    return replace(event, retry_id=key) if key and isinstance(event, ItemFailed | ItemSynced) else event


def _clear(connection: Connection, awaited: Iterable[Awaited]) -> None:
    for one in awaited:
        mailbox, chosen = one.subject
        if isinstance(chosen, str):
            connection.execute(_ANSWERED_FOLDER, {"b_mailbox": mailbox, "b_folder": chosen})
        else:
            connection.execute(_ANSWERED_ITEM, {"b_id": chosen})
