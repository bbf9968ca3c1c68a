"""Brings single items to the destination: journal first, then the import, then the journal again."""

import asyncio
import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from weakref import WeakValueDictionary

import structlog

from bot.domain.catalogue import Healing, Scope
from bot.domain.events import Event, ItemFailed, ItemSynced
from bot.domain.mail import (
    ELSEWHERE,
    EMAIL,
    Adjusted,
    Description,
    GaveUp,
    Gone,
    Imported,
    Item,
    ItemState,
    KnownFolder,
    Later,
    Removals,
    Untried,
    Work,
)
from bot.domain.values import MailboxId
from bot.engine.fault import Fault, doubtful
from bot.engine.labelling import Labelling
from bot.engine.ledger import Ledger
from bot.engine.measuring import Measured
from bot.engine.message_id import identified, made_up_id
from bot.engine.places import SENT, TRASH, Place, Plan
from bot.engine.sides import Destination, Mime, Source
from bot.engine.verdict import Blame, GiveUp, Skip, Streak, Wait, takes_long, verdict
from bot.ports import Clock
from bot.ports.journal import Journal

_LABEL_GONE = "dest_label_gone"
Turns = WeakValueDictionary[tuple[MailboxId, str | None], asyncio.Lock]
"""By mailbox and Message-ID."""

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Transfer:
    """Moves items of one mailbox. Each ends in the journal, whatever happens, and stops no other.

    `index_lag`: how long after a lost answer the destination's search may not know the message yet.
    `blames`: a fault of the mailbox or connection is not held against an item; else the item fails with it.
    """

    work: Work
    source: Source
    destination: Destination
    journal: Journal
    ledger: Ledger
    labelling: Labelling
    clock: Clock
    index_lag: timedelta
    folders: dict[str, KnownFolder]
    plan: Plan
    streak: Streak = field(default_factory=Streak)
    blames: bool = True
    busy: set[int] = field(default_factory=set)
    copies: Turns = field(default_factory=WeakValueDictionary)
    _repairs: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def move(self, item: Item) -> None:
        """One step of one item, as its state asks for; none while another task of this process is at it."""
        if item.id in self.busy:
            return
        self.busy.add(item.id)
        try:
            await self._try(item)
        finally:
            self.busy.discard(item.id)

    async def _try(self, item: Item) -> None:
        """No call but the import itself tells whether an earlier import arrived."""
        try:
            await self._step(item)
        except Fault as fault:
            in_doubt = item.state is ItemState.SENDING
            await self._judge(item, doubtful(fault) if in_doubt else fault)
        except Exception as error:  # noqa: BLE001 - one item's trouble must not stop the others
            _log.exception("item failed unexpectedly", item=item.id)
            text = f"{type(error).__name__} in syncbot; see its log"
            await self._judge(item, Fault("unknown", text, is_certain=False))

    async def _step(self, item: Item) -> None:
        if item.state is ItemState.REMOVED or self.plan.skips(item.wanted.folder):
            await self._remove(item)
        elif item.state is ItemState.CHANGED and item.destination_id:
            await self._adjust(item, item.destination_id)
        elif item.state is ItemState.SENDING:
            await self._find_out(item)
        else:
            await self._import(item)

    # ---- new ones

    async def _import(self, item: Item) -> None:
        async with self.source.open(item.source_id) as opened:
            make_up = partial(made_up_id, self.work.mailbox_key, item.source_id)
            message_id, mime = await identified(opened, make_up)
            async with self._turn(message_id):
                if await self.ledger.intend(item, message_id):
                    await self._send(item, mime)

    async def _send(self, item: Item, mime: Mime) -> None:
        """Whatever else ends this leaves the item SENDING: nobody knows whether it arrived."""
        measured = Measured(mime)
        place = self.plan.places.get(item.wanted.folder, Place())
        try:
            labels = self.plan.of(item.wanted) - {SENT}  # Gmail puts it on what is inserted, nobody else
            put = await self.destination.put(measured.mime, labels, is_sent=place.is_sent)
        except Fault as fault:
            await self._judge(item, fault, sent=measured)
            return
        await self._write(item, Imported(item.id, put[0], item.wanted, put[1]))

    def _turn(self, message_id: str | None) -> asyncio.Lock:
        """Copies of a message have one Message-ID. While one of them is on its way none may be looked for:
        one would be taken for what became of another.
        """
        return self.copies.setdefault((self.work.mailbox, message_id), asyncio.Lock())

    # ---- ones whose import was cut off

    async def _find_out(self, item: Item) -> None:
        """Search for it, once the destination must know it; send it again only where it is not there."""
        if self._must_wait(item):
            await self._search_later(item)
            return
        async with self._turn(item.message_id):
            arrived = await self._arrived(item)
            if arrived is not None:
                await self._merge(item, arrived)
                return
        await self._import(item)

    @staticmethod
    def _must_wait(item: Item) -> bool:
        """Whether its import broke off without a word: whoever finds that out waits from then on, since it
        may have gone on for long after its intent.
        """
        return item.intent_at is not None and item.retry_at is None

    async def _search_later(self, item: Item) -> None:
        text = "The answer to its import was lost: it is searched for before it is sent again"
        known_at = self.clock.now() + self.index_lag
        await self.ledger.write(self.work, Later(item.id, known_at, "interrupted", text, is_certain=False))

    async def _arrived(self, item: Item) -> str | None:
        """Its id at the destination, where it is there and no other item's."""
        found = await self.destination.find(item.message_id) if item.message_id else ()
        owned = await self.journal.owned(self.work.mailbox, found) if found else frozenset()
        return next((each for each in found if each not in owned), None)

    async def _merge(self, item: Item, arrived: str) -> None:
        """It may wear the labels of the folder where the message was when it was sent. Or it is what a copy
        in another folder became: the copy does not find it any more, and is sent again.
        """
        add, remove = self.plan.correction(await self.destination.labels_of(arrived), item.wanted)
        await self.destination.modify(arrived, add=add, remove=remove)
        await self._write(item, Imported(item.id, arrived, item.wanted))

    # ---- ones that are there

    async def _adjust(self, item: Item, destination_id: str) -> None:
        add, remove = await self._changes(item, destination_id)
        await self.destination.modify(destination_id, add=add, remove=remove)
        await self._write(item, Adjusted(item.id, item.wanted))

    async def _changes(self, item: Item, destination_id: str) -> tuple[frozenset[str], frozenset[str]]:
        if item.shown is None or item.shown.folder == ELSEWHERE:
            worn = await self.destination.labels_of(destination_id)
            return self.plan.correction(worn, item.wanted, item.shown)
        return self.plan.difference(item.shown, item.wanted)

    async def _remove(self, item: Item) -> None:
        """What only moved is told by the listing of its new folder, in this run or the next."""
        if self.work.rules.removals is Removals.KEEP or not await self._is_removed(item):
            await self._write(item, Gone(item.id))
            return
        if item.destination_id is None and self._must_wait(item):
            await self._search_later(item)
            return
        there = item.destination_id or (await self._arrived(item) if item.intent_at else None)
        if there:
            await self.destination.trash(there)
        await self._write(item, Gone(item.id, changed=there is not None))

    async def _is_removed(self, item: Item) -> bool:
        folder = await self.source.folder_of(item.source_id)
        if folder is None or folder not in self.folders:
            return folder is None
        return self.plan.skips(folder) or TRASH in self.plan.places[folder].system

    # ---- what came of it

    async def _write(self, item: Item, step: Imported | Adjusted | Gone) -> None:
        events: list[Event] = []
        if item.code is not None or item.retry_key is not None:
            synced = ItemSynced(
                self.clock.now(), self.work.mailbox_key, EMAIL, item.source_id, self.work.run, item.retry_key
            )
            events.append(synced)
        await self.ledger.write(self.work, step, events=events)
        self.streak.success()

    async def _judge(self, item: Item, fault: Fault, *, sent: Measured | None = None) -> None:
        """`sent`: what was being imported; its intent has counted as an attempt."""
        if fault.cause.code == _LABEL_GONE:
            await self._repair_label(item)
        attempts = item.attempts + 1
        judged = verdict(fault, attempts, self.clock.now(), random.random())  # noqa: S311 - spreads retries
        match judged:
            case Skip():
                await self._write(item, Gone(item.id))
            case Wait(until):
                self.streak.wait(fault)
                await self._wait(item, fault, until, counts=sent is None)
            case GiveUp() | Blame() if self._is_of_all(fault):
                self.streak.blame(fault)
                await self._leave_untried(item, fault)
            case GiveUp() | Blame():
                tried = replace(item, attempts=attempts)
                await self._give_up(tried, fault, sent.size if sent else None)

    def _is_of_all(self, fault: Fault) -> bool:
        """Whether the mailbox or its connection is at fault. What did not pass in time is held against
        the item where others went through in this run.
        """
        cause = fault.cause
        if not self.blames or (cause.scope is Scope.ITEM and cause.healing is not Healing.TRANSIENT):
            return False
        went_through = self.streak.has_moved or self.work.changes > 0
        return not (went_through and cause.heals_by_itself) or takes_long(fault)

    async def _wait(self, item: Item, fault: Fault, until: datetime, *, counts: bool) -> None:
        """After a lost answer not before the search must know the message."""
        if counts is False and not fault.is_certain:
            until = max(until, self.clock.now() + self.index_lag)
        step = Later(item.id, until, fault.cause.code, fault.sentence, fault.is_certain, counts)
        await self.ledger.write(self.work, step)

    async def _leave_untried(self, item: Item, fault: Fault) -> None:
        if fault.is_certain:
            await self.ledger.write(self.work, Untried(item.id))
        else:
            await self._wait(item, fault, self.clock.now(), counts=True)

    async def _give_up(self, item: Item, fault: Fault, size: int | None) -> None:
        told = await self._described(item)
        failed = replace(
            failure(self.work, item, fault, self.clock.now()),
            folder=self._folder_name(item),
            subject=told.subject,
            sender=told.sender,
            received_at=told.received_at or item.received_at,
            size=told.size or size,
            retry_at=self.clock.now() + fault.retry_after if fault.retry_after else None,
        )
        step = GaveUp(item.id, fault.cause.code, fault.sentence, fault.is_certain)
        await self.ledger.write(self.work, step, events=[failed])

    def _folder_name(self, item: Item) -> str | None:
        place, known = self.plan.places.get(item.wanted.folder), self.folders.get(item.wanted.folder)
        return place.name if place and place.name else known.name if known else None

    async def _described(self, item: Item) -> Description:
        try:
            return await self.source.describe(item.source_id)
        except Fault:
            return Description()

    async def _repair_label(self, item: Item) -> None:
        """Once for many messages of the folder that fail together. In vain, the item's own fault decides."""
        folder = self.folders.get(item.wanted.folder)
        if folder is None:
            return
        async with self._repairs:
            known = replace(folder, label=self.plan.labels.get(folder.id))
            try:
                await self.labelling.recreate(known, self.plan)
            except Fault as fault:
                _log.warning("label not recreated", mailbox=self.work.mailbox, code=fault.cause.code)


def failure(work: Work, item: Item, fault: Fault, at: datetime) -> ItemFailed:
    return ItemFailed(
        at=at,
        mailbox=work.mailbox_key,
        service=EMAIL,
        item=item.source_id,
        code=fault.cause.code,
        message=fault.sentence,
        attempts=max(item.attempts, 1),
        run=work.run,
        retry_id=item.retry_key,
    )
