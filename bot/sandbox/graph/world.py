"""The state of the stand-in: apps of tenants, and mailboxes with folders and messages."""

from collections.abc import Callable
from datetime import datetime

from bot.sandbox.graph import wellknown
from bot.sandbox.graph.generated import Batch, GeneratedMime
from bot.sandbox.graph.knobs import Knobs, Reason
from bot.sandbox.graph.mime import BytesMime, MimeSource
from bot.sandbox.graph.mint import Mint
from bot.sandbox.graph.model import MAIL_ONLY, App, Folder, Mailbox, MailboxState, Message, Tombstone


class World:
    def __init__(self, now: Callable[[], datetime], knobs: Knobs) -> None:
        self.now = now
        self.knobs = knobs
        self.mint = Mint(knobs.seed)
        self.apps: dict[tuple[str, str], App] = {}
        self.mailboxes: dict[str, Mailbox] = {}

    # Apps

    def add_app(
        self,
        tenant_id: str,
        client_id: str,
        *,
        secret: str,
        expires_at: datetime | None = None,
        certificate_thumbprint: str | None = None,
        permissions: frozenset[str] = MAIL_ONLY,
    ) -> App:
        """The thumbprint is the certificate's SHA-1 or SHA-256 in hexadecimal."""
        app = App(tenant_id, client_id, secret, expires_at, certificate_thumbprint, permissions)
        self.apps[tenant_id.lower(), client_id.lower()] = app
        return app

    def app(self, tenant_id: str, client_id: str) -> App | None:
        return self.apps.get((tenant_id.lower(), client_id.lower()))

    def has_tenant(self, tenant_id: str) -> bool:
        return any(tenant == tenant_id.lower() for tenant, _ in self.apps)

    def renew_secret(self, app: App, secret: str, expires_at: datetime | None = None) -> None:
        app.secret = secret
        app.expires_at = expires_at

    def expire_secret(self, app: App) -> None:
        app.expires_at = self.now()

    def revoke_consent(self, app: App | None = None) -> None:
        """For all apps without `app`. Takes effect at once, on tokens already given too."""
        for each in [app] if app else self.apps.values():
            each.is_consented = False

    def grant(self, app: App | None = None) -> None:
        for each in [app] if app else self.apps.values():
            each.is_consented = True

    # Mailboxes and folders

    def add_user(self, address: str, *, language: str = "en") -> Mailbox:
        mailbox = Mailbox(self.mint.guid(), address, language)
        mailbox.root = self._new_folder(mailbox, "Top of Information Store", None, wellknown.ROOT)
        for well_known, name in wellknown.display_names(language).items():
            self._new_folder(mailbox, name, mailbox.root, well_known)
        self.mailboxes[mailbox.id] = self.mailboxes[address.lower()] = mailbox
        return mailbox

    def mailbox(self, user: str) -> Mailbox | None:
        """By id or by address, in any case."""
        return self.mailboxes.get(user.lower())

    def users(self) -> list[Mailbox]:
        return list(dict.fromkeys(self.mailboxes.values()))

    def set_state(self, user: Mailbox | str, state: MailboxState) -> None:
        self._found(user).state = state

    def add_folder(
        self,
        name: str,
        parent: Folder | None = None,
        *,
        user: Mailbox | str | None = None,
        is_hidden: bool = False,
        is_search: bool = False,
    ) -> Folder:
        """Without a parent at the top of the mailbox of `user`, who may be left out if there is one only.

        A search folder is told apart by its type alone: mailFolder lists show it among the others.
        """
        above = parent or self._found(user or self._only_user()).root
        folder = self._new_folder(above.mailbox, name, above, None)
        folder.is_hidden, folder.is_search = is_hidden, is_search
        return folder

    def rename_folder(self, folder: Folder, name: str) -> None:
        folder.name = name
        folder.version = folder.mailbox.next_version()

    def move_folder(self, folder: Folder, parent: Folder) -> None:
        """Its id stays: https://learn.microsoft.com/graph/outlook-immutable-id"""
        folder.parent = parent
        folder.version = folder.mailbox.next_version()

    def remove_folder(self, folder: Folder) -> None:
        """For good, with what is in it. Outlook's first deletion is a `move_folder` to the deleted items."""
        for child in folder.children:
            self.remove_folder(child)
        for message in list(folder.messages.values()):
            self.delete(message, hard=True)
        mailbox = folder.mailbox
        folder.is_gone = True
        del mailbox.folders[folder.id]
        mailbox.gone_folders[folder.id] = Tombstone(folder.id, folder.id, mailbox.next_version(), "deleted")
        if folder.well_known:
            del mailbox.well_known[folder.well_known]

    # Messages

    def deliver(
        self,
        folder: Folder,
        mime: bytes | MimeSource,
        *,
        received_at: datetime | None = None,
        is_read: bool = False,
        is_flagged: bool = False,
        is_draft: bool = False,
    ) -> Message:
        source = BytesMime(mime) if isinstance(mime, bytes) else mime
        now = received_at or self.now()
        message = Message(
            self.mint.immutable_id(), "", folder, source, now, now, is_read, is_flagged, is_draft
        )
        folder.mailbox.messages[message.id] = message
        self._put(message, folder)
        return message

    def populate(
        self, folder: Folder, count: int, batch: Batch | None = None, *, start: int = 0
    ) -> list[Message]:
        """Generated messages, made when they are read; the same for the same batch and numbers."""
        made = batch or Batch(self.knobs.seed)
        sources = (GeneratedMime(made, index) for index in range(start, start + count))
        return [self.deliver(folder, each, received_at=each.sent_at) for each in sources]

    def move(self, message: Message, folder: Folder) -> None:
        self._take(message, self.knobs.move_reason)
        self._put(message, folder)

    def set_read(self, message: Message, *, is_read: bool = True) -> None:
        message.is_read = is_read
        message.read_version = self._touch(message)

    def set_flag(self, message: Message, *, is_flagged: bool = True) -> None:
        message.is_flagged = is_flagged
        message.flag_version = self._touch(message)

    def delete(self, message: Message, *, hard: bool = False) -> None:
        """As in Outlook to the deleted items; from there, or if `hard`, for good."""
        deleted_items = message.folder.mailbox.well_known["deleteditems"]
        if not hard and message.folder is not deleted_items:
            return self.move(message, deleted_items)
        self._take(message, "deleted")
        del message.folder.mailbox.messages[message.id]
        message.is_gone = True
        return None

    def messages(self, user: Mailbox | str) -> list[Message]:
        return list(self._found(user).messages.values())

    # Inside

    def _found(self, user: Mailbox | str) -> Mailbox:
        return user if isinstance(user, Mailbox) else self.mailboxes[user.lower()]

    def _only_user(self) -> Mailbox:
        [user] = self.users()
        return user

    def _new_folder(
        self, mailbox: Mailbox, name: str, parent: Folder | None, well_known: str | None
    ) -> Folder:
        folder = Folder(self.mint.folder_id(), name, mailbox, parent, well_known)
        folder.version = mailbox.next_version()
        mailbox.folders[folder.id] = folder
        if well_known:
            mailbox.well_known[well_known] = folder
        return folder

    def _put(self, message: Message, folder: Folder) -> None:
        message.folder = folder
        message.mutable_id = self.mint.mutable_id()
        folder.mailbox.by_mutable_id[message.mutable_id] = message
        folder.tombstones.pop(message.id, None)
        message.arrived_version = self._touch(message)

    def _take(self, message: Message, reason: Reason) -> None:
        folder = message.folder
        version = folder.mailbox.next_version()
        del folder.messages[message.id]
        del folder.mailbox.by_mutable_id[message.mutable_id]
        folder.tombstones[message.id] = Tombstone(message.id, message.mutable_id, version, reason)
        self._count_changed(folder, version)

    def _touch(self, message: Message) -> int:
        folder = message.folder
        message.version = version = folder.mailbox.next_version()
        message.modified_at = self.now()
        folder.messages.pop(message.id, None)
        folder.messages[message.id] = message
        self._count_changed(folder, version)
        return version

    def _count_changed(self, folder: Folder, version: int) -> None:
        if self.knobs.counts_change_folders:
            folder.version = version
