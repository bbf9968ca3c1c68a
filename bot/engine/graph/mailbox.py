"""One mailbox of Microsoft 365 as a Source."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager

from bot.domain.mail import Description, FolderPage, MessagePage, WellKnown
from bot.engine.fault import CursorLost, Fault
from bot.engine.graph.batches import GONE, Batches
from bot.engine.graph.limits import ASIDE, FOR_A_MAILBOX, Slots
from bot.engine.graph.links import Links, path
from bot.engine.graph.opening import Opening
from bot.engine.graph.shapes import (
    AnEntry,
    AShape,
    Described,
    Entry,
    Folder,
    Identified,
    Message,
    Page,
    Placed,
    read,
)
from bot.engine.graph.wire import Request, Wire
from bot.engine.sides import Mime


class GraphMailbox:
    """Fills the port Source.

    A message that is open counts as a call under way until it is read or closed. Meanwhile messages can be
    described, and looked for; whoever waits for any other call before closing it may wait for ever.
    """

    def __init__(self, address: str, wire: Wire, links: Links) -> None:
        self._user = path("users", address)
        self._messages = self._user + path("messages")
        self._wire = wire
        self._links = links
        self._slots = Slots(lambda: FOR_A_MAILBOX)
        self._aside = Slots(lambda: ASIDE)
        self._batches = Batches(wire, links, self._slots, self._aside)

    async def well_known(self) -> Mapping[str, WellKnown]:
        names = tuple(WellKnown)
        asked = [self._folder(name.value, query=f"$select={Identified.SELECT}") for name in names]
        answers = await self._batches.got(Identified, asked)
        return {folder.id: name for name, folder in zip(names, answers, strict=True) if folder}

    async def folder_page(self, cursor: str | None) -> FolderPage:
        query = f"$select={Folder.SELECT}"
        page = await self._page(Page[Folder], self._user + path("mailFolders", "delta", query=query), cursor)
        unsure = _unsure(page.value)
        known = await self._batches.got(Folder, [self._folder(folder, query=query) for folder in unsure])
        entries = _latest(page.value) | dict(zip(unsure, known, strict=True))
        there = tuple(entry.told for entry in entries.values() if entry and not entry.is_search)
        return FolderPage(there, _removed(entries), *self._onward(page, cursor))

    async def message_page(self, folder: str, cursor: str | None) -> MessagePage:
        query = f"$select={Message.SELECT}"
        page = await self._page(Page[Message], self._folder(folder, "messages", "delta", query=query), cursor)
        unsure = _unsure(page.value)
        known = await self._batches.got(Message, [self._message(message, query=query) for message in unsure])
        left = {entry.id for entry in page.value if entry.removed}
        entries = _latest(page.value) | {
            message: None if now and message in left and now.folder != folder else now
            for message, now in zip(unsure, known, strict=True)
        }
        there = tuple(entry.told for entry in entries.values() if entry)
        return MessagePage(there, _removed(entries), *self._onward(page, cursor))

    def open(self, message: str) -> AbstractAsyncContextManager[Mime]:
        request = Request(self._links.to(f"{self._message(message)}/$value"), is_raw=True)
        return Opening(self._wire, self._slots, request)

    async def describe(self, message: str) -> Description:
        url = self._links.to(self._message(message, query=f"$select={Described.SELECT}"))
        return (await self._got(Described, Request(url, is_aside=True))).told

    async def folder_of(self, message: str) -> str | None:
        url = self._links.to(self._message(message, query=f"$select={Placed.SELECT}"))
        try:
            return (await self._got(Placed, Request(url, is_aside=True))).folder
        except Fault as fault:
            if fault.cause.code == GONE:
                return None
            raise

    async def _page(self, shape: type[Page[AnEntry]], start: str, cursor: str | None) -> Page[AnEntry]:
        """A cursor that leads elsewhere is of another Graph than ours is now, and as good as lost."""
        if cursor is None:
            return await self._got(shape, Request(self._links.to(start)))
        url = self._links.followed(cursor)
        if url is None:
            raise CursorLost("The cursor is not one of this Microsoft Graph")
        return await self._got(shape, Request(url, follows=True))

    def _onward(self, page: Page[AnEntry], cursor: str | None) -> tuple[str, bool]:
        """The next cursor, and whether nothing follows it yet."""
        link = page.next_link or page.delta_link
        if link is None:
            raise Fault("unknown", "Microsoft Graph gave a page of changes without a link to go on with")
        if self._links.followed(link) is None:
            raise Fault("unknown", "Microsoft Graph gave a link that leads elsewhere; it is not followed")
        if page.next_link and page.next_link == cursor:
            raise Fault("unknown", "Microsoft Graph gave a page that leads to itself")
        return link, page.next_link is None

    async def _got(self, shape: type[AShape], request: Request) -> AShape:
        async with (self._aside if request.is_aside else self._slots).taken():
            body = await self._wire.whole(request)
        return read(shape, body)

    def _folder(self, *parts: str, query: str) -> str:
        return self._user + path("mailFolders", *parts, query=query)

    def _message(self, *parts: str, query: str = "") -> str:
        return self._messages + path(*parts, query=query)


def _latest(entries: Sequence[AnEntry]) -> dict[str, AnEntry | None]:
    """The last one of each id; None where it was removed."""
    return {entry.id: None if entry.removed else entry for entry in entries}


def _removed(entries: Mapping[str, Entry | None]) -> tuple[str, ...]:
    return tuple(id_ for id_, entry in entries.items() if entry is None)


def _unsure(entries: Sequence[Entry]) -> list[str]:
    """To be asked for: what came sparse, and what both came and went, for a page has no order."""
    there = {entry.id for entry in entries if not entry.removed}
    sparse = {entry.id for entry in entries if not entry.removed and entry.is_sparse}
    both = {entry.id for entry in entries if entry.removed and entry.id in there}
    return list(dict.fromkeys(entry.id for entry in entries if entry.id in sparse | both))
