"""What is in the stand-in's mailboxes. Versions count the changes of a mailbox; delta goes by them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.sandbox.graph.knobs import Reason
from bot.sandbox.graph.mime import Envelope, MimeSource, envelope_of

READ_MAIL = "Mail.Read"
READ_USERS = "User.Read.All"
MAIL_ONLY = frozenset({READ_MAIL})
MailboxState = Literal["ready", "disabled", "unsupported", "missing", "forbidden", "moving"]


@dataclass(slots=True, eq=False)
class Message:
    """`mutable_id` changes on a move, `id` (the immutable one) never does."""

    id: str
    mutable_id: str
    folder: "Folder"
    source: MimeSource
    received_at: datetime
    modified_at: datetime
    is_read: bool = False
    is_flagged: bool = False
    is_draft: bool = False
    is_gone: bool = False
    version: int = 0
    arrived_version: int = 0
    read_version: int = 0
    flag_version: int = 0
    _envelope: Envelope | None = None

    @property
    def envelope(self) -> Envelope:
        if self._envelope is None:
            self._envelope = envelope_of(self.source)
        return self._envelope

    @property
    def size(self) -> int:
        return self.source.size

    @property
    def mime(self) -> bytes:
        return b"".join(self.source.chunks())


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A message that left a folder, with the ids it had there; or a folder, whose ids are the same."""

    id: str
    mutable_id: str
    version: int
    reason: Reason


@dataclass(slots=True, eq=False)
class Folder:
    """`messages` is by immutable id, in the order of their last change."""

    id: str
    name: str
    mailbox: "Mailbox"
    parent: "Folder | None"
    well_known: str | None = None
    is_hidden: bool = False
    is_search: bool = False
    is_gone: bool = False
    version: int = 0
    messages: dict[str, Message] = field(default_factory=dict)
    tombstones: dict[str, Tombstone] = field(default_factory=dict)

    @property
    def children(self) -> list["Folder"]:
        return [folder for folder in self.mailbox.folders.values() if folder.parent is self]

    @property
    def unread_count(self) -> int:
        return sum(not message.is_read for message in self.messages.values())


@dataclass(slots=True, eq=False)
class Mailbox:
    """`folders` is by id and holds the root too."""

    id: str
    address: str
    language: str
    root: Folder = field(init=False)
    state: MailboxState = "ready"
    version: int = 0
    folders: dict[str, Folder] = field(default_factory=dict)
    well_known: dict[str, Folder] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    by_mutable_id: dict[str, Message] = field(default_factory=dict)
    gone_folders: dict[str, Tombstone] = field(default_factory=dict)

    def folder(self, name: str) -> Folder:
        """By well-known name, else by the name it shows."""
        found = self.well_known.get(name)
        return found or next(each for each in self.folders.values() if each.name == name)

    def next_version(self) -> int:
        self.version += 1
        return self.version


@dataclass(slots=True)
class App:
    """`permissions` are of the application kind; without `is_consented` none of them is granted."""

    tenant_id: str
    client_id: str
    secret: str
    expires_at: datetime | None = None
    certificate_thumbprint: str | None = None
    permissions: frozenset[str] = MAIL_ONLY
    is_consented: bool = True

    @property
    def roles(self) -> frozenset[str]:
        return self.permissions if self.is_consented else frozenset()
