"""The parts of the page that change while it is open, drawn for one viewer."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from bot.sandbox.page import choices
from bot.sandbox.page.marks import Marks
from bot.sandbox.page.names import Names
from bot.sandbox.page.paint import Json, Painter, drawn
from bot.sandbox.page.panel import Panel
from bot.sandbox.slack.model import Channel, Delivery, Message, User
from bot.sandbox.slack.world import World

NAMED_COLORS = {"good": "#2eb67d", "warning": "#e0a30c", "danger": "#c01343"}
SHOWN = 300
HEX = re.compile(r"#?[0-9a-fA-F]{6}")


def names_for(world: World, viewer: str) -> Names:
    rooms = {room.id: room.name for room in world.channels.values() if not room.im_user}
    groups = {group: _group_name(group) for group in world.user_groups}
    own = frozenset(group for group, people in world.user_groups.items() if viewer in people)
    return Names({user.id: user.real_name for user in world.users.values()}, rooms, groups, viewer, own)


def _group_name(group_id: str) -> str:
    """The stand-in's groups have ids like S0ADMINS, and no names of their own."""
    return group_id.lstrip("S0").lower() or group_id


def attachment_color(attachment: Json) -> str:
    color = str(attachment.get("color", ""))
    if HEX.fullmatch(color):
        return f"#{color.lstrip('#')}"
    return NAMED_COLORS.get(color, "#ddd")


@dataclass(frozen=True)
class Fragments:
    world: World
    marks: Marks
    viewer: User
    panels: tuple[Panel, ...] = ()

    @property
    def names(self) -> Names:
        return names_for(self.world, self.viewer.id)

    def visible(self, channel: str) -> bool:
        room = self.world.channels.get(channel)
        return room is not None and self.world.is_member(room, self.viewer.id)

    def message(self, message: Message, *, in_thread: bool = False, replies: int | None = None) -> Markup:
        return drawn(
            "parts/message.html",
            message=message,
            author=self.world.users.get(message.user),
            viewer=self.viewer,
            paint=Painter(self.names, scope=f"{message.ts}-{in_thread}"),
            replies=self._replies(message) if replies is None else replies,
            in_thread=in_thread,
            message_shortcuts=self.shortcuts("message"),
            app_name=self.world.app_name,
            attachment_color=attachment_color,
        )

    def _replies(self, message: Message) -> int:
        others = self.world.messages(message.channel, self.viewer.id)
        return sum(one.thread_ts == message.ts and one.ts != message.ts for one in others)

    def shortcuts(self, kind: str) -> list[Json]:
        return [one for one in self.world.app.shortcuts if one.get("type") == kind]

    def history(self, channel: str) -> list[Markup]:
        """The newest ones; replies stand in their thread only."""
        messages = self.world.messages(channel, self.viewer.id)
        replies = Counter(one.thread_ts for one in messages if one.thread_ts not in {None, one.ts})
        shown = [one for one in messages if one.thread_ts in {None, one.ts}][-SHOWN:]
        return [self.message(one, replies=replies[one.ts]) for one in shown]

    def thread(self, channel: str, ts: str) -> list[Markup]:
        messages = self.world.messages(channel, self.viewer.id)
        return [self.message(one, in_thread=True) for one in messages if ts in {one.ts, one.thread_ts}]

    def modals(self) -> Markup:
        return drawn("parts/modals.html", **self.modal_values())

    def modal_values(self) -> dict[str, Any]:
        views = self.world.views(self.viewer.id)
        painters = {view.id: Painter(self.names, view.state, view.id) for view in views}
        return {"views": views, "painters": painters}

    def home(self) -> Markup:
        view = self.world.home(self.viewer.id)
        paint = Painter(self.names, view.state if view else {})
        app_name = self.world.app_name
        return drawn("parts/home.html", view=view, paint=paint, viewer=self.viewer, app_name=app_name)

    def rooms(self, current: str | None) -> Markup:
        return drawn("parts/sidebar.html", **self.room_values(current))

    def room_values(self, current: str | None) -> dict[str, Any]:
        """`current` is a channel id; on the app's own tabs it is its direct message."""
        app = self.app_room()
        start = "/page/app/home" if self.world.app.home_tab else f"/page/c/{app.id}"
        return {
            "rooms": [self._room(room, current) for room in self.channels()],
            "app_room": self._room(app, current) | {"href": f"{start}?as={self.viewer.id}"},
            "viewer": self.viewer,
            "app_name": self.world.app_name,
            "panels": self.panels,
        }

    def channels(self) -> list[Channel]:
        mine = [one for one in self.world.channels.values() if not one.im_user and self.visible(one.id)]
        return sorted(mine, key=lambda room: room.name)

    def first_room(self) -> Channel:
        """One with messages where the app is a member, else where it is one, else any."""
        mine = [one for one in self.world.channels.values() if not one.im_user and self.visible(one.id)]
        return max(mine, key=self._promise, default=None) or self.app_room()

    def _promise(self, room: Channel) -> tuple[bool, bool]:
        with_app = self.world.is_member(room, self.world.bot_user.id)
        return with_app, with_app and bool(self.world.messages(room.id, self.viewer.id))

    def app_room(self) -> Channel:
        return self.world.open_direct_message(self.viewer.id)

    def _room(self, room: Channel, current: str | None) -> Json:
        unread = self.marks.unread(self.viewer.id, room.id)
        return {"id": room.id, "name": room.name, "unread": unread, "current": room.id == current}

    def delivery(self, delivery: Delivery) -> Markup:
        return drawn("parts/delivery.html", delivery=delivery)

    def offered(self, options: list[Json]) -> Markup:
        groups = choices.groups({"type": "static_select", "options": options}, self.names)
        return drawn("parts/options.html", groups=groups, paint=Painter(self.names))
