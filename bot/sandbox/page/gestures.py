"""What a person does on the page, carried to the stand-in; each answer is the delivery as JSON."""

import dataclasses
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from aiohttp import web

from bot.sandbox.page.desk import Desk
from bot.sandbox.slack import forms
from bot.sandbox.slack.errors import GestureError
from bot.sandbox.slack.model import Delivery, Json, MessageRef, ViewRef, Where

Answer = Delivery | Json | None
INVITE = "/invite"
NO_COMMAND = (
    "{name} is not a valid command. In Slack, all messages that start with the “/” character "
    "are interpreted as commands."
)


def _where(sent: Json) -> Where:
    if "view" in sent:
        return ViewRef(sent["view"])
    return MessageRef(sent["channel"], sent["ts"])


def _values(state: Json | None) -> Iterator[tuple[str, str, Any]]:
    for block_id, actions in (state or {}).items():
        for action_id, value in actions.items():
            yield block_id, action_id, value


class PageGestures:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._gestures = desk.gestures

    def routes(self) -> list[web.RouteDef]:
        actions = {
            "command": self._command,
            "say": self._say,
            "click": self._click,
            "state": self._state,
            "options": self._options,
            "submit": self._submit,
            "close": self._close,
            "shortcut": self._shortcut,
            "home": self._home,
        }
        return [web.post(f"/page/{name}", _answering(act)) for name, act in actions.items()]

    async def _command(self, sent: Json) -> Answer:
        name, _, rest = sent["text"].partition(" ")
        if name == INVITE:
            await self._gestures.invite(sent["as"], sent["channel"], rest.strip())
            return None
        if self._desk.world.app.command(name) is None:
            raise GestureError(NO_COMMAND.format(name=name))
        return await self._gestures.command(sent["as"], sent["channel"], sent["text"])

    async def _say(self, sent: Json) -> Answer:
        await self._gestures.say(sent["as"], sent["channel"], sent["text"], sent.get("thread_ts"))
        return None

    async def _click(self, sent: Json) -> Answer:
        where = _where(sent["where"])
        self._type_in(sent["as"], where, sent.get("state"))
        return await self._gestures.click(
            sent["as"], where, sent["block_id"], sent["action_id"], sent.get("value")
        )

    async def _state(self, sent: Json) -> Answer:
        self._type_in(sent["as"], _where(sent["where"]), sent.get("state"))
        return None

    def _type_in(self, user: str, where: Where, state: Json | None) -> None:
        """A message keeps no state of its own."""
        if isinstance(where, ViewRef):
            for block_id, action_id, value in _values(state):
                self._gestures.set_state(user, where.view_id, block_id, action_id, value)

    async def _options(self, sent: Json) -> Answer:
        where = _where(sent["where"])
        found, delivery = await self._gestures.options(
            sent["as"], where, sent["block_id"], sent["action_id"], sent["query"]
        )
        parts = self._desk.fragments(sent["as"])
        return dataclasses.asdict(delivery) | {"html": parts.offered(found)}

    async def _submit(self, sent: Json) -> Answer:
        """What is missing stands at its field, before the app hears of anything."""
        self._type_in(sent["as"], ViewRef(sent["view_id"]), sent.get("state"))
        view = self._desk.world.view(sent["view_id"])
        if view and (missing := forms.complaints(view)):
            body = {"response_action": "errors", "errors": missing}
            return {"ok": False, "complaint": None, "body": body}
        return await self._gestures.submit_view(sent["as"], sent["view_id"])

    async def _close(self, sent: Json) -> Answer:
        return await self._gestures.close_view(sent["as"], sent["view_id"], bool(sent.get("clear")))

    async def _shortcut(self, sent: Json) -> Answer:
        user, callback_id = sent["as"], sent["callback_id"]
        if sent.get("where") is None:
            return await self._gestures.global_shortcut(user, callback_id)
        where = sent["where"]
        return await self._gestures.message_shortcut(user, where["channel"], where["ts"], callback_id)

    async def _home(self, sent: Json) -> Answer:
        return await self._gestures.open_home(sent["as"])


def _answering(act: Callable[[Json], Awaitable[Answer]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            answer = await act(await request.json())
        except GestureError as error:
            return web.json_response({"ok": False, "complaint": str(error)})
        except (KeyError, TypeError, ValueError) as error:
            raise web.HTTPBadRequest(text=f"The page did not send what is needed: {error!r}") from error
        if isinstance(answer, Delivery):
            answer = dataclasses.asdict(answer)
        return web.json_response(answer or {"ok": True, "complaint": None})

    return handle
