"""Mail as the built-in engine sees it: folders and messages at the source, and how far each one has come."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.values import Frequency, MailboxId, PolicyId, RunKind

EMAIL = "email"
"""The service that the built-in engine syncs."""

FOLDER_PREFIX = "folder:"
"""Begins the item of a failure that concerns a folder and not a message."""


class WellKnown(StrEnum):
    """Folders that every mailbox has, by the names that Microsoft Graph gives them in every language."""

    INBOX = "inbox"
    SENT = "sentitems"
    DRAFTS = "drafts"
    DELETED = "deleteditems"
    JUNK = "junkemail"
    ARCHIVE = "archive"
    OUTBOX = "outbox"
    ROOT = "msgfolderroot"
    SYNC_ISSUES = "syncissues"


class Removals(StrEnum):
    """What becomes of a message at the destination that was removed at the source."""

    KEEP = "keep"
    TRASH = "trash"


class DeletedItems(StrEnum):
    SKIP = "skip"
    TRASH = "trash"


class Junk(StrEnum):
    SKIP = "skip"
    SPAM = "spam"


@dataclass(frozen=True, slots=True)
class MailRules:
    """How a policy wants mail to be synced. `initial_days` counts back from a mailbox's first run."""

    initial_days: int = 30
    removals: Removals = Removals.KEEP
    deleted_items: DeletedItems = DeletedItems.SKIP
    junk: Junk = Junk.SKIP


# ---- the source --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SourceFolder:
    """`id` is the source's own. `name` is what people see, in their language: nothing may be mapped by it."""

    id: str
    parent: str | None
    name: str


@dataclass(frozen=True, slots=True)
class FolderPage:
    """One page of changes of the folder tree. `cursor` asks for what follows; `is_last`: nothing, yet."""

    folders: tuple[SourceFolder, ...]
    removed: tuple[str, ...]
    cursor: str
    is_last: bool


@dataclass(frozen=True, slots=True)
class SourceMessage:
    """`id` survives moves between folders. `message_id` is the header Message-ID, where there is one.

    `version` is another one after each change of the message.
    """

    id: str
    version: str | None
    message_id: str | None
    is_read: bool
    is_flagged: bool
    is_draft: bool
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class MessagePage:
    """One page of changes of one folder: `removed` were deleted from it, or moved elsewhere."""

    messages: tuple[SourceMessage, ...]
    removed: tuple[str, ...]
    cursor: str
    is_last: bool


@dataclass(frozen=True, slots=True)
class Description:
    """What tells an admin which message it is. `size` is in bytes."""

    subject: str | None = None
    sender: str | None = None
    received_at: datetime | None = None
    size: int | None = None


# ---- the journal -------------------------------------------------------------------------------------------


class ItemState(StrEnum):
    """How far a message has come.

    NEW: to be imported. SENDING: an import was begun, and nobody knows yet how it ended. DONE: the
    destination shows it as the source does. CHANGED: imported, but the source shows it differently by now.
    REMOVED: no longer in the folder where it was. FAILED: not tried again before somebody asks, or it
    changes, or before the next run where the cause passes by itself. GONE: removed at the source, and dealt
    with.
    """

    NEW = "new"
    SENDING = "sending"
    DONE = "done"
    CHANGED = "changed"
    REMOVED = "removed"
    FAILED = "failed"
    GONE = "gone"


ELSEWHERE = ""
"""In place of a folder's id: at the destination a message is where its folder used to be."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How one side shows a message: in which folder (of the source), read, flagged."""

    folder: str
    is_read: bool
    is_flagged: bool


@dataclass(frozen=True, slots=True)
class Item:
    """A message in the journal. `wanted` is how the source shows it, `shown` how the destination does.

    `attempts` counts imports that were begun since a run or a retry last made it NEW; `intent_at` is when one
    began whose end nobody knows. `retry_key` is set while somebody waits for the answer to a retry of this
    item. `code` is what it last failed with, since it was last imported; until `retry_at` it had to wait.
    """

    id: int
    source_id: str
    message_id: str | None
    state: ItemState
    wanted: Shown
    shown: Shown | None
    destination_id: str | None
    received_at: datetime | None
    attempts: int
    intent_at: datetime | None
    retry_key: str | None
    code: str | None = None
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownFolder:
    """A folder in the journal. `cursor` is None before it was ever listed; `label` is its label's id.

    `is_removed`: it no longer exists at the source. `failed`: the code for which it got no label; it is not
    tried again before it is renamed, or somebody asks. `retry_key` is as of an Item. `label_name` is what its
    label was to be called, `label_called` what it is called where that name was refused. `place` names the
    system labels that its mail was given besides, None before it was first listed.
    """

    id: str
    parent: str | None
    name: str
    well_known: WellKnown | None
    label: str | None
    label_name: str | None
    cursor: str | None
    is_removed: bool
    failed: str | None
    retry_key: str | None
    label_called: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Failing:
    """A failed item or folder, by the key that failures give it, and the run that gave it up."""

    key: str
    run: str | None


@dataclass(frozen=True, slots=True)
class Progress:
    """What a run has done so far, and how many items still wait for it."""

    changes: int
    bytes: int
    left: int


# ---- steps: what the engine has to write down --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Imported:
    """The destination has it, as `shown`. `size`: bytes that were sent for it."""

    item: int
    destination_id: str
    shown: Shown
    size: int = 0


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The destination shows an item, imported earlier, as `shown`."""

    item: int
    shown: Shown


@dataclass(frozen=True, slots=True)
class Later:
    """Not before `retry_at`. `is_certain`: the destination surely does not have it, so it is NEW again.

    `counts`: this was an attempt that no intent has counted.
    """

    item: int
    retry_at: datetime
    code: str
    message: str
    is_certain: bool = True
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Untried:
    """Back to what it was before its import began, since the trouble was not its own."""

    item: int


@dataclass(frozen=True, slots=True)
class GaveUp:
    """FAILED, with a code of the failure catalogue. `is_certain` is as of Later.

    To be tried again it becomes CHANGED where the destination has it, SENDING where nobody knows whether it
    arrived, else NEW.
    """

    item: int
    code: str
    message: str
    is_certain: bool = True


@dataclass(frozen=True, slots=True)
class Gone:
    item: int
    """Removed at the source; whatever the policy wants has been done at the destination."""
    changed: bool = False
    """The destination was changed, so that it counts as a change."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A folder has its label at the destination; `called` where `name` was refused."""

    folder: str
    label: str
    name: str
    called: str | None = None


@dataclass(frozen=True, slots=True)
class Unlabelled:
    """A folder got no label; its messages wait. `code` is of the failure catalogue."""

    folder: str
    code: str


@dataclass(frozen=True, slots=True)
class LabelRemoved:
    """The label of a folder that no longer exists is no longer there, either."""

    folder: str


Step = Imported | Adjusted | Later | Untried | GaveUp | Gone | Labelled | Unlabelled | LabelRemoved


# ---- work --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Work:
    """A mailbox that this process may work on until its lease ends, which it prolongs while it works.

    `run` is the key of its run; None for work on single items that somebody asked for. A run that waits for
    something is left and taken up again later: `is_listed` tells that its listing is complete; `pauses`
    counts the waits since anything last went well; `changes` and `bytes` are what it did so far. `retry_key`:
    somebody asked for this run. `began_at`: when it began, None for one that has not yet.
    """

    mailbox: MailboxId
    mailbox_key: str
    source: str
    destination: str
    policy: PolicyId
    frequency: Frequency
    rules: MailRules
    source_connection: str
    destination_connection: str
    run: str | None
    kind: RunKind
    window_start: datetime
    folders_cursor: str | None
    is_listed: bool
    began_at: datetime | None
    pauses: int
    changes: int
    bytes: int
    retry_key: str | None
    owner: str


HEARTBEAT = timedelta(seconds=10)
"""How often a process that works on a mailbox says that it still does."""

LEASE = timedelta(minutes=2)
"""For how long a process may be silent before another takes its mailbox over."""
