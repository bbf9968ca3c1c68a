"""Short words for mailboxes that the built-in engine syncs, and the adapters of its journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, text

from bot.domain.events import Event, SyncCompleted, SyncStarted
from bot.domain.mail import (
    FolderPage,
    GaveUp,
    Imported,
    Item,
    ItemState,
    MessagePage,
    Shown,
    SourceFolder,
    SourceMessage,
    Step,
    Work,
)
from bot.domain.values import RetryKey, RunKind, Trigger
from bot.ports import RetryRequest
from bot.ports.journal import Entry, Intent
from bot.store import SqlAsked, SqlJournal, SqlSchedule, SqlTree, SqlWatchdog
from bot.store.engine_tables import connection, mail_policy, mail_sync
from bot.store.tables import mailbox, policy
from tests.integration.store.words import Store, at

INBOX, ARCHIVE = "in", "ar"


def message(
    name: str,
    *,
    version: str | None = "1",
    read: bool = False,
    flagged: bool = False,
    draft: bool = False,
    minute: float | None = 0,
) -> SourceMessage:
    received_at = None if minute is None else at(minute)
    return SourceMessage(name, version, f"<{name}@old.example>", read, flagged, draft, received_at)


def messages(
    *found: SourceMessage, removed: Sequence[str] = (), cursor: str = "c", last: bool = True
) -> MessagePage:
    return MessagePage(found, tuple(removed), cursor, last)


def folder(name: str, *, parent: str | None = None, called: str = "") -> SourceFolder:
    return SourceFolder(name, parent, called or name)


def folders(
    *found: SourceFolder, removed: Sequence[str] = (), cursor: str = "t", last: bool = True
) -> FolderPage:
    return FolderPage(found, tuple(removed), cursor, last)


def shown(of: str, *, read: bool = False, flagged: bool = False) -> Shown:
    return Shown(of, read, flagged)


def imported(item: Item, destination_id: str | None = None) -> Imported:
    return Imported(item.id, destination_id or f"d-{item.source_id}", item.wanted, 100)


def intents(items: Sequence[Item], minute: float = 0) -> list[Intent]:
    """Under the Message-IDs that they have."""
    return [Intent(item, item.message_id or "", at(minute)) for item in items]


def begun(work: Work, minute: float = 0) -> SyncStarted:
    assert work.run is not None
    return SyncStarted(at(minute), work.mailbox_key, work.run, work.kind, Trigger.SCHEDULE, work.retry_key)


def done(work: Work, minute: float = 1, *, next_minute: float | None = 60) -> SyncCompleted:
    assert work.run is not None
    later = None if next_minute is None else at(next_minute)
    return SyncCompleted(at(minute), work.mailbox_key, work.run, (), RunKind.INITIAL, None, later)


@dataclass
class Office:
    """A store whose mailboxes are synced by the built-in engine."""

    store: Store

    def __post_init__(self) -> None:
        self.database = self.store.database
        self.schedule = SqlSchedule(self.database)
        self.tree = SqlTree(self.database)
        self.journal = SqlJournal(self.database)
        self.asked = SqlAsked(self.database)
        self.watchdog = SqlWatchdog(self.database)

    async def employ(self, *, due: float | None = 0, initial_days: int = 30) -> None:
        """The built-in engine syncs every mailbox that is known by now."""
        await self.database.write(employ, due, initial_days)

    async def claim(self, minute: float = 0, *, owner: str = "A", at_most: int = 10) -> tuple[Work, ...]:
        return await self.schedule.claim(owner, at(minute), until=at(minute + 2), at_most=at_most)

    async def work(self, minute: float = 0, *, owner: str = "A") -> Work:
        (work,) = await self.claim(minute, owner=owner)
        return work

    async def run(self, minute: float = 0) -> Work:
        """A run that has begun."""
        work = await self.work(minute)
        await self.schedule.begin(work, begun(work, minute), passing=())
        return work

    async def claim_items(self, minute: float = 0, *, owner: str = "A") -> tuple[Work, ...]:
        return await self.asked.claim_items(owner, at(minute), until=at(minute + 2), at_most=10)

    async def list(self, work: Work, *found: SourceMessage, of: str = INBOX) -> int:
        return await self.tree.save_messages(work, of, messages(*found))

    async def remove(self, work: Work, *ids: str, of: str = INBOX) -> None:
        await self.tree.save_messages(work, of, messages(removed=ids))

    async def due(self, work: Work, minute: float = 0, **more: Any) -> dict[str, Item]:
        base: dict[str, Any] = {"after": 0, "limit": 100, "blocked": ()}
        found = await self.journal.due(work.mailbox, at(minute), **(base | more))
        return {item.source_id: item for item in found}

    async def item(self, work: Work, name: str, minute: float = 0) -> Item:
        return (await self.due(work, minute))[name]

    async def sending(self, work: Work, name: str, minute: float = 0) -> Item:
        item = await self.item(work, name, minute)
        assert await self.intend([item], minute) == {item.id}
        return item

    async def intend(self, items: Sequence[Item], minute: float = 0) -> frozenset[int]:
        return await self.journal.write((), intents(items, minute))

    async def write(self, work: Work, *steps: Step, events: Sequence[Event] = ()) -> None:
        await self.journal.write([Entry(work, steps, tuple(events))])

    async def synced(self, work: Work, name: str) -> Item:
        """A message that was imported as the source shows it."""
        item = await self.sending(work, name)
        await self.write(work, imported(item))
        return item

    async def failed(self, work: Work, name: str, code: str = "dest_rejected") -> Item:
        item = await self.sending(work, name)
        await self.write(work, GaveUp(item.id, code, "said so"))
        return item

    async def states(self) -> dict[str, ItemState]:
        rows = await self.store.rows("SELECT source_id, state FROM mail_item")
        return {row["source_id"]: ItemState(row["state"]) for row in rows}

    async def state(self, name: str) -> ItemState:
        return (await self.states())[name]

    async def row(self, name: str) -> dict[str, Any]:
        (row,) = await self.store.rows(f"SELECT * FROM mail_item WHERE source_id = '{name}'")
        return row

    async def sync(self, key: str = "m1") -> dict[str, Any]:
        chosen = select(mail_sync).join(mailbox).where(mailbox.c.key == key)
        (row,) = await self.store.rows(chosen)
        return row

    async def do(self, statement: str, **values: object) -> None:
        await self.database.write(lambda c: c.execute(text(statement), values))

    async def asks(self, item: str | None, minute: float = 0, *, of: str = "m1") -> None:
        """For a retry whose key is thirty-two times k."""
        service = None if item is None else "email"
        request = RetryRequest(RetryKey("k" * 32), of, service, item, "U1", at(minute), 1)
        await self.asked.ask(request, at(minute))


def employ(c: Any, due: float | None, initial_days: int) -> None:
    if c.execute(select(connection.c.id)).first() is None:
        for name in ("from", "to"):
            c.execute(insert(connection), {"name": name, "settings": {}, "updated_at": at(0)})
    first, second = c.execute(select(connection.c.id).order_by(connection.c.id)).scalars()
    rules = {"removals": "keep", "deleted_items": "skip", "junk": "skip", "initial_days": initial_days}
    ends = {"source_connection_id": first, "destination_connection_id": second}
    known = set(c.execute(select(mail_policy.c.policy_id)).scalars())
    for policy_id in c.execute(select(policy.c.id)).scalars().all():
        if policy_id not in known:
            c.execute(text(_INSERT_POLICY), {"policy_id": policy_id} | ends | rules)
    known = set(c.execute(select(mail_sync.c.mailbox_id)).scalars())
    counters = {"folders_generation": 0, "listed": False, "pauses": 0, "changes": 0, "bytes": 0}
    when = None if due is None else at(due)
    rows = [
        {"mailbox_id": mailbox_id, "due_at": when} | counters
        for mailbox_id in c.execute(select(mailbox.c.id).order_by(mailbox.c.id)).scalars()
        if mailbox_id not in known
    ]
    if rows:
        c.execute(insert(mail_sync), rows)


_INSERT_POLICY = """
    INSERT INTO mail_policy (policy_id, source_connection_id, destination_connection_id, initial_days,
        removals, deleted_items, junk)
    VALUES (:policy_id, :source_connection_id, :destination_connection_id, :initial_days,
        :removals, :deleted_items, :junk)
"""
