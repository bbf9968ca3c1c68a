"""What the built-in engine needs from the database: work to claim, and a journal of each mailbox."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.connections import Connection
from bot.domain.events import Event, SyncCompleted, SyncFailed, SyncStarted
from bot.domain.mail import (
    Failing,
    FolderPage,
    Item,
    KnownFolder,
    MessagePage,
    Progress,
    Step,
    WellKnown,
    Work,
)
from bot.domain.values import Frequency, MailboxId
from bot.ports import RetryRequest


@dataclass(frozen=True, slots=True)
class Entry:
    """What one mailbox has to write down."""

    work: Work
    steps: tuple[Step, ...] = ()
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Intent:
    """An item, as it was read, is about to be imported under a Message-ID."""

    item: Item
    message_id: str
    at: datetime


class Schedule(Protocol):
    """Mailboxes that are due, by their rows. A mailbox is worked on by one process at a time."""

    async def claim(self, owner: str, now: datetime, *, until: datetime, at_most: int) -> tuple[Work, ...]:
        """Mailboxes that are due now, each this owner's until `until`.

        First those that somebody asked for, then runs to be taken up again, then those whose time has come:
        in turn between policies, the longest overdue first within one. Never one of an inactive policy, but
        for a run that has begun, which may finish. A run whose process vanished is taken up again under its
        own key, once its lease has ended.
        """
        ...

    async def begin(self, work: Work, started: SyncStarted, *, passing: Collection[str]) -> None:
        """Record the start. FAILED items and folders whose code is in `passing` are NEW again.

        Items that an earlier run left waiting get all their attempts once more.
        """
        ...

    async def prolong(self, work: Work, *, until: datetime) -> bool:
        """Keep a mailbox. False: another process has taken it, so this one must stop."""
        ...

    async def pause(self, work: Work, *, until: datetime, pauses: int) -> None:
        """Leave a run, to be taken up again; `pauses`: how often it was left in vain by now."""
        ...

    async def frequency(self, work: Work) -> Frequency:
        """How often the mailbox is to be synced by now; its policy may have changed since it was claimed."""
        ...

    async def finish(self, work: Work, ended: SyncCompleted | SyncFailed) -> None:
        """Record the end and leave the mailbox until `ended.next_sync_at`, in one transaction.

        The end answers whoever asked for a sync of the mailbox by now: `retry_id` is filled in here. Without
        a next time it is not due again until somebody asks.
        """
        ...


class Tree(Protocol):
    """A mailbox's folders in the journal, and the listing of what is in them."""

    async def folders(self, mailbox: MailboxId) -> tuple[KnownFolder, ...]: ...

    async def save_folders(self, work: Work, page: FolderPage) -> None:
        """Keep a page of the tree and its cursor, in one transaction.

        Messages of a removed folder become candidates for removal, as if each were reported as removed. A
        renamed folder that had failed may be tried again.
        """
        ...

    async def name_well_known(self, work: Work, names: dict[str, WellKnown]) -> None:
        """By folder id. A folder that is not in the tree yet is remembered for when it comes."""
        ...

    async def save_messages(self, work: Work, folder: str, page: MessagePage) -> int:
        """Keep a page of a folder and its cursor, in one transaction; how many items are new.

        An upsert: items repeat and pages replay. What was received before the mailbox's window is not kept,
        nor are drafts. An item removed from `folder` while the journal has it in another one has moved:
        nothing to do. A read or flag change, or another folder, makes a DONE item CHANGED, or DONE again
        where the destination shows it so already; a REMOVED or GONE item that comes back is CHANGED or DONE
        where the destination has it, else NEW. NEW and SENDING items stay so under their new folder and
        flags. A FAILED item becomes NEW where its version changed.
        """
        ...

    async def forget_cursor(self, work: Work, folder: str | None) -> None:
        """The source no longer knows the cursor: list the folder (None: the tree) from the start again.

        What the new listing does not show, once it is complete, becomes a candidate for removal.
        """
        ...

    async def vacate(self, work: Work, folders: Collection[str]) -> None:
        """Folders that are in the tree but no longer synced: what is in them is a candidate for removal.

        One that is synced again later is listed from the start.
        """
        ...

    async def settle(self, work: Work, places: Mapping[str, str]) -> None:
        """These folders' mail goes to these places from now on.

        Where a folder had another one before, what is shown in it becomes CHANGED, and shown ELSEWHERE.
        """
        ...

    async def listed(self, work: Work) -> None:
        """Every folder of this run has been listed."""
        ...


class Journal(Protocol):
    """A mailbox's messages. Whatever is written is committed when the call returns."""

    async def due(
        self, mailbox: MailboxId, now: datetime, *, after: int, limit: int, blocked: Collection[str]
    ) -> tuple[Item, ...]:
        """Items to work on, by id, beyond `after`, not before their time; none in the folders `blocked`.

        NEW, SENDING, CHANGED and REMOVED ones.
        """
        ...

    async def next_due_at(self, mailbox: MailboxId, *, blocked: Collection[str]) -> datetime | None:
        """The earliest time that any such item waits for; None where none waits."""
        ...

    async def write(self, entries: Sequence[Entry], intents: Sequence[Intent] = ()) -> frozenset[int]:
        """Steps and what is reported about them, and intents, in one transaction.

        Counts runs' changes and bytes. Steps that end an item's retry (Imported, GaveUp, Gone, Labelled,
        Unlabelled) clear its `retry_key`. An intended item becomes SENDING with attempts + 1, by
        compare-and-set on (state, attempts): the ids of those that this call won.
        """
        ...

    async def owned(self, mailbox: MailboxId, destination_ids: Collection[str]) -> frozenset[str]:
        """Which of these the journal already knows as some item's."""
        ...

    async def failing(self, mailbox: MailboxId) -> tuple[Failing, ...]:
        """FAILED items and folders."""
        ...

    async def progress(self, mailbox: MailboxId) -> Progress: ...


class Asked(Protocol):
    """Retries of single items that somebody asked for, ahead of everything else."""

    async def ask(self, request: RetryRequest, now: datetime) -> None:
        """Remember the request by its rows; asking twice with one key is asking once.

        A whole mailbox is due at once, or its run that is under way answers. A FAILED item is NEW again, with
        no attempts; one that is under way answers; one that is DONE or GONE answers with ItemSynced at once.

        Raises:
            EngineRefused: the mailbox is not this engine's, or the item is not in its journal.
        """
        ...

    async def claim_items(
        self, owner: str, now: datetime, *, until: datetime, at_most: int
    ) -> tuple[Work, ...]:
        """Mailboxes with items or folders that somebody asked for and that may be tried now.

        Each is theirs alone until `until`, whether or not a run goes on elsewhere.
        """
        ...

    async def items(self, mailbox: MailboxId, now: datetime, *, limit: int) -> tuple[Item, ...]:
        """Those with a `retry_key`, not before their time."""
        ...

    async def leave_items(self, work: Work) -> None:
        """What is left may be claimed again, when its time comes."""
        ...


class Connections(Protocol):
    async def connection(self, name: str) -> Connection | None: ...

    async def all(self) -> tuple[Connection, ...]:
        """Those that can be read, by name."""
        ...
