"""Retries of single items: each is fetched and imported alone, ahead of the queue."""

import asyncio
from dataclasses import dataclass

from bot.domain.mail import LEASE, GaveUp, Item, KnownFolder, Unlabelled, Work
from bot.engine.fault import Fault
from bot.engine.keeping import kept
from bot.engine.labelling import Labelling, folder_failure
from bot.engine.mapping import plan_of
from bot.engine.places import Plan
from bot.engine.shift import Sides, Tools, fault_of, transfer_of
from bot.engine.transfer import Transfer, failure
from bot.ports.journal import Asked

AT_ONCE = 4
MOST = 500


@dataclass(frozen=True, slots=True)
class Singles:
    """Works on what somebody asked for in one mailbox. Each item answers for itself, whatever its fault."""

    work: Work
    tools: Tools
    asked: Asked

    async def run(self) -> None:
        """Whatever ends it, what is left may be claimed again."""
        try:
            async with kept(self._is_kept):
                await self._go()
        finally:
            await self.asked.leave_items(self.work)

    async def _is_kept(self) -> bool:
        return await self.tools.schedule.prolong(self.work, until=self.tools.clock.now() + LEASE)

    async def _go(self) -> None:
        folders = await self.tools.tree.folders(self.work.mailbox)
        try:
            sides = await self.tools.sides(self.work)
        except Exception as error:  # noqa: BLE001 - who asked is answered, whatever is missing
            await self._refuse(folders, fault_of(error))
        else:
            await self._retry(folders, sides)

    async def _refuse(self, folders: tuple[KnownFolder, ...], fault: Fault) -> None:
        now, work, ledger = self.tools.clock.now(), self.work, self.tools.ledger
        for item in await self.asked.items(work.mailbox, now, limit=MOST):
            step = GaveUp(item.id, fault.cause.code, fault.sentence)
            await ledger.write(work, step, events=[failure(work, item, fault, now)])
        for folder in folders:
            if folder.retry_key:
                failed = folder_failure(work, folder, folder.name, fault, now)
                await ledger.write(work, Unlabelled(folder.id, fault.cause.code), events=[failed])

    async def _retry(self, folders: tuple[KnownFolder, ...], sides: Sides) -> None:
        tools = self.tools
        places = plan_of(self.work, folders)
        labelling = Labelling(self.work, sides.destination, tools.ledger, tools.clock, blames=False)
        asked = [folder for folder in folders if folder.retry_key]
        await labelling.bring_in_step(asked, places)
        transfer = transfer_of(self.work, sides, tools, labelling, folders, places)
        transfer.blames = False
        await self._move(transfer, await self._items(asked, places))

    async def _items(self, folders: list[KnownFolder], places: Plan) -> list[Item]:
        """What was asked for, and the mail that waited for a folder that has its label now."""
        now, mailbox = self.tools.clock.now(), self.work.mailbox
        items = list(await self.asked.items(mailbox, now, limit=MOST))
        freed = {folder.id for folder in folders} - places.unlabelled
        if freed:
            others = places.places.keys() - freed
            items += await self.tools.journal.due(mailbox, now, after=0, limit=MOST, blocked=others)
        return list({item.id: item for item in items}.values())

    async def _move(self, transfer: Transfer, items: list[Item]) -> None:
        slots = asyncio.Semaphore(AT_ONCE)

        async def moved(item: Item) -> None:
            async with slots:
                await transfer.move(item)

        async with asyncio.TaskGroup() as group:
            for item in items:
                group.create_task(moved(item))
