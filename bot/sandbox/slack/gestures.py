"""What a person can do in Slack; each gesture waits for the app's answer, and acts on it as Slack does."""

from typing import Any

from bot.sandbox.slack import choice, forms, submissions, wording
from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.choice import Offers, Picked
from bot.sandbox.slack.courier import Audience, Courier, body_of, settled
from bot.sandbox.slack.elements import STATELESS, Placed
from bot.sandbox.slack.errors import GestureError, SlackError
from bot.sandbox.slack.events import Events
from bot.sandbox.slack.model import (
    Channel,
    Delivery,
    Json,
    Message,
    MessageRef,
    User,
    View,
    Where,
)
from bot.sandbox.slack.options import offered
from bot.sandbox.slack.payloads import Payloads
from bot.sandbox.slack.people import Sight
from bot.sandbox.slack.posting import Poster
from bot.sandbox.slack.transport.parcel import Kind, Parcel

MIN_QUERY = 3


class Gestures:
    """GestureError for what no client would allow; what the app does wrong is in the Delivery.

    `outsiders_may_call` gives commands and shortcuts to people of other workspaces too.
    """

    def __init__(self, backend: Backend, courier: Courier, events: Events, poster: Poster) -> None:
        self._backend = backend
        self._world = backend.world
        self._courier = courier
        self._events = events
        self._poster = poster
        self._payloads = Payloads(self._world)
        self._sight = Sight(self._world)
        self._offers = Offers()
        self.outsiders_may_call = False

    # Slash commands

    async def command(self, user: str, channel: str, text: str) -> Delivery:
        """`text` is the whole line, "/sync status a@b.c"."""
        person, room = self._caller(user), self._sight.channel(user, channel)
        name, _, rest = text.strip().partition(" ")
        known = self._world.app.command(name)
        if known is None:
            raise GestureError(f"{name} is not a valid command")
        said = wording.with_entities(rest, self._world) if known.get("should_escape") else rest
        made = self._made(user, room.id)
        payload = self._payloads.command(person, room, name, said.strip(), **made)
        parcel = Parcel("slash_commands", payload, known.get("url"))
        delivery = await self._courier.deliver(text, parcel)
        return self._finish(delivery, "command", user, self._answered(delivery, made["response_url"]))

    def _answered(self, delivery: Delivery, response_url: str) -> str | None:
        """A message in the acknowledgement is posted; it takes no use of the response URL."""
        body = body_of(delivery)
        if delivery.complaint or not body:
            return None
        url = self._backend.response_urls.find(response_url.removeprefix(self._backend.base_url))
        try:
            self._poster.respond(url, body) if url else None
        except SlackError as error:
            return "; ".join([error.error, *error.messages])
        return None

    # Buttons, menus, inputs

    async def click(
        self, user: str, where: Where, block_id: str, action_id: str, value: Picked = None
    ) -> Delivery:
        """`value` is what is picked: an option's value, an id, a date; for a button nothing."""
        person, place = self._sight.person(user), self._sight.place(user, where)
        placed = self._sight.element(place, block_id, action_id)
        if placed.block["type"] == "input" and not placed.block.get("dispatch_action"):
            raise GestureError("an input without dispatch_action tells the app nothing: use set_state")
        chosen = choice.entry(placed, value, self._offers)
        if isinstance(place, View) and placed.element["type"] not in STATELESS:
            self._world.type_in(place, block_id, action_id, chosen)
        made = self._made_at(user, place)
        payload = self._payloads.action(person, place, placed, chosen, **made)
        return await self._interact("action", f"click {action_id}", user, payload)

    def set_state(self, user: str, view_id: str, block_id: str, action_id: str, value: Picked) -> None:
        """What the person types or picks in an input; the app hears of it with the next payload."""
        view = self._sight.view(user, view_id)
        placed = self._sight.element(view, block_id, action_id)
        self._world.type_in(view, block_id, action_id, choice.entry(placed, value, self._offers))

    async def options(
        self, user: str, where: Where, block_id: str, action_id: str, query: str
    ) -> tuple[list[Json], Delivery]:
        """What the app offers for a query in an external select; groups are flattened."""
        person, place = self._sight.person(user), self._sight.place(user, where)
        placed = self._sight.element(place, block_id, action_id)
        self._check_query(placed, query)
        payload = self._payloads.suggestion(person, place, placed, query)
        parcel = self._parcel("options", payload)
        delivery = await self._courier.deliver(f"options {action_id}", parcel)
        rows, problem = offered(body_of(delivery)) if delivery.ok else ([], None)
        self._offers.remember(placed, rows)
        return rows, self._finish(delivery, "options", user, problem)

    def _check_query(self, placed: Placed, query: str) -> None:
        if not placed.element["type"].endswith("external_select"):
            raise GestureError("only external selects ask for options")
        if len(query) < placed.element.get("min_query_length", MIN_QUERY):
            raise GestureError("the query is too short to be sent")

    # Modals

    async def submit_view(
        self, user: str, view_id: str, state: dict[str, dict[str, Any]] | None = None
    ) -> Delivery:
        """`state` is what is typed last, by block_id and action_id, in the form that `set_state` takes."""
        person, view = self._sight.person(user), self._sight.modal(user, view_id)
        for block_id, typed in (state or {}).items():
            for action_id, value in typed.items():
                self.set_state(user, view_id, block_id, action_id, value)
        missing = forms.complaints(view)
        if missing:
            raise GestureError(str(missing))
        trigger_id = self._backend.triggers.make(user, view.id)
        payload = self._payloads.submission(person, view, trigger_id)
        delivery = await self._courier.deliver(f"submit {view_id}", self._parcel("interactive", payload))
        problem = None if delivery.complaint else submissions.apply(view, body_of(delivery), self._backend)
        return self._finish(delivery, "submission", user, problem)

    async def close_view(self, user: str, view_id: str, clear: bool = False) -> Delivery | None:  # noqa: FBT001, FBT002 - the page calls it so
        """The close button; `clear` is the cross, which closes all. None where the app asked not to know."""
        person, view = self._sight.person(user), self._sight.modal(user, view_id)
        cleared = clear or bool(view.payload.get("clear_on_close"))
        payload = self._payloads.closed(person, view, cleared=cleared)
        if cleared:
            self._world.clear_views(user)
        else:
            self._world.close_view(view)
        if not view.payload.get("notify_on_close"):
            return None
        return await self._interact("nobody", f"close {view_id}", user, payload)

    # Shortcuts

    async def message_shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> Delivery:
        person, message = self._caller(user), self._sight.message(user, channel, ts)
        self._check_shortcut("message", callback_id)
        if message.ephemeral_for:
            raise GestureError("an ephemeral message has no shortcuts")
        made = self._made(user, channel)
        payload = self._payloads.message_shortcut(person, message, callback_id, **made)
        return await self._interact("shortcut", f"shortcut {callback_id}", user, payload)

    async def global_shortcut(self, user: str, callback_id: str) -> Delivery:
        person = self._caller(user)
        self._check_shortcut("global", callback_id)
        payload = self._payloads.global_shortcut(person, callback_id, self._backend.triggers.make(user))
        return await self._interact("shortcut", f"shortcut {callback_id}", user, payload)

    def _check_shortcut(self, kind: str, callback_id: str) -> None:
        if self._world.app.shortcut(kind, callback_id) is None:
            raise GestureError(f"the manifest has no {kind} shortcut {callback_id}")

    # Talking, and the Home tab

    async def say(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> Message:
        person, room = self._sight.person(user), self._sight.channel(user, channel)
        if thread_ts:
            self._sight.message(user, channel, thread_ts)
        said = self._world.post(
            room.id, person.id, wording.as_delivered(text, self._world), thread_ts=thread_ts
        )
        if self._world.is_member(room, self._world.bot_user.id):
            await self._tell(said, room)
        return said

    async def invite(self, user: str, channel: str, name: str) -> Message | None:
        """`/invite @name`, Slack's own command, for the app: None where it is in the channel already.

        https://slack.com/help/articles/201259356-Slash-commands-in-Slack
        """
        person, room = self._sight.person(user), self._sight.channel(user, channel)
        bot = self._world.bot_user
        if name.removeprefix("@") != bot.name:
            raise GestureError(f"only @{bot.name} can be invited here")
        if self._world.is_member(room, bot.id):
            return None
        self._world.add_bot(room.id)
        return self._world.post(room.id, bot.id, f"was added to #{room.name} by <@{person.id}>.")

    async def _tell(self, said: Message, room: Channel) -> None:
        """The app hears only of conversations it is in: https://docs.slack.dev/reference/events/message.channels"""
        subscription, kind = ("message.im", "im") if room.im_user else ("message.channels", "channel")
        await self._events.publish(subscription, self._payloads.said(said, "message", kind))
        if f"<@{self._world.bot_user.id}>" in said.text:
            await self._events.publish("app_mention", self._payloads.said(said, "app_mention", kind))

    async def open_home(self, user: str) -> Delivery | None:
        """None where the app has not subscribed to `app_home_opened`."""
        person = self._sight.person(user)
        if not self._world.app.home_tab:
            raise GestureError("the app has no Home tab")
        room = self._world.open_direct_message(user)
        event = self._payloads.home_opened(person, room, self._world.home(user))
        return await self._events.publish("app_home_opened", event)

    # Inside

    def _caller(self, user: str) -> User:
        return self._sight.caller(user, outsiders=self.outsiders_may_call)

    async def _interact(self, audience: Audience, what: str, user: str, payload: Json) -> Delivery:
        delivery = await self._courier.deliver(what, self._parcel("interactive", payload))
        return self._finish(delivery, audience, user, None)

    def _parcel(self, kind: Kind, payload: Json) -> Parcel:
        app = self._world.app
        if not app.interactive:
            raise GestureError("interactivity is not enabled in the manifest")
        return Parcel(kind, payload, app.options_url if kind == "options" else app.interactivity_url)

    def _finish(self, delivery: Delivery, audience: Audience, user: str, problem: str | None) -> Delivery:
        return self._courier.announce(settled(delivery, audience, problem), user)

    def _made(self, user: str, channel: str, message: Message | None = None) -> dict[str, str]:
        original = MessageRef(message.channel, message.ts) if message else None
        thread_ts = message.thread_ts if message else None
        return {
            "trigger_id": self._backend.triggers.make(user),
            "response_url": self._backend.response_urls.make(user, channel, original, thread_ts),
        }

    def _made_at(self, user: str, place: Message | View) -> dict[str, str]:
        if isinstance(place, Message):
            return self._made(user, place.channel, place)
        inside = place.id if place.type == "modal" else None
        return {"trigger_id": self._backend.triggers.make(user, inside)}
