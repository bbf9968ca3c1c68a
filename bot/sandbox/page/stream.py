"""Server-Sent Events: what changed, as rendered fragments, for one viewer and the channel they look at."""

import asyncio
import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.page.desk import Desk
from bot.sandbox.page.fragments import Fragments
from bot.sandbox.slack.changes import Subscription
from bot.sandbox.slack.model import Change, Json, Message

KEEP_ALIVE_SECONDS = 15.0
HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}


@dataclass(frozen=True)
class Watch:
    """What one open page shows. `channel` is None on the app's Home tab; `thread` is the open one."""

    desk: Desk
    parts: Fragments
    channel: str | None
    thread: str | None

    def news(self, change: Change) -> Iterator[Json]:
        """What the page must redraw; nothing of what this person may not see."""
        if change.delivery:
            yield {"what": "delivery", "html": self.parts.delivery(change.delivery)}
        elif change.user not in {None, self.parts.viewer.id}:
            return
        elif change.kind == "home.published":
            yield {"what": "home", "html": self.parts.home()}
        elif change.view_id:
            yield from self._view_news(change.view_id)
        elif change.channel and change.ts and self.parts.visible(change.channel):
            yield from self._message_news(change.channel, change.ts)

    def _view_news(self, view_id: str) -> Iterator[Json]:
        view = self.desk.world.view(view_id)
        if view is None or view.type == "modal":
            yield {"what": "modals", "html": self.parts.modals()}
        else:
            yield {"what": "home", "html": self.parts.home()}

    def _message_news(self, channel: str, ts: str) -> Iterator[Json]:
        if channel != self.channel:
            yield {"what": "rooms", "html": self.parts.rooms(self.channel)}
            return
        self.desk.marks.read(self.parts.viewer.id, channel)
        message = self.desk.world.message(channel, ts)
        if message is None:
            yield from (
                {"what": "message", "list": name, "ts": ts, "html": ""} for name in ("messages", "replies")
            )
            return
        if message.thread_ts in {None, ts}:
            yield self._row("messages", message)
        elif parent := self.desk.world.message(channel, str(message.thread_ts)):
            yield self._row("messages", parent)
        if self.thread and self.thread in {ts, message.thread_ts}:
            yield self._row("replies", message)

    def _row(self, name: str, message: Message) -> Json:
        html = self.parts.message(message, in_thread=name == "replies")
        return {"what": "message", "list": name, "ts": message.ts, "html": html}


def watch(desk: Desk, request: web.Request) -> Watch:
    parts = desk.fragments(request.query.get("as"))
    return Watch(desk, parts, request.query.get("channel") or None, request.query.get("thread") or None)


class Stream:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Says hello once it listens: from then on the page misses nothing."""
        seen = watch(self._desk, request)
        response = web.StreamResponse(headers=HEADERS)
        await response.prepare(request)
        with self._desk.world.subscribe() as changes, contextlib.suppress(ConnectionError):
            await response.write(b"event: hello\ndata: {}\n\n")
            lost = 0
            while True:
                change = await _next(changes)
                if request.transport is None or request.transport.is_closing():
                    # A page that has gone must not count as a reader.
                    break
                await response.write(b"".join(_frames(seen, change)))
                if changes.lost > lost:
                    lost = changes.lost
                    await response.write(b"event: hello\ndata: {}\n\n")
        return response


async def _next(changes: Subscription) -> Change | None:
    try:
        return await asyncio.wait_for(anext(changes), KEEP_ALIVE_SECONDS)
    except TimeoutError:
        return None


def _frames(seen: Watch, change: Change | None) -> Iterator[bytes]:
    """A comment where nothing happened, so that a closed connection is noticed."""
    if change is None:
        yield b": still here\n\n"
        return
    for one in seen.news(change):
        yield f"data: {json.dumps(one)}\n\n".encode()
