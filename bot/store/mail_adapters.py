"""The ports of bot.ports.journal, filled by SQL: each method runs one function in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.connections import Connection
from bot.domain.events import SyncCompleted, SyncFailed, SyncStarted
from bot.domain.mail import (
    Failing,
    FolderPage,
    Item,
    KnownFolder,
    MessagePage,
    Progress,
    WellKnown,
    Work,
)
from bot.domain.values import Frequency, MailboxId
from bot.ports import RetryRequest, StuckRun
from bot.ports.journal import Entry, Intent
from bot.store import (
    mail_asked,
    mail_items,
    mail_listing,
    mail_schedule,
    mail_steps,
    mail_tree,
    watchdog,
)
from bot.store.connection_rows import all_connections, connection_named
from bot.store.database import Database
from bot.store.mail_intents import NotAllWon
from bot.store.mail_schedule import Lease


@dataclass(frozen=True, slots=True)
class SqlSchedule:
    database: Database

    async def claim(self, owner: str, now: datetime, *, until: datetime, at_most: int) -> tuple[Work, ...]:
        candidates = await self.database.read(mail_schedule.chosen, now, at_most) if at_most > 0 else []
        if not candidates:
            return ()
        lease = Lease(owner, until)
        return await self.database.write(mail_schedule.claim, candidates, lease, now, at_most)

    async def begin(self, work: Work, started: SyncStarted, *, passing: Collection[str]) -> None:
        await self.database.write(mail_schedule.begin, work, started, passing)

    async def prolong(self, work: Work, *, until: datetime) -> bool:
        return await self.database.write(mail_schedule.prolong, work, until)

    async def pause(self, work: Work, *, until: datetime, pauses: int) -> None:
        await self.database.write(mail_schedule.pause, work, until, pauses)

    async def frequency(self, work: Work) -> Frequency:
        return await self.database.read(mail_schedule.frequency, work)

    async def finish(self, work: Work, ended: SyncCompleted | SyncFailed) -> None:
        await self.database.write(mail_schedule.finish, work, ended)


@dataclass(frozen=True, slots=True)
class SqlTree:
    database: Database

    async def folders(self, mailbox: MailboxId) -> tuple[KnownFolder, ...]:
        return await self.database.read(mail_tree.folders, mailbox)

    async def save_folders(self, work: Work, page: FolderPage) -> None:
        await self.database.write(mail_tree.save_folders, work, page)

    async def name_well_known(self, work: Work, names: dict[str, WellKnown]) -> None:
        await self.database.write(mail_tree.name_well_known, work, names)

    async def save_messages(self, work: Work, folder: str, page: MessagePage) -> int:
        return await self.database.write(mail_listing.save_messages, work, folder, page)

    async def forget_cursor(self, work: Work, folder: str | None) -> None:
        await self.database.write(mail_tree.forget_cursor, work, folder)

    async def vacate(self, work: Work, folders: Collection[str]) -> None:
        await self.database.write(mail_tree.vacate_folders, work, folders)

    async def settle(self, work: Work, places: Mapping[str, str]) -> None:
        await self.database.write(mail_tree.settle, work, places)

    async def listed(self, work: Work) -> None:
        await self.database.write(mail_tree.listed, work)


@dataclass(frozen=True, slots=True)
class SqlJournal:
    database: Database

    async def due(
        self, mailbox: MailboxId, now: datetime, *, after: int, limit: int, blocked: Collection[str]
    ) -> tuple[Item, ...]:
        return await self.database.read(
            mail_items.due, mailbox, now, after=after, limit=limit, blocked=blocked
        )

    async def next_due_at(self, mailbox: MailboxId, *, blocked: Collection[str]) -> datetime | None:
        return await self.database.read(mail_items.next_due_at, mailbox, blocked)

    async def write(self, entries: Sequence[Entry], intents: Sequence[Intent] = ()) -> frozenset[int]:
        try:
            return await self.database.write(mail_steps.write, entries, intents)
        except NotAllWon:
            return await self.database.write(mail_steps.write_apart, entries, intents)

    async def owned(self, mailbox: MailboxId, destination_ids: Collection[str]) -> frozenset[str]:
        return await self.database.read(mail_items.owned, mailbox, destination_ids)

    async def failing(self, mailbox: MailboxId) -> tuple[Failing, ...]:
        return await self.database.read(mail_items.failing, mailbox)

    async def progress(self, mailbox: MailboxId) -> Progress:
        return await self.database.read(mail_items.progress, mailbox)


@dataclass(frozen=True, slots=True)
class SqlAsked:
    database: Database

    async def ask(self, request: RetryRequest, now: datetime) -> None:
        await self.database.write(mail_asked.ask, request, now)

    async def claim_items(
        self, owner: str, now: datetime, *, until: datetime, at_most: int
    ) -> tuple[Work, ...]:
        return await self.database.write(mail_asked.claim_items, Lease(owner, until), now, at_most)

    async def items(self, mailbox: MailboxId, now: datetime, *, limit: int) -> tuple[Item, ...]:
        return await self.database.read(mail_items.asked, mailbox, now, limit)

    async def leave_items(self, work: Work) -> None:
        await self.database.write(mail_asked.leave_items, work)


@dataclass(frozen=True, slots=True)
class SqlConnections:
    database: Database

    async def connection(self, name: str) -> Connection | None:
        return await self.database.read(connection_named, name)

    async def all(self) -> tuple[Connection, ...]:
        return await self.database.read(all_connections)


@dataclass(frozen=True, slots=True)
class SqlWatchdog:
    database: Database

    async def stuck(self, now: datetime, *, silent_since: datetime, limit: int) -> tuple[StuckRun, ...]:
        return await self.database.read(watchdog.stuck, now, silent_since, limit)

    async def overdue(self, now: datetime, limit: int) -> tuple[str, ...]:
        return await self.database.read(watchdog.overdue, now, limit)

    async def end(self, run: StuckRun, ended: SyncFailed) -> None:
        await self.database.write(watchdog.end, run, ended)
