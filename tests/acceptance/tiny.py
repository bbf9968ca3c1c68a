"""A tiny app behind the stand-in: acknowledges, opens and turns modals, or answers too late."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.page import Panel, setup
from bot.sandbox.slack.roster import small_company
from bot.sandbox.slack.server import SlackStandIn

Json = dict[str, Any]
BOT_TOKEN = "xoxb-page"


def text(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def button(words: str, action_id: str, **fields: Json) -> Json:
    return {"type": "button", "text": text(words), "action_id": action_id, "value": action_id, **fields}


def actions(block_id: str, *elements: Json) -> Json:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def option(words: str) -> Json:
    return {"text": text(words), "value": words.lower()}


CONFIRM = {
    "title": text("Retry 3 items?"),
    "text": text("Now."),
    "confirm": text("Do it"),
    "deny": text("Leave it"),
}
CARD = [
    actions(
        "act",
        button("Work", "work"),
        button("Retry", "retry", confirm=CONFIRM),
        button("Open errors", "open"),
        {"type": "overflow", "action_id": "menu", "options": [option("Mute"), option("Docs")]},
    ),
    {
        "type": "container",
        "block_id": "fold",
        "title": text("History entry"),
        "is_collapsible": True,
        "default_collapsed": True,
        "child_blocks": [{"type": "section", "block_id": "inside", "text": text("Twelve changes")}],
    },
]


def errors_view(page: int) -> Json:
    reason = {"type": "plain_text_input", "action_id": "reason"}
    return {
        "type": "modal",
        "callback_id": "errors",
        "title": text(f"Errors, page {page}"),
        "submit": text("Dismiss"),
        "notify_on_close": True,
        "blocks": [
            {"type": "section", "block_id": f"row{page}", "text": text(f"Item {page}")},
            {"type": "input", "block_id": "why", "label": text("Reason"), "element": reason},
            {
                "type": "input",
                "block_id": "box",
                "label": text("Mailbox"),
                "optional": True,
                "element": {"type": "external_select", "action_id": "box", "min_query_length": 2},
            },
            actions("paging", button("Next page", "next"), button("Details", "details")),
        ],
    }


DETAILS = {
    "type": "modal",
    "title": text("Details"),
    "blocks": [{"type": "section", "text": text("All of it")}],
}


@dataclass
class TinyApp:
    """Waits for `go` before it answers the button Work, and for ever on `/sync slow`."""

    _standin: SlackStandIn | None = None
    heard: list[Json] = field(default_factory=list)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    never: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def standin(self) -> SlackStandIn:
        assert self._standin
        return self._standin

    @property
    def client(self) -> AsyncWebClient:
        return AsyncWebClient(BOT_TOKEN, base_url=f"{self.standin.base_url}api/")

    async def command(self, request: web.Request) -> web.Response:
        sent = dict(await request.post())
        self.heard.append({"type": "command", **sent})
        if "slow" in str(sent["text"]):
            await self.never.wait()
        return web.json_response({"response_type": "ephemeral", "text": "Your card", "blocks": CARD})

    async def interact(self, request: web.Request) -> web.Response:
        sent: Json = json.loads(str((await request.post())["payload"]))
        self.heard.append(sent)
        if sent["type"] == "block_suggestion":
            return web.json_response({"options": [option(f"{sent['value']}@contoso.example")]})
        if sent["type"] == "view_submission":
            return self.submitted(sent)
        await self.act(sent)
        return web.Response()

    def submitted(self, sent: Json) -> web.Response:
        reason = sent["view"]["state"]["values"]["why"]["reason"]["value"]
        if len(reason) > 5:
            return web.Response()
        return web.json_response({"response_action": "errors", "errors": {"why": "Say a little more."}})

    async def act(self, sent: Json) -> None:
        name = sent["actions"][0]["action_id"] if sent["type"] == "block_actions" else sent["type"]
        if name in {"open", "message_action", "shortcut"}:
            await self.client.views_open(trigger_id=sent["trigger_id"], view=errors_view(1))
        elif name == "next":
            await self.client.views_update(view_id=sent["view"]["id"], view=errors_view(2))
        elif name == "details":
            await self.client.views_push(trigger_id=sent["trigger_id"], view=DETAILS)
        elif name == "work":
            await self.go.wait()
            where = {"channel": sent["container"]["channel_id"], "ts": sent["container"]["message_ts"]}
            await self.client.chat_update(**where, text="Done", blocks=[])

    def names(self) -> list[str]:
        return [one["actions"][0]["action_id"] for one in self.heard if one["type"] == "block_actions"]


def manifest(url: str) -> Json:
    shortcuts = [
        {
            "name": "Check sync status",
            "type": "message",
            "callback_id": "check",
            "description": "Looks it up",
        },
        {"name": "Look up a mailbox", "type": "global", "callback_id": "lookup", "description": "By address"},
    ]
    command = {
        "command": "/sync",
        "description": "Look up and retry",
        "usage_hint": "status [email]",
        "url": url,
    }
    return {
        "display_information": {"name": "syncbot"},
        "features": {
            "app_home": {"home_tab_enabled": True},
            "bot_user": {"display_name": "syncbot"},
            "slash_commands": [{**command, "url": f"{url}command"}],
            "shortcuts": shortcuts,
        },
        "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
        "settings": {
            "interactivity": {
                "is_enabled": True,
                "request_url": f"{url}interact",
                "message_menu_options_url": f"{url}interact",
            }
        },
    }


@asynccontextmanager
async def running(ack_seconds: float) -> AsyncIterator[TinyApp]:
    """The app, and the stand-in with its page before it."""
    app, server = TinyApp(), web.Application()
    server.add_routes([web.post("/command", app.command), web.post("/interact", app.interact)])
    runner = web.AppRunner(server, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    app._standin = _before(f"http://127.0.0.1:{runner.addresses[0][1]}/", ack_seconds)
    await app.standin.start()
    try:
        yield app
    finally:
        await app.standin.stop()
        await runner.cleanup()


def _before(url: str, ack_seconds: float) -> SlackStandIn:
    standin = SlackStandIn(
        manifest(url),
        bot_token=BOT_TOKEN,
        app_token="xapp-page",
        signing_secret="secret",
        company=small_company(),
        ack_seconds=ack_seconds,
    )
    setup(standin, [Panel("Mailboxes", url="about:blank")])
    return standin
