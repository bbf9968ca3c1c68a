"""The stand-in itself: one loopback server with the token endpoint, the API and its uploads."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.sandbox.gmail.adding import Adding
from bot.sandbox.gmail.call import Answer, Call
from bot.sandbox.gmail.endpoint import TOKEN_PATH, Backend, Endpoint, methods, refused
from bot.sandbox.gmail.errors import ApiError
from bot.sandbox.gmail.faults import Fault, Faults
from bot.sandbox.gmail.hooks import Hook, Hooks
from bot.sandbox.gmail.limits import NEW, Limits
from bot.sandbox.gmail.quota import Quota
from bot.sandbox.gmail.record import DROPPED, Entry, Requests
from bot.sandbox.gmail.routes import MODIFY, UPLOADS
from bot.sandbox.gmail.rules import Rules
from bot.sandbox.gmail.tokens import Tokens
from bot.sandbox.gmail.uploads import Uploads
from bot.sandbox.gmail.world import World

_ENVELOPE = 64 * 1024
"""Bytes that a request may have around the largest message."""


def machine_time() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


class GmailStandIn:
    """Everything goes by `now` except the times in a signed assertion: who signs goes by the machine's clock.

    An answer comes `latency_s` seconds after its request.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = machine_time,
        limits: Limits = NEW,
        latency_s: float = 0.0,
        rules: Rules | None = None,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self.rules = rules or Rules()
        self.world = World(self.rules)
        self.faults = Faults()
        self.requests = Requests()
        self.quota = Quota(limits, lambda: now().timestamp())
        self.tokens = Tokens(self.world, lambda: now().timestamp(), wall_clock)
        self._adding = Adding(now)
        self.uploads = Uploads(self._adding, self.rules, now)
        self._backend = self._wired(now, latency_s)
        self._endpoint = Endpoint(self._backend)
        self._runner: web.ServerRunner | None = None
        self.url = ""

    def _wired(self, now: Callable[[], datetime], latency_s: float) -> Backend:
        return Backend(
            world=self.world,
            tokens=self.tokens,
            quota=self.quota,
            uploads=self.uploads,
            faults=self.faults,
            before=Hooks(),
            after=Hooks(),
            methods=methods(self._adding, now),
            latency=latency_s,
        )

    @property
    def token_url(self) -> str:
        return self.url + TOKEN_PATH

    def key(self) -> dict[str, str]:
        """A service-account key whose tokens are got here. To be asked for after `start`."""
        return self.world.account.key(self.token_url)

    def token(self, user: str, *scopes: str) -> str:
        """An access token without the detour by an assertion; by default with gmail.modify."""
        return self.tokens.issue(user, frozenset(scopes) or frozenset({MODIFY}))

    def before(self, hook: Hook) -> Callable[[], None]:
        """Called when a request was read and allowed, before it is handled. Returns what ends it."""
        return self._backend.before.add(hook)

    def after(self, hook: Hook) -> Callable[[], None]:
        """Called when a request was handled, before its answer is sent. Returns what ends it."""
        return self._backend.after.add(hook)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self._runner = web.ServerRunner(web.Server(self._handle, access_log=None), shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.url = self.uploads.url = f"http://{host}:{self._runner.addresses[0][1]}"
        self.tokens.token_url = self.token_url

    async def stop(self) -> None:
        self.faults.clear()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        call = _call(request)
        try:
            call.body = await _body(request, self._most(call))
            answer, fault = await self._endpoint.answer(call)
        except ApiError as error:
            answer, fault = refused(error), None
        broken = call.dropped or (fault is not None and fault.breaks is not None)
        status = DROPPED if broken else answer.status
        self.requests.add(Entry(call.verb, call.path, status), call.name)
        return await _broken(request, answer, fault) if broken else _response(answer)

    def _most(self, call: Call) -> int:
        return (self.rules.max_message if call.path.startswith(UPLOADS) else self.rules.max_json) + _ENVELOPE


def _call(request: web.BaseRequest) -> Call:
    path, _, query = request.raw_path.partition("?")

    def abort() -> None:
        if request.transport is not None:
            request.transport.abort()

    name = "token" if path == TOKEN_PATH else "unknown"
    return Call(request.method, path, name, b"", request.headers, query, abort)


async def _body(request: web.BaseRequest, most: int) -> bytes:
    too_large = ApiError("uploadTooLarge" if request.raw_path.startswith(UPLOADS) else "payloadTooLarge")
    if (request.content_length or 0) > most:
        raise too_large
    if request.content_length is not None:
        return await request.content.read()
    got = bytearray()
    async for piece in request.content.iter_any():
        got += piece
        if len(got) > most:
            raise too_large
    return bytes(got)


def _response(answer: Answer) -> web.Response:
    headers = {**answer.headers}
    if answer.body:
        headers["Content-Type"] = answer.content_type
    return web.Response(body=answer.body, status=answer.status, headers=headers)


async def _broken(request: web.BaseRequest, answer: Answer, fault: Fault | None) -> web.StreamResponse:
    """Closes the connection: without a word, or in the middle of the answer."""
    response = web.StreamResponse(status=answer.status, headers={"Content-Type": answer.content_type})
    if fault is not None and fault.breaks == "within" and request.transport is not None:
        response.content_length = max(len(answer.body), 2)
        await response.prepare(request)
        await response.write(answer.body[: len(answer.body) // 2])
    if request.transport is not None:
        request.transport.abort()
    return response
