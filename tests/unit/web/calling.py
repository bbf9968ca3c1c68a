"""A client that speaks ASGI, and an application with recording kept in memory."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.types import Message

from bot.domain.events import Envelope
from bot.ports import Recorded
from bot.web.app import EventsPart, SlackHandler, build
from bot.web.health import Check
from bot.wire.parsing import SINGLE
from bot.wire.signing import Signer, Verifier
from tests.unit.wire.samples import NOW, new_secret

SECRET = new_secret()
SIGNER = Signer(SECRET, setting="S")
Headers = dict[str, str]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Headers
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Recording:
    """Takes events; one it has seen is a duplicate. `failure` is raised instead, where it is set."""

    taken: list[Envelope] = field(default_factory=list)
    failure: Exception | None = None

    async def record(self, envelopes: Sequence[Envelope]) -> list[Recorded]:
        if self.failure:
            raise self.failure
        return [self._one(each) for each in envelopes]

    def _one(self, envelope: Envelope) -> Recorded:
        known = any((each.source, each.id) == (envelope.source, envelope.id) for each in self.taken)
        self.taken.append(envelope)
        return Recorded.DUPLICATE if known else Recorded.APPLIED


async def well() -> list[Check]:
    return [Check("database", ok=True), Check("slack", ok=True, detail="connected")]


def application(
    recording: Recording | None = None,
    *,
    checks: Callable[[], Awaitable[Sequence[Check]]] = well,
    slack: SlackHandler | None = None,
) -> FastAPI:
    part = EventsPart((recording or Recording()).record, Verifier([SECRET], setting="S"), lambda: NOW)
    return build(checks=checks, registry=CollectorRegistry(), events_part=part, slack=slack)


async def call(
    app: FastAPI, method: str, path: str, headers: Headers | None = None, chunks: Sequence[bytes] = (b"",)
) -> Answer:
    sent: list[Message] = []
    body = _body(chunks)

    async def receive() -> Message:
        return await anext(body)

    async def send(message: Message) -> None:
        sent.append(message)

    await app(_scope(method, path, headers or {}), receive, send)
    found = {name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], found, b"".join(each.get("body", b"") for each in sent[1:]))


async def _body(chunks: Sequence[bytes]) -> AsyncIterator[Message]:
    for number, chunk in enumerate(chunks, start=1):
        yield {"type": "http.request", "body": chunk, "more_body": number < len(chunks)}
    while True:
        yield {"type": "http.disconnect"}


def _scope(method: str, path: str, headers: Headers) -> dict[str, Any]:
    raw = [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in headers.items()
    ]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": raw,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


def signed(body: bytes, content_type: str = SINGLE) -> Headers:
    return {**SIGNER.headers("msg-1", body), "content-type": content_type}


async def report(app: FastAPI, document: object, content_type: str = SINGLE, **headers: str) -> Answer:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return await call(app, "POST", "/v1/events", {**signed(body, content_type), **headers}, [body])
