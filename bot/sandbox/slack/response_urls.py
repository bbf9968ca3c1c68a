"""Answers `/response/…`."""

import asyncio
import json
from collections import deque

from aiohttp import web

from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.posting import Poster
from bot.sandbox.slack.record import RecordedCall
from bot.sandbox.slack.webapi.endpoint import planned

NAME = "response_url"
REFUSED = 404
BAD = 400


class ResponseEndpoint:
    def __init__(self, backend: Backend, poster: Poster, calls: deque[RecordedCall]) -> None:
        self._backend = backend
        self._poster = poster
        self._calls = calls

    async def handle(self, request: web.Request) -> web.Response:
        fault = self._backend.faults.next(NAME)
        if fault.delay:
            await asyncio.sleep(fault.delay)
        body = await self._body(request)
        injected = planned(fault)
        if injected:
            status, answer = injected.status, injected.body
        else:
            status, answer = self._used(request.path.lstrip("/"), body)
        args = body if isinstance(body, dict) else {}
        self._calls.append(RecordedCall(NAME, args, answer, self._backend.clock(), status))
        if fault.lost and request.transport:
            request.transport.abort()
        return self._response(status, answer)

    def _response(self, status: int, answer: Json) -> web.Response:
        """An accepted answer is the bare word `ok`."""
        return web.Response(text="ok") if answer["ok"] else web.json_response(answer, status=status)

    async def _body(self, request: web.Request) -> object:
        try:
            return json.loads(await request.text())
        except ValueError:
            return None

    def _used(self, path: str, body: object) -> tuple[int, Json]:
        url = self._backend.response_urls.find(path)
        if url is None:
            return REFUSED, {"ok": False, "error": "no_such_url"}
        exhausted = self._backend.response_urls.use(url)
        if exhausted:
            return REFUSED, {"ok": False, "error": exhausted}
        try:
            self._poster.respond(url, body)
        except SlackError as error:
            return BAD, {"ok": False, "error": error.error, "messages": error.messages}
        return 200, {"ok": True}
