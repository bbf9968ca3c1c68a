"""Full pages: a channel, the tabs of the app, a panel, and the JSON behind a message."""

import dataclasses
import urllib.parse
from typing import Any

from aiohttp import web

from bot.sandbox.page.desk import Desk
from bot.sandbox.page.fragments import Fragments
from bot.sandbox.page.paint import drawn
from bot.sandbox.slack import shapes
from bot.sandbox.slack.model import Channel, Json, User

TABS = ("home", "messages", "about")


def _html(page: str) -> web.Response:
    return web.Response(text=page, content_type="text/html", headers={"Cache-Control": "no-store"})


def _trial(command: Json) -> Json:
    """A line that a newcomer can send as it stands: the command, and the first word that may follow it."""
    usage = str(command.get("usage_hint") or "")
    first = usage.partition(" ")[0]
    line = f"{command['command']} {first if first.isalpha() else ''}".strip()
    return {"line": line, "usage": usage, "description": command.get("description", "")}


class Screens:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def start(self, request: web.Request) -> web.Response:
        """Where the app has something to say; another person stays in the `channel` they may see too."""
        parts = self._desk.fragments(request.query.get("as"))
        wanted = request.query.get("channel", "")
        room = self._desk.world.channels[wanted] if parts.visible(wanted) else parts.first_room()
        raise web.HTTPFound(f"/page/c/{room.id}?as={parts.viewer.id}")

    async def channel(self, request: web.Request) -> web.Response:
        parts = self._desk.fragments(request.query.get("as"))
        room = self._room(parts, request.match_info["channel"])
        self._desk.marks.read(parts.viewer.id, room.id)
        thread = request.query.get("thread")
        values = self._channel_values(parts, room, thread)
        return _html(drawn("channel.html", **self._shell(parts, room, thread), **values))

    async def tab(self, request: web.Request) -> web.Response:
        parts = self._desk.fragments(request.query.get("as"))
        tab = request.match_info["tab"]
        shell = self._shell(parts, parts.app_room(), None, tab)
        if tab == "home":
            return _html(drawn("home.html", **shell, home=parts.home()))
        return _html(drawn("about.html", **shell, **self._about()))

    async def panel(self, request: web.Request) -> web.Response:
        parts = self._desk.fragments(request.query.get("as"))
        at = int(request.match_info["number"])
        if at >= len(self._desk.panels):
            raise web.HTTPNotFound(text="There is no such panel.")
        shell = self._shell(parts, None, None)
        return _html(drawn("panel.html", **shell, panel=self._desk.panels[at]))

    async def payload(self, request: web.Request) -> web.Response:
        """Of ephemeral messages only one's own."""
        parts = self._desk.fragments(request.query.get("as"))
        room = self._room(parts, request.match_info["channel"])
        message = self._desk.world.message(room.id, request.match_info["ts"])
        if message is None or message.ephemeral_for not in {None, parts.viewer.id}:
            raise web.HTTPNotFound(text="There is no such message.")
        fields = {key: value for key, value in dataclasses.asdict(message).items() if value is not None}
        fields["files"] = [shapes.file(one) for one in message.files]
        return web.json_response(fields, dumps=self._desk.indented)

    async def file(self, request: web.Request) -> web.Response:
        """To be saved, and never shown as a page of this site."""
        parts = self._desk.fragments(request.query.get("as"))
        room = self._room(parts, request.match_info["channel"])
        message = self._desk.world.message(room.id, request.match_info["ts"])
        wanted = request.match_info["file"]
        found = next((one for one in message.files if one.id == wanted), None) if message else None
        if found is None or found.content is None:
            raise web.HTTPNotFound(text="There is no such file.")
        quoted = urllib.parse.quote(found.name)
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quoted}"}
        return web.Response(body=found.content, content_type="application/octet-stream", headers=headers)

    def _room(self, parts: Fragments, channel: str) -> Channel:
        if not parts.visible(channel):
            raise web.HTTPNotFound(text=f"{parts.viewer.real_name} sees no channel {channel}.")
        return self._desk.world.channels[channel]

    def _channel_values(self, parts: Fragments, room: Channel, thread: str | None) -> Json:
        return {
            "channel": room,
            "members": len(room.members),
            "messages": parts.history(room.id),
            "thread_ts": thread,
            "replies": parts.thread(room.id, thread) if thread else [],
            "writable": not room.is_archived,
            "trials": [_trial(command) for command in self._desk.world.app.commands],
            "global_shortcuts": parts.shortcuts("global"),
        }

    def _about(self) -> Json:
        world = self._desk.world
        about = world.manifest.get("display_information") or {}
        return {
            "description": about.get("long_description") or about.get("description", ""),
            "commands": world.app.commands,
            "shortcuts": world.app.shortcuts,
            "scopes": sorted(world.app.scopes),
        }

    def _shell(
        self, parts: Fragments, room: Channel | None, thread: str | None, tab: str | None = None
    ) -> dict[str, Any]:
        world, viewer = self._desk.world, parts.viewer
        shown = tab or ("messages" if room and room.im_user else None)
        own_room = room if room is None or not room.im_user else None
        facts = {
            "as": viewer.id,
            "channel": None if tab or room is None else room.id,
            "thread": thread,
            "tab": shown,
            "commands": world.app.commands,
        }
        return (
            {
                "facts": facts,
                "tab": shown,
                "tabs": self._tabs(parts),
                "team_name": world.team_name,
                "room_name": f"#{own_room.name}" if own_room else world.app_name,
                "people": [person for person in world.users.values() if not person.is_bot],
                "standing": self._standing,
                "deliveries": self._desk.marks.deliveries,
            }
            | parts.room_values(room.id if room else None)
            | parts.modal_values()
        )

    def _tabs(self, parts: Fragments) -> list[tuple[str, str]]:
        suffix = f"?as={parts.viewer.id}"
        home = [("Home", f"/page/app/home{suffix}")] if self._desk.world.app.home_tab else []
        messages = f"/page/c/{parts.app_room().id}{suffix}"
        return [*home, ("Messages", messages), ("About", f"/page/app/about{suffix}")]

    def _standing(self, person: User) -> str:
        if person.team_id != self._desk.world.team_id:
            return "Other organisation (Slack Connect)"
        return "Guest" if person.is_restricted else f"@{person.name}"
