"""Asks the source what changed: the folder tree, then each folder."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.domain.catalogue import Healing, Scope
from bot.domain.events import ItemSynced
from bot.domain.mail import (
    EMAIL,
    FOLDER_PREFIX,
    FolderPage,
    KnownFolder,
    MessagePage,
    Unlabelled,
    Work,
)
from bot.engine.fault import CursorLost, Fault
from bot.engine.labelling import folder_failure, labelled
from bot.engine.ledger import Ledger
from bot.engine.mapping import plan_of
from bot.engine.places import Plan
from bot.engine.sides import Source
from bot.engine.verdict import Streak
from bot.ports import Clock
from bot.ports.journal import Tree

P = TypeVar("P", FolderPage, MessagePage)

FOLDERS_AT_ONCE = 3
"""Listed side by side: as many calls as the source takes at once for one mailbox."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Keeps every page with its cursor, so that a listing that is cut off goes on where it was.

    Raises:
        Fault: of the mailbox or connection, or one that passes. One folder's own trouble does not stop the
            others.
    """

    work: Work
    source: Source
    tree: Tree
    ledger: Ledger
    clock: Clock
    streak: Streak = field(default_factory=Streak)

    async def list_tree(self) -> tuple[tuple[KnownFolder, ...], Plan]:
        """The folders by now, and where their mail goes."""
        await self._list_folders()
        await self.tree.name_well_known(self.work, dict(await self.source.well_known()))
        folders = await self.tree.folders(self.work.mailbox)
        places = plan_of(self.work, folders)
        await self._vacate(folders, places)
        await self._settle(folders, places)
        return folders, places

    async def _vacate(self, folders: tuple[KnownFolder, ...], places: Plan) -> None:
        """A folder that was synced may have been moved to where nothing is, such as into Deleted Items."""
        left = [each.id for each in folders if each.cursor and not each.is_removed and places.skips(each.id)]
        if left:
            await self.tree.vacate(self.work, left)

    async def _settle(self, folders: tuple[KnownFolder, ...], places: Plan) -> None:
        """A folder that was moved into Deleted Items or Junk, or out of there, takes its mail with it."""
        codes = {each.id: places.places[each.id].code for each in folders if not places.skips(each.id)}
        new = {
            each.id: codes[each.id] for each in folders if each.id in codes and each.place != codes[each.id]
        }
        if new:
            await self.tree.settle(self.work, new)

    async def list_messages(self, folders: tuple[KnownFolder, ...], plan: Plan) -> None:
        """Every folder that is synced, some side by side."""
        slots = asyncio.Semaphore(FOLDERS_AT_ONCE)
        wanted = [folder for folder in folders if not plan.skips(folder.id)]
        async with asyncio.TaskGroup() as group:
            for folder in wanted:
                group.create_task(self._list_within(slots, folder, plan))
        await self.tree.listed(self.work)

    async def _list_within(self, slots: asyncio.Semaphore, folder: KnownFolder, plan: Plan) -> None:
        async with slots:
            try:
                await self._list_folder(folder)
            except Fault as fault:
                await self._judge(folder, fault)
            else:
                await self._recover(folder, plan)

    async def _list_folders(self) -> None:
        try:
            await self._list_folders_from(self.work.folders_cursor)
        except CursorLost:
            await self.tree.forget_cursor(self.work, None)
            await _anew(self._list_folders_from(None), "source_busy")

    async def _list_folders_from(self, cursor: str | None) -> None:
        async for page in _pages(self.source.folder_page, cursor):
            await self.tree.save_folders(self.work, page)
            self.streak.has_listed = True

    async def _list_folder(self, folder: KnownFolder) -> None:
        try:
            await self._list_folder_from(folder.id, folder.cursor)
        except CursorLost:
            await self.tree.forget_cursor(self.work, folder.id)
            await _anew(self._list_folder_from(folder.id, None), "unknown")

    async def _list_folder_from(self, folder: str, cursor: str | None) -> None:
        async for page in _pages(lambda at: self.source.message_page(folder, at), cursor):
            await self.tree.save_messages(self.work, folder, page)
            self.streak.has_listed = True

    async def _judge(self, folder: KnownFolder, fault: Fault) -> None:
        """A folder that is gone by now is told by the next listing of the tree."""
        cause = fault.cause
        if cause.healing is Healing.SKIPPED:
            return
        if cause.scope is not Scope.ITEM or cause.heals_by_itself:
            raise fault
        failed = folder_failure(self.work, folder, folder.name, fault, self.clock.now())
        await self.ledger.write(self.work, Unlabelled(folder.id, cause.code), events=[failed])

    async def _recover(self, folder: KnownFolder, plan: Plan) -> None:
        """What failed before, though its label is as it should be, was its listing."""
        name = plan.places[folder.id].name
        if folder.failed is None or (name is not None and (not folder.label or folder.label_name != name)):
            return
        item, retry = FOLDER_PREFIX + folder.id, folder.retry_key
        synced = ItemSynced(self.clock.now(), self.work.mailbox_key, EMAIL, item, self.work.run, retry)
        await self.ledger.write(self.work, labelled(folder), events=[synced])


async def _anew(listing: Awaitable[None], code: str) -> None:
    """Once: a source that forgets where it is time and again is not asked for everything for ever."""
    try:
        await listing
    except CursorLost as error:
        raise Fault(code, "The source lost its place again while it was listed anew") from error


async def _pages(ask: Callable[[str | None], Awaitable[P]], cursor: str | None) -> AsyncIterator[P]:
    """Until the last one. Where a cursor comes again, what follows would, too, without an end."""
    seen, is_last = {cursor}, False
    while not is_last:
        page = await ask(cursor)
        cursor, is_last = page.cursor, page.is_last
        if cursor in seen and not is_last:
            raise Fault("unknown", "The source goes round in circles while it is listed")
        seen.add(cursor)
        yield page
