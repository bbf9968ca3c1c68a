"""A server on loopback in Slack's place: it remembers each call, and answers as planned."""

from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "not-a-real-token"
DROPPED = 0
"""In place of a status: take the call, and drop the connection before the answer."""


@dataclass(frozen=True)
class Planned:
    """One answer. A text instead of a mapping is sent as it is."""

    body: Mapping[str, Any] | str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"

    def response(self) -> web.Response:
        headers = {**self.headers, "Content-Type": self.content_type}
        if isinstance(self.body, str):
            return web.Response(body=self.body.encode(), status=self.status, headers=headers)
        return web.json_response(self.body, status=self.status, headers=dict(self.headers))


OK = Planned({"ok": True, "ts": "17.5", "view": {"id": "V1", "hash": "new"}, "users": [], "user_id": "UBOT"})


@dataclass
class Wire:
    url: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    plan: deque[Planned] = field(default_factory=deque)

    @property
    def methods(self) -> list[str]:
        return [method for method, _ in self.calls]

    def will(self, *answers: Planned) -> None:
        self.plan.extend(answers)

    def refuse(self, error: str) -> None:
        self.will(Planned({"ok": False, "error": error}))

    async def handle(self, request: web.Request) -> web.Response:
        sent = await (request.json() if request.content_type == "application/json" else request.post())
        self.calls.append((request.path.rpartition("/")[2], {**request.query, **sent}))
        answer = self.plan.popleft() if self.plan else OK
        if answer.status == DROPPED and request.transport:
            request.transport.abort()
            return web.Response()
        return answer.response()


@asynccontextmanager
async def listening() -> AsyncIterator[Wire]:
    wire = Wire()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", wire.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    wire.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield wire
    finally:
        await runner.cleanup()
