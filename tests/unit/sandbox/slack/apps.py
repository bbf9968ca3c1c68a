"""Apps for the stand-in to talk to, a manifest, and a clock that stands still."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiohttp import web
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.model import Json
from bot.sandbox.slack.rates import Rates
from bot.sandbox.slack.server import SlackStandIn

UNLIMITED = Rates(enforced=False)
SECRET = "sandbox-secret"
BOT_TOKEN = "xoxb-sandbox"
APP_TOKEN = "xapp-sandbox"
SCOPES = (
    "commands",
    "chat:write",
    "users:read",
    "users:read.email",
    "usergroups:read",
    "im:write",
    "channels:read",
    "channels:history",
    "im:read",
)
EVENTS = ("app_home_opened", "message.channels", "message.im")


class Clock:
    """Stands still until it is told."""

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Heard:
    """What the app got: headers, kind (a path, or the envelope's type), payload."""

    kind: str
    payload: Json
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass
class App:
    """Answers with `answer(heard)`: a body, or a status. Remembers what it heard."""

    heard: list[Heard] = field(default_factory=list)
    answer: Callable[[Heard], Any] = lambda _: None

    @property
    def last(self) -> Json:
        return self.heard[-1].payload


def manifest(
    url: str | None = None, scopes: tuple[str, ...] = SCOPES, events: tuple[str, ...] = EVENTS
) -> Json:
    """Socket Mode without a URL."""
    settings: Json = {
        "interactivity": {"is_enabled": True},
        "event_subscriptions": {"bot_events": list(events)},
        "socket_mode_enabled": url is None,
    }
    command: Json = {"command": "/sync", "description": "Look a mailbox up", "usage_hint": "status EMAIL"}
    escaping: Json = {"command": "/who", "description": "Whose is it", "should_escape": True}
    if url:
        settings["interactivity"] |= {"request_url": f"{url}slack", "message_menu_options_url": f"{url}slack"}
        settings["event_subscriptions"]["request_url"] = f"{url}slack"
        command["url"] = escaping["url"] = f"{url}slack"
    shortcuts = [
        {"name": "Check", "type": "message", "callback_id": "check", "description": "Check"},
        {"name": "Find", "type": "global", "callback_id": "find", "description": "Find"},
    ]
    return {
        "display_information": {"name": "syncbot"},
        "features": {
            "bot_user": {"display_name": "syncbot"},
            "app_home": {"home_tab_enabled": True},
            "slash_commands": [command, escaping],
            "shortcuts": shortcuts,
        },
        "oauth_config": {"scopes": {"bot": list(scopes)}},
        "settings": settings,
    }


class Starter(Protocol):
    """Starts a stand-in for as long as the `with` lasts."""

    def __call__(
        self, described: Json | None = None, *, rates: Rates = UNLIMITED, ack_seconds: float = 3.0
    ) -> AbstractAsyncContextManager[SlackStandIn]: ...


def web_client(slack: SlackStandIn, token: str = BOT_TOKEN) -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=f"{slack.base_url}api/")


@asynccontextmanager
async def connected(slack: SlackStandIn, app: App) -> AsyncIterator[SocketModeClient]:
    """The SDK's own Socket Mode client; an answer of `...` means that the app stays silent."""

    async def listen(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        heard = Heard(request.type, request.payload)
        app.heard.append(heard)
        body = app.answer(heard)
        if body is not ...:
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, body))

    client = SocketModeClient(APP_TOKEN, web_client=web_client(slack), ping_interval=60)
    client.socket_mode_request_listeners.append(listen)
    await client.connect()  # type: ignore[no-untyped-call]
    try:
        yield client
    finally:
        await client.disconnect()  # type: ignore[no-untyped-call]
        await client.close()  # type: ignore[no-untyped-call]


@dataclass
class HttpApp(App):
    url: str = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.text()
        form = {name: str(value) for name, value in (await request.post()).items()}
        payload = form if "command" in form else form.get("payload") or body
        self.heard.append(Heard(request.path, _loaded(payload), dict(request.headers), body))
        answer = self.answer(self.heard[-1])
        if isinstance(answer, int):
            return web.Response(status=answer)
        if isinstance(answer, str):
            return web.Response(text=answer)
        return web.json_response(answer) if answer is not None else web.Response()


def _loaded(payload: str | Json) -> Json:
    return dict(json.loads(payload) if isinstance(payload, str) else payload)
