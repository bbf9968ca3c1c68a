"""Where an answer goes: beside the command, in place of the card, into the modal, or into a new one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from blocks import cards, notice
from blocks.look import Result
from blocks.surface import Message, Modal
from bot.errors import SyncbotError
from bot.services.cards import Loaded
from bot.views import CardRef
from handlers.desk import Desk, Services
from handlers.gesture import Gesture, Origin
from handlers.payloads import OpenView

Load = Callable[[], Awaitable[Loaded | Modal]]


@dataclass(frozen=True, slots=True)
class Answers:
    """The ways to answer one gesture. `waiting` is the loading modal that was opened for it."""

    gesture: Gesture
    desk: Desk
    services: Services
    waiting: OpenView | None = None

    async def opened(self) -> "Answers":
        return replace(self, waiting=await self._loading())

    def over_anything(self) -> "Answers":
        """Draws over whatever the asker's modal shows by now."""
        view = self.gesture.view
        return replace(self, gesture=replace(self.gesture, view=view and whatever_shown(view)))

    async def say(self, message: Message, modal: Modal) -> None:
        """Something that only the asker reads, as a message or a modal; what stood there before stays."""
        where = self.gesture
        if self.waiting:
            await self.desk.update_view(self.waiting, modal)
        elif where.origin is Origin.SUBMISSION and where.view:
            await self.desk.update_view(whatever_shown(where.view), modal)
        elif where.origin is Origin.VIEW:
            await self.desk.push_view(where.trigger_id, modal)
        elif where.origin is Origin.HOME_OPENED:
            await self.services.homes.close(where.asker, message.text)
        elif where.origin in (Origin.SHORTCUT, Origin.HOME):
            await self.desk.open_view(where.trigger_id, modal)
        else:
            await self.message(message)

    async def message(self, message: Message, *, replaces: bool = False, in_channel: bool = False) -> None:
        if self.gesture.response_url:
            await self.desk.respond(
                self.gesture.response_url, message, replace=replaces, in_channel=in_channel
            )

    async def card(self, loaded: Loaded, result: Result | None = None) -> None:
        """Show a card: in place of the asker's own card or modal, else as a message beside it.

        `result` says on top of a modal what the gesture came to.
        """
        if self.gesture.view:
            await self._draw(self.gesture.view, loaded, result)
            return
        own = self.gesture.origin is Origin.OWN_MESSAGE
        message = cards.message_of(loaded.model, loaded.ref, safe=self.services.safe_blocks)
        await self.message(message, replaces=own)

    async def follow(self, loaded: Loaded) -> None:
        """Keep the asker's own message true from now on; a modal is followed since it was drawn."""
        if self.gesture.origin is Origin.OWN_MESSAGE and self.gesture.response_url:
            await self.services.following.follow_response(
                self.gesture.response_url, loaded, self.gesture.asker
            )

    async def modal(self, load: Load) -> None:
        """Fill the modal that waits for it, or a new one, with a card."""
        await self.fill(self.waiting or await self._loading(), load)

    async def fill(self, view: OpenView, load: Load) -> None:
        """Replace a loading modal with what it waits for, or with why there is nothing."""
        try:
            loaded = await load()
        except SyncbotError as error:
            loaded = notice.sentence_modal(error.sentence)
        if isinstance(loaded, Modal):
            await self.desk.update_view(view, loaded)
        else:
            await self._draw(view, loaded)

    async def open(self, ref: CardRef) -> Loaded:
        return await self.services.cards.open(ref, self.gesture.asker)

    async def _loading(self) -> OpenView:
        """A modal that says so, on the open one where there is one."""
        open_or_push = self.desk.push_view if self.gesture.view else self.desk.open_view
        return await open_or_push(self.gesture.trigger_id, notice.loading())

    async def _draw(self, view: OpenView, loaded: Loaded, result: Result | None = None) -> None:
        modal = cards.modal_of(loaded.model, loaded.ref, safe=self.services.safe_blocks, result=result)
        shown = await self.desk.update_view(view, replace(modal, notify_on_close=True))
        await self.services.following.follow_view(shown.id, shown.hash, loaded, self.gesture.asker)


def whatever_shown(view: OpenView) -> OpenView:
    """The view without its hash: drawn over whatever it shows by now."""
    return view.model_copy(update={"hash": None})
