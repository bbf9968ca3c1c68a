"""Slack as `doctor` meets it: what each method answers, which scopes are granted, and what was asked."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.slack.validate import check_blocks, check_view
from bot.slack.manifest import OPTIONAL_SCOPES, REQUIRED_SCOPES

Answer = dict[str, Any]


def refusal(error: str, **more: Any) -> Answer:
    return {"ok": False, "error": error, **more}


@dataclass
class SlackWire:
    """`answers` by method, in place of the usual ones. The usual ones know `blocks.validate`."""

    url: str = ""
    scopes: tuple[str, ...] = (*REQUIRED_SCOPES, *OPTIONAL_SCOPES)
    answers: dict[str, Answer] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def methods(self) -> set[str]:
        return {method for method, _ in self.calls}

    async def handle(self, request: web.Request) -> web.Response:
        method = request.path.rpartition("/")[2]
        sent = dict(await request.post()) | dict(request.query)
        if request.method != "HEAD":
            self.calls.append((method, sent))
        answer = self.answers.get(method) or _usual(method, sent)
        return web.json_response(answer, headers={"x-oauth-scopes": ",".join(self.scopes)})


def _usual(method: str, sent: dict[str, Any]) -> Answer:
    usual: dict[str, Answer] = {
        "auth.test": {"ok": True, "user": "syncbot", "team": "Contoso", "bot_id": "B0SYNCBOT"},
        "conversations.info": {"ok": True, "channel": {"id": "C0ALERTS", "is_member": True}},
        "apps.connections.open": {"ok": True, "url": "wss://socket.example/?ticket=a-ticket-of-slack"},
        "blocks.validate": _validated(sent),
    }
    return usual.get(method) or refusal("unknown_method")


def _validated(sent: dict[str, Any]) -> Answer:
    """https://docs.slack.dev/reference/methods/blocks.validate : the payload is JSON in a form."""
    if "view" in sent:
        faults = check_view(json.loads(sent["view"]))
    else:
        faults = check_blocks(json.loads(sent.get("message", "{}")).get("blocks", []), "message")
    errors = [
        {"pointer": fault.path, "code": "failed_constraint", "message": fault.reason} for fault in faults
    ]
    return refusal("invalid_blocks", errors=errors) if errors else {"ok": True}
