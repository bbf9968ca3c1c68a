"""The state of the stand-in: a workspace with one app in it; every change is announced."""

import copy
from collections.abc import Callable
from typing import Unpack

from bot.sandbox.slack import state
from bot.sandbox.slack.changes import Announcements, Subscription
from bot.sandbox.slack.manifest import Manifest
from bot.sandbox.slack.mint import Mint
from bot.sandbox.slack.model import (
    Change,
    ChangeKind,
    Channel,
    Delivery,
    Edits,
    Extras,
    File,
    Json,
    Message,
    User,
    View,
    ViewKind,
)
from bot.sandbox.slack.roster import Roster

APP_ID = "A0SYNCBOT"
BOT_ID = "B0SYNCBOT"


class World:
    def __init__(
        self,
        manifest: Json,
        roster: Roster,
        clock: Callable[[], float],
        refused_scopes: frozenset[str] = frozenset(),
    ) -> None:
        self.manifest = manifest
        self.app = Manifest(manifest, refused_scopes)
        self.app_name = self.app.app_name
        self.app_id = APP_ID
        self.bot_id = BOT_ID
        self.team_id = roster.team_id
        self.team_name = roster.team_name
        self.team_domain = roster.team_domain
        self.bot_user = User(
            roster.bot_user_id, self.app.bot_name, self.app_name, "", roster.team_id, is_bot=True
        )
        self.users = {user.id: user for user in (*roster.users, self.bot_user)}
        self.channels = roster.fresh_channels()
        self.user_groups = {group: set(people) for group, people in roster.user_groups.items()}
        self.clock = clock
        self.mint = Mint(clock)
        self._messages: dict[str, dict[str, Message]] = {}
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}
        self._files: dict[str, File] = {}
        self._news = Announcements()

    # Reading

    def messages(self, channel: str, viewer: str | None = None) -> list[Message]:
        """Oldest first; of the ephemeral ones only the viewer's."""
        held = self._messages.get(channel, {}).values()
        return [message for message in held if message.ephemeral_for in {None, viewer}]

    def message(self, channel: str, ts: str) -> Message | None:
        return self._messages.get(channel, {}).get(ts)

    def views(self, user: str) -> list[View]:
        """The person's modals, bottom to top."""
        return list(self._stacks.get(user, []))

    def home(self, user: str) -> View | None:
        return self._homes.get(user)

    def view(self, view_id: str) -> View | None:
        return next((view for view in self._all_views() if view.id == view_id), None)

    def view_by_external_id(self, external_id: str) -> View | None:
        return next((v for v in self._all_views() if v.payload.get("external_id") == external_id), None)

    def is_member(self, channel: Channel, user: str) -> bool:
        return user in channel.members or channel.im_user == user

    def direct_message(self, user: str) -> Channel | None:
        return next((channel for channel in self.channels.values() if channel.im_user == user), None)

    def subscribe(self) -> Subscription:
        return self._news.subscribe()

    # Channels and messages

    def open_direct_message(self, user: str) -> Channel:
        found = self.direct_message(user)
        if found is None:
            found = Channel(self.mint.id("D"), "directmessage", {user, self.bot_user.id}, im_user=user)
            self.channels[found.id] = found
        return found

    def archive(self, channel: str) -> None:
        self.channels[channel].is_archived = True

    def add_bot(self, channel: str) -> None:
        self.channels[channel].members.add(self.bot_user.id)

    def remove_bot(self, channel: str) -> None:
        """As when somebody takes the app out of the channel."""
        self.channels[channel].members.discard(self.bot_user.id)

    def post(self, channel: str, user: str, text: str, **fields: Unpack[Extras]) -> Message:
        message = Message(self.mint.ts(), channel, user, text, **fields)
        self._messages.setdefault(channel, {})[message.ts] = message
        self._tell_of(message, "message.posted")
        return message

    def edit(self, message: Message, **fields: Unpack[Edits]) -> None:
        for name, value in fields.items():
            setattr(message, name, value)
        self._tell_of(message, "message.updated")

    def delete(self, message: Message) -> None:
        del self._messages[message.channel][message.ts]
        self._tell_of(message, "message.deleted")

    def forget_ephemeral(self, user: str) -> None:
        """What a reload of the client does: ephemeral messages are gone."""
        for held in self._messages.values():
            for ts in [ts for ts, message in held.items() if message.ephemeral_for == user]:
                del held[ts]

    # Files

    def new_file(self, name: str, length: int) -> File:
        file = File(self.mint.id("F"), name, length, self.mint.id("T"))
        self._files[file.id] = file
        return file

    def file(self, file_id: str) -> File | None:
        return self._files.get(file_id)

    def file_of(self, ticket: str) -> File | None:
        return next((file for file in self._files.values() if file.ticket == ticket), None)

    def completed(self, file: File, title: str) -> None:
        file.title, file.is_complete = title, True

    # Views

    def open_view(self, user: str, payload: Json) -> View:
        """Starts a new stack."""
        self._stacks[user] = []
        return self._stack(user, payload, "view.opened")

    def push_view(self, user: str, payload: Json) -> View:
        return self._stack(user, payload, "view.pushed")

    def update_view(self, view: View, payload: Json) -> None:
        """What was typed stays where block_id and action_id stay."""
        view.payload = payload
        view.hash = self._hash()
        view.state = state.carried_over(view.state, payload["blocks"])
        self._tell_of_view(view, "home.published" if view.type == "home" else "view.updated")

    def close_view(self, view: View) -> None:
        stack = self._stacks.get(view.user, [])
        if view in stack:
            stack.remove(view)
            self._tell_of_view(view, "view.closed")

    def clear_views(self, user: str) -> None:
        for view in reversed(self.views(user)):
            self.close_view(view)

    def publish_home(self, user: str, payload: Json) -> View:
        found = self._homes.get(user)
        if found is None:
            found = self._new_view("home", user, payload)
            self._homes[user] = found
        self.update_view(found, payload)
        return found

    def type_in(self, view: View, block_id: str, action_id: str, entry: Json) -> None:
        view.state.setdefault(block_id, {})[action_id] = entry

    def announce_delivery(self, delivery: Delivery, user: str | None = None) -> None:
        self._news.announce(Change("delivery", delivery=delivery, user=user))

    # Inside

    def _all_views(self) -> list[View]:
        stacked = [view for stack in self._stacks.values() for view in stack]
        return [*stacked, *self._homes.values()]

    def _stack(self, user: str, payload: Json, kind: ChangeKind) -> View:
        stack = self._stacks.setdefault(user, [])
        view = self._new_view("modal", user, payload)
        if stack:
            view.root_id, view.previous_id = stack[0].id, stack[-1].id
        stack.append(view)
        self._tell_of_view(view, kind)
        return view

    def _new_view(self, kind: ViewKind, user: str, payload: Json) -> View:
        view_id = self.mint.id("V")
        typed = state.initial(copy.deepcopy(payload["blocks"]))
        return View(view_id, kind, user, payload, self._hash(), view_id, state=typed)

    def _hash(self) -> str:
        """As Slack's: seconds, a point, a few letters."""
        return f"{int(self.clock())}.{self.mint.number():08x}"

    def _tell_of(self, message: Message, kind: ChangeKind) -> None:
        self._news.announce(Change(kind, channel=message.channel, ts=message.ts, user=message.ephemeral_for))

    def _tell_of_view(self, view: View, kind: ChangeKind) -> None:
        self._news.announce(Change(kind, view_id=view.id, user=view.user))
