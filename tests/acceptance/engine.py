"""The engine that a test plays, and what it may say."""

import asyncio
import base64
import itertools
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web
from standardwebhooks.webhooks import Webhook

from bot.clock import SystemClock
from bot.sandbox.slack.model import Json

PATIENCE_SECONDS = 20
"""How long a test waits for what must happen before it fails; nothing waits that long when all is well."""


def webhook_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


@dataclass
class PlayedEngine:
    """An engine outside: keeps what it is asked for, and reports what the test says."""

    secret: str
    requests: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)
    asked: list[Json] = field(default_factory=list)
    answer: int = 202
    reason: str = "No such item."
    events_url: str = ""
    url: str = ""
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    async def receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        asked = Webhook(self.secret).verify(body, dict(request.headers))
        self.asked.append(asked)
        self.requests.put_nowait(asked)
        if self.answer >= 400:
            return web.json_response({"error": {"message": self.reason}}, status=self.answer)
        return web.Response(status=self.answer)

    async def next_request(self) -> Json:
        async with asyncio.timeout(PATIENCE_SECONDS):
            request: Json = await self.requests.get()
        return request

    async def report(self, *events: tuple[str, Json]) -> list[Json]:
        """Report events of these types and data, and return their results."""
        batch = [self.event(kind, data) for kind, data in events]
        status, answer = await self.post(batch)
        assert status == 202, answer
        results: list[Json] = answer["results"]
        assert all(result["result"] in ("applied", "parked") for result in results), results
        return results

    def event(self, kind: str, data: Json, at: datetime | None = None) -> Json:
        number = next(self._numbers)
        return {
            "specversion": "1.0",
            "id": f"{kind}-{number}",
            "source": "https://engine.example/played",
            "type": kind,
            "time": (at or now()).isoformat(),
            "datacontenttype": "application/json",
            "data": data,
        }

    async def post(self, batch: list[Json]) -> tuple[int, Any]:
        body = json.dumps(batch)
        headers = {"content-type": "application/cloudevents-batch+json", **signed(self.secret, body)}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.events_url, data=body, headers=headers) as answer,
        ):
            return answer.status, await answer.json()


def now() -> datetime:
    return SystemClock().now()


def signed(secret: str, body: str) -> dict[str, str]:
    message_id, at = f"msg-{secrets.token_hex(8)}", now()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, at.astimezone(UTC), body),
    }


POLICY: tuple[str, Json] = (
    "policy.upserted",
    {
        "policy": "pol-staff",
        "name": "Staff",
        "description": "Everybody",
        "active": True,
        "services": ["email"],
        "frequency": {"every": 1, "unit": "hour"},
        "deletion_delay_days": 30,
    },
)


def mailbox(key: str = "mbx-1", source: str = "lena@northwind.example") -> tuple[str, Json]:
    local = source.partition("@")[0].lower()
    return (
        "mailbox.upserted",
        {
            "mailbox": key,
            "source": source,
            "destination": f"{local}@tailspin.example",
            "policy": "pol-staff",
            "next_sync_at": (now() + timedelta(hours=1)).isoformat(),
        },
    )


def completed(run: str, key: str = "mbx-1", *, changes: int = 12, failed: int = 0) -> tuple[str, Json]:
    counts = {"service": "email", "changes": changes, "bytes": 48_000, "failed": failed}
    return ("sync.completed", {"mailbox": key, "run": run, "kind": "delta", "services": [counts]})


def failed_item(item: str = "item-1", key: str = "mbx-1", **more: Any) -> tuple[str, Json]:
    data = {
        "mailbox": key,
        "service": "email",
        "item": item,
        "code": "dest_rejected",
        "message": "400 invalidArgument: blocked attachment",
        "folder": "Inbox/Suppliers",
        "subject": f"Secret subject of {item}",
        "sender": "sender@elsewhere.example",
        "size": 2_204_118,
    }
    return ("item.failed", data | more)


def synced_item(item: str = "item-1", key: str = "mbx-1", **more: Any) -> tuple[str, Json]:
    return ("item.synced", {"mailbox": key, "service": "email", "item": item} | more)
