"""One go at a mailbox's run: list, label, move, until it is finished or has to wait."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import structlog

from bot.domain.catalogue import CATALOGUE, Scope
from bot.domain.events import SyncCompleted, SyncFailed, SyncProgress, SyncStarted
from bot.domain.mail import EMAIL, LEASE, Failing, Item, KnownFolder, Removals, Work
from bot.domain.schedule import next_sync_at, phase
from bot.domain.values import ServiceCounts, Trigger
from bot.engine.fault import Fault
from bot.engine.keeping import kept
from bot.engine.labelling import Labelling
from bot.engine.ledger import Ledger
from bot.engine.listing import Listing
from bot.engine.mapping import plan_of
from bot.engine.places import Plan
from bot.engine.sides import Destination, Source
from bot.engine.transfer import Transfer, Turns
from bot.engine.under_way import Due, UnderWay
from bot.engine.verdict import LONGEST_PAUSE, Streak, wait_until
from bot.ports import Clock
from bot.ports.journal import Journal, Schedule, Tree

AT_ONCE = 8
"""Messages of one mailbox under way together: some are fetched while others are imported."""

PAGE = 200
MOST_PAUSES = 10
"""Waits of a run one after the other, without any success between them, that end it as failed."""

LONGEST_REST = timedelta(minutes=2)
"""A run that waits is looked at as often as this, so that it shows signs of life."""

SOONER = timedelta(hours=1)
"""After a run that failed for a cause that passes by itself, the next one comes at most this much later."""

TRIED_AGAIN = frozenset(
    code for code, cause in CATALOGUE.items() if cause.heals_by_itself or cause.scope is not Scope.ITEM
)
"""What a run tries again that failed in an earlier one: whatever may have passed without the item's doing."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sides:
    source: Source
    destination: Destination


FindSides = Callable[[Work], Awaitable[Sides]]
"""Raises Fault where a connection is missing."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What every shift works with."""

    schedule: Schedule
    tree: Tree
    journal: Journal
    ledger: Ledger
    clock: Clock
    sides: FindSides
    index_lag: timedelta
    speed: float = 1.0
    """Divides every policy's interval."""
    busy: set[int] = field(default_factory=set)
    """Items that a task of this process is at."""
    copies: Turns = field(default_factory=WeakValueDictionary)


@dataclass(slots=True)
class Shift:
    """Works on one claimed run. `stopping` asks it to leave what it has not begun."""

    work: Work
    tools: Tools
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    streak: Streak = field(default_factory=Streak)
    is_listed: bool = False

    async def run(self) -> None:
        """Until the run has ended or waits. Being killed at any point loses nothing."""
        self.is_listed = self.work.is_listed
        async with kept(self._is_kept):
            await self._begin()
            try:
                waits_until = await self._go()
            except Exception as error:  # noqa: BLE001 - a run ends as failed, whatever it meets
                await self._stumble(fault_of(error))
            else:
                await self._leave(waits_until)

    async def _begin(self) -> None:
        if self.work.began_at is not None:
            return
        now, work = self.tools.clock.now(), self.work
        trigger = Trigger.MANUAL if work.retry_key else Trigger.SCHEDULE
        started = SyncStarted(now, work.mailbox_key, self._key, work.kind, trigger, work.retry_key)
        await self.tools.schedule.begin(work, started, passing=TRIED_AGAIN)

    @property
    def _key(self) -> str:
        return self.work.run or ""

    # ---- the work

    async def _go(self) -> datetime | None:
        """What is to be waited for; None where nothing is left."""
        sides = await self.tools.sides(self.work)
        folders, places = await self._listed(sides.source)
        labelling = Labelling(self.work, sides.destination, self.tools.ledger, self.tools.clock)
        await labelling.bring_in_step(folders, places)
        transfer = transfer_of(self.work, sides, self.tools, labelling, folders, places)
        waits_until = await self._move_all(transfer)
        if self.work.rules.removals is Removals.TRASH and not waits_until and not self.stopping.is_set():
            await labelling.remove_leftovers(folders, places)
        return waits_until

    async def _listed(self, source: Source) -> tuple[tuple[KnownFolder, ...], Plan]:
        tools = self.tools
        if self.is_listed:
            folders = await tools.tree.folders(self.work.mailbox)
            return folders, plan_of(self.work, folders)
        listing = Listing(self.work, source, tools.tree, tools.ledger, tools.clock, self.streak)
        folders, places = await listing.list_tree()
        await listing.list_messages(folders, places)
        self.is_listed = True
        return folders, places

    async def _move_all(self, transfer: Transfer) -> datetime | None:
        """Pass after pass, while there is something that may be tried now.

        An item that meets a fault of the mailbox while others go through is to blame itself.
        """
        transfer.streak = streak = self.streak
        while await self._pass(transfer):
            if streak.last and (streak.stops or streak.rests or not self._goes_on):
                raise streak.last
            transfer.blames = not streak.blamed
        blocked = transfer.plan.unlabelled
        return await self.tools.journal.next_due_at(self.work.mailbox, blocked=blocked)

    @property
    def _goes_on(self) -> bool:
        """Whether others go through, now or earlier in this run: what has to wait then waits alone."""
        return self.streak.has_moved or (self.work.changes > 0 and not self.streak.blamed)

    async def _pass(self, transfer: Transfer) -> int:
        """How many items it took in hand."""
        due, under_way = Due(self._due(transfer)), UnderWay()
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._move(transfer, due, under_way))
        return 0 if self.stopping.is_set() else under_way.taken

    async def _move(self, transfer: Transfer, due: Due, under_way: UnderWay) -> None:
        """One item after the other. As many go on side by side as may still fail before the run stops."""
        while (item := await due.following()) is not None:
            while under_way.count >= self.streak.left:
                await under_way.one_ended()
            if self._must_end:
                return
            with under_way:
                await transfer.move(item)

    async def _due(self, transfer: Transfer) -> AsyncIterator[Sequence[Item]]:
        after, is_more = 0, True
        while is_more:
            now, blocked = self.tools.clock.now(), transfer.plan.unlabelled
            page = await self.tools.journal.due(
                self.work.mailbox, now, after=after, limit=PAGE, blocked=blocked
            )
            yield page
            is_more = len(page) == PAGE
            after = page[-1].id if page else after

    @property
    def _must_end(self) -> bool:
        return self.stopping.is_set() or self.streak.stops or self.streak.rests

    # ---- how it ends

    async def _leave(self, waits_until: datetime | None) -> None:
        now = self.tools.clock.now()
        if self.stopping.is_set():
            await self._pause(now, self._pauses)
        elif waits_until is None:
            await self._complete(now)
        else:
            await self._pause(waits_until, self._pauses)

    async def _stumble(self, fault: Fault) -> None:
        """What passes is waited for; anything else, or too many waits in vain, ends the run as failed."""
        now = self.tools.clock.now()
        pauses = self._pauses + 1
        until = wait_until(fault, pauses, now, 0)
        if fault.cause.heals_by_itself and pauses <= MOST_PAUSES and until - now <= LONGEST_PAUSE:
            await self._pause(until, pauses)
        else:
            await self._fail(fault, now)

    @property
    def _pauses(self) -> int:
        """Those in vain so far. To wait for an item's own time is not in vain."""
        return 0 if self.streak.progressed else self.work.pauses

    async def _pause(self, until: datetime, pauses: int) -> None:
        await self._tell()
        rested = min(until, self.tools.clock.now() + LONGEST_REST)
        await self.tools.schedule.pause(self.work, until=rested, pauses=pauses)

    async def _is_kept(self) -> bool:
        if not await self.tools.schedule.prolong(self.work, until=self.tools.clock.now() + LEASE):
            return False
        await self._tell()
        return True

    async def _tell(self) -> None:
        """While folders are listed nobody knows how much there is to do."""
        progress = await self.tools.journal.progress(self.work.mailbox)
        total = progress.changes + progress.left if self.is_listed else None
        told = SyncProgress(
            self.tools.clock.now(),
            self.work.mailbox_key,
            self._key,
            progress.changes,
            total,
            (ServiceCounts(EMAIL, progress.changes, progress.bytes),),
        )
        await self.tools.ledger.write(self.work, events=[told])

    async def _complete(self, now: datetime) -> None:
        failing = await self.tools.journal.failing(self.work.mailbox)
        completed = SyncCompleted(
            now,
            self.work.mailbox_key,
            self._key,
            services=(await self._counts(failing),),
            kind=self.work.kind,
            next_sync_at=await self._next(now),
            still_failing=tuple(each.key for each in failing if each.run != self.work.run),
        )
        await self.tools.schedule.finish(self.work, completed)

    async def _fail(self, fault: Fault, now: datetime) -> None:
        failing = await self.tools.journal.failing(self.work.mailbox)
        failed = SyncFailed(
            now,
            self.work.mailbox_key,
            self._key,
            fault.cause.code,
            fault.sentence,
            services=(await self._counts(failing),),
            kind=self.work.kind,
            next_sync_at=await self._next_after(fault, now),
        )
        await self.tools.schedule.finish(self.work, failed)
        _log.warning("sync failed", mailbox=self.work.mailbox, code=fault.cause.code)

    async def _counts(self, failing: Sequence[Failing] = ()) -> ServiceCounts:
        progress = await self.tools.journal.progress(self.work.mailbox)
        failed = sum(1 for each in failing if each.run == self.work.run)
        return ServiceCounts(EMAIL, progress.changes, progress.bytes, failed)

    async def _next(self, now: datetime) -> datetime:
        frequency = await self.tools.schedule.frequency(self.work)
        interval = frequency.interval / self.tools.speed
        return next_sync_at(now, interval, self.work.mailbox_key)

    async def _next_after(self, fault: Fault, now: datetime) -> datetime:
        """What passes by itself is not waited for until next week, but as long as the provider asks for.

        Mailboxes that failed together do not come back together.
        """
        regular = await self._next(now)
        if not fault.cause.heals_by_itself:
            return regular
        soon = now + SOONER * (1 + phase(self.work.mailbox_key)) / 2
        return max(min(regular, soon), now + (fault.retry_after or timedelta(0)))


def transfer_of(
    work: Work,
    sides: Sides,
    tools: Tools,
    labelling: Labelling,
    folders: Sequence[KnownFolder],
    places: Plan,
) -> Transfer:
    return Transfer(
        work=work,
        source=sides.source,
        destination=sides.destination,
        journal=tools.journal,
        ledger=tools.ledger,
        labelling=labelling,
        clock=tools.clock,
        index_lag=tools.index_lag,
        folders={folder.id: folder for folder in folders},
        plan=places,
        busy=tools.busy,
        copies=tools.copies,
    )


def fault_of(error: Exception) -> Fault:
    """The first fault of an error, which may be a group of several; anything else is a fault of our own."""
    if isinstance(error, Fault):
        return error
    if isinstance(error, ExceptionGroup):
        known = error.subgroup(Fault)
        if known is not None:
            return fault_of(known.exceptions[0])
    _log.error("sync ended unexpectedly", exc_info=error)
    return Fault("unknown", f"{type(error).__name__} in syncbot; see its log")
