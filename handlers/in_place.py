"""A submitted form waits for its answer: what is drawn into it goes with the acknowledgement."""

from dataclasses import dataclass, field

from blocks import notice
from blocks.surface import Message, Modal
from handlers.desk import Desk
from handlers.payloads import OpenView


@dataclass(slots=True)
class InPlace:
    """A Desk that keeps what is drawn into a submitted form until that was acknowledged.

    A call of `views.update` beside the acknowledgement may reach Slack before it, which then would leave
    the form loading for ever.
    """

    desk: Desk
    form: str
    _drawn: Modal | None = field(default=None, init=False)
    _is_acknowledged: bool = field(default=False, init=False)

    def acknowledged(self) -> Modal:
        """What takes the form's place. From here on everything is drawn at once."""
        self._is_acknowledged = True
        return self._drawn or notice.loading()

    async def respond(
        self, url: str, message: Message, *, replace: bool = False, in_channel: bool = False
    ) -> None:
        await self.desk.respond(url, message, replace=replace, in_channel=in_channel)

    async def open_view(self, trigger_id: str, modal: Modal) -> OpenView:
        return await self.desk.open_view(trigger_id, modal)

    async def push_view(self, trigger_id: str, modal: Modal) -> OpenView:
        return await self.desk.push_view(trigger_id, modal)

    async def update_view(self, view: OpenView, modal: Modal) -> OpenView:
        """Under which hash Slack keeps what comes with an acknowledgement, it does not say."""
        if self._is_acknowledged or view.id != self.form:
            return await self.desk.update_view(view, modal)
        self._drawn = modal
        return view.model_copy(update={"hash": None})
