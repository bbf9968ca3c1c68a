"""One person's mail as the panel shows it: Microsoft 365 and Gmail side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from functools import lru_cache

from bot.sandbox.gmail.mailbox import Mailbox as GmailMailbox
from bot.sandbox.gmail.mailbox import Message as GmailMessage
from bot.sandbox.graph import Folder, Mailbox, Message
from bot.sandbox.office.cast import ARCHIVE, DELETED, INBOX, SENT, Person
from bot.sandbox.office.office import Office

SHOWN = 7
"""The newest messages of each folder; of the others their number."""

_UNSYNCED = frozenset({DELETED, "drafts", "outbox", "junkemail"})
_ORDER = (INBOX, None, SENT, ARCHIVE, DELETED)
_ALL_MAIL = "Archived"
_SYSTEM = {"INBOX": "Inbox", "SENT": "Sent", "TRASH": "Bin", "SPAM": "Spam"}


@dataclass(frozen=True)
class Row:
    """`why`: what keeps it from Gmail, None where it is there or need not be. `lags`: its marks differ."""

    id: str
    subject: str
    sender: str
    at: datetime
    is_read: bool
    is_flagged: bool
    why: str | None = None
    lags: bool = False
    targets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Shelf:
    """A folder or label. `depth` counts the folders above it; `rest` are the messages that are not shown."""

    name: str
    depth: int
    total: int
    unread: int
    rows: tuple[Row, ...]
    is_synced: bool = True

    @property
    def rest(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True)
class Side:
    address: str
    total: int
    shelves: tuple[Shelf, ...]


@dataclass(frozen=True)
class Sides:
    """`missing` are the messages that Gmail should have and does not."""

    source: Side
    destination: Side
    missing: tuple[Row, ...]


def sides(office: Office, person: Person) -> Sides:
    source, gmail = office.staff.source(person), office.staff.destination(person)
    view = _View(office, person, source, gmail)
    shelves = tuple(view.shelves())
    labels = tuple(_labels(gmail))
    missing = sorted(view.missing(), key=lambda row: row.at, reverse=True)
    return Sides(
        Side(person.source, sum(each.total for each in shelves), shelves),
        Side(person.destination, sum(each.total for each in labels), labels),
        tuple(missing),
    )


# ---- Microsoft 365 -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _View:
    office: Office
    person: Person
    source: Mailbox
    gmail: GmailMailbox

    def shelves(self) -> Iterator[Shelf]:
        for folder, depth in _walked(self.source.root, -1):
            is_known = folder.well_known is not None
            if folder.parent and (folder.messages or not is_known or folder.well_known == INBOX):
                yield self._shelf(folder, depth)

    def missing(self) -> Iterator[Row]:
        for folder in self.source.folders.values():
            if folder.well_known not in _UNSYNCED:
                rows = (self._row(message) for message in folder.messages.values())
                yield from (row for row in rows if row.why)

    def _shelf(self, folder: Folder, depth: int) -> Shelf:
        newest = sorted(folder.messages.values(), key=lambda each: each.received_at, reverse=True)
        return Shelf(
            folder.name,
            depth,
            len(newest),
            folder.unread_count,
            tuple(self._row(message) for message in newest[:SHOWN]),
            folder.well_known not in _UNSYNCED,
        )

    def _row(self, message: Message) -> Row:
        there = self._copy(message)
        is_synced = message.folder.well_known not in _UNSYNCED
        return Row(
            message.id,
            message.envelope.subject,
            _correspondent(message),
            message.received_at,
            message.is_read,
            message.is_flagged,
            self._why(message) if is_synced and there is None else None,
            is_synced and there is not None and _marks(there) != (message.is_read, message.is_flagged),
            tuple(self._targets(message)),
        )

    def _copy(self, message: Message) -> GmailMessage | None:
        found = self.gmail.with_message_id(message.envelope.message_id or "")
        return next((each for each in found if "TRASH" not in each.label_ids), None)

    def _why(self, message: Message) -> str:
        holding = [
            each for each in self.office.troubles.values() if each.holds and self.person in each.people
        ]
        own = (each for each in holding if each.message is message)
        common = (each for each in holding if each.message is None)
        trouble = next(own, None) or next(common, None)
        return trouble.words.why if trouble else "the next sync brings it"

    def _targets(self, message: Message) -> Iterator[tuple[str, str]]:
        """Folders to move it to: the inbox, the archive, and the person's first own one."""
        own = self.office.staff.own_folders(self.person)[:1]
        for folder in (self.source.well_known[INBOX], self.source.well_known[ARCHIVE], *own):
            if folder is not message.folder:
                yield folder.id, folder.name


def _correspondent(message: Message) -> str:
    """Of sent mail, to whom it went."""
    if message.folder.well_known == SENT:
        name, address = next(iter(message.envelope.to), ("", ""))
        return f"To {name or address}"
    name, address = message.envelope.sender or ("", "")
    return name or address


def _walked(folder: Folder, depth: int) -> Iterator[tuple[Folder, int]]:
    yield folder, depth
    for child in sorted(folder.children, key=_rank):
        yield from _walked(child, depth + 1)


def _rank(folder: Folder) -> tuple[int, str]:
    known = folder.well_known if folder.well_known in _ORDER else "~"
    return (_ORDER.index(known) if known in _ORDER else len(_ORDER), folder.name)


# ---- Gmail -------------------------------------------------------------------------------------------------


def _labels(gmail: GmailMailbox) -> Iterator[Shelf]:
    """Each message once: under its place or its first label, else with what is archived."""
    names = {id_: label.name for id_, label in gmail.labels.items() if not label.is_system}
    kept: dict[str, list[GmailMessage]] = {name: [] for name in _placed(names)}
    for message in gmail.messages.values():
        if not message.deleted:
            kept[_place(message, names)].append(message)
    for name, messages in kept.items():
        if messages or name in names.values():
            yield _label(name, messages)


def _placed(names: dict[str, str]) -> Iterator[str]:
    yield "Inbox"
    yield from sorted(names.values(), key=str.casefold)
    yield from ("Sent", _ALL_MAIL, "Spam", "Bin")


def _place(message: GmailMessage, names: dict[str, str]) -> str:
    for id_ in ("TRASH", "SPAM", "INBOX"):
        if id_ in message.label_ids:
            return _SYSTEM[id_]
    own = next((names[id_] for id_ in message.label_ids if id_ in names), None)
    return own or (_SYSTEM["SENT"] if "SENT" in message.label_ids else _ALL_MAIL)


def _label(path: str, messages: list[GmailMessage]) -> Shelf:
    newest = sorted(messages, key=lambda each: each.internal_date, reverse=True)
    unread = sum("UNREAD" in each.label_ids for each in newest)
    return Shelf(path, 0, len(newest), unread, tuple(map(_kept, newest[:SHOWN])))


def _kept(message: GmailMessage) -> Row:
    subject, sender = _headers(message.head)
    is_read, is_flagged = _marks(message)
    at = message.internal_date.astimezone(UTC)
    return Row(message.id, subject, sender, at, is_read, is_flagged)


def _marks(message: GmailMessage) -> tuple[bool, bool]:
    return "UNREAD" not in message.label_ids, "STARRED" in message.label_ids


@lru_cache(maxsize=4_096)
def _headers(head: bytes) -> tuple[str, str]:
    """Subject and sender."""
    read = BytesHeaderParser(policy=policy.default).parsebytes(head)
    name, address = parseaddr(str(read["From"] or ""))
    return str(read["Subject"] or ""), name or address
