"""The stand-in itself: one loopback server with Graph and the sign-in."""

import inspect
from collections.abc import Awaitable, Callable
from datetime import datetime
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.sandbox.graph.api import Api
from bot.sandbox.graph.delta import Rounds
from bot.sandbox.graph.desk import Desk
from bot.sandbox.graph.faults import Faults
from bot.sandbox.graph.knobs import Knobs, Limits
from bot.sandbox.graph.reception import Reception
from bot.sandbox.graph.record import Call, Requests
from bot.sandbox.graph.signin import SignIn
from bot.sandbox.graph.throttle import Throttle
from bot.sandbox.graph.world import World

Hook = Callable[[Call], Awaitable[None] | None]


class GraphStandIn:
    """`url` is the root of Graph, `login_url` that of the sign-in; both are empty before `start`.

    Everything goes by `now`, except `latency_s`, which is real and added to each answer.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        limits: Limits | None = None,
        latency_s: float = 0.0,
        knobs: Knobs | None = None,
    ) -> None:
        self.knobs = knobs or Knobs()
        self.world = World(now, self.knobs)
        self.faults = Faults()
        self.requests = Requests()
        self.throttle = Throttle(limits or Limits())
        self.url = ""
        self.login_url = ""
        self._sign_in = SignIn(self.world)
        self._rounds = Rounds(self.world.mint, self.knobs)
        self._befores: list[Hook] = []
        self._afters: list[Hook] = []
        desk = Desk(self.world, Api(self.world, self._rounds), self._sign_in, self.throttle, self.faults)
        self._reception = Reception(desk, self.requests, latency_s, self._run_before, self._run_after)
        self._runner: web.ServerRunner | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        server = web.Server(self._reception.handle, access_log=None, handler_cancellation=True)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.login_url = f"http://{host}:{self._runner.addresses[0][1]}"
        self.url = f"{self.login_url}/v1.0"
        self._reception.origin = self.login_url

    async def stop(self) -> None:
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

    def before(self, hook: Hook) -> None:
        """Called before each request is handled (a batch is one); `Call.drop` there means it never is."""
        self._befores.append(hook)

    def after(self, hook: Hook) -> None:
        """Called when a request is handled and its answer not yet sent."""
        self._afters.append(hook)

    def expire_delta_tokens(self) -> None:
        """Each use of one is answered 410 from now on."""
        self._rounds.tokens.expire()

    def expire_access_tokens(self) -> None:
        self._sign_in.expire_tokens()

    async def _run_before(self, call: Call) -> None:
        await _run(self._befores, call)

    async def _run_after(self, call: Call) -> None:
        await _run(self._afters, call)


async def _run(hooks: list[Hook], call: Call) -> None:
    for hook in hooks:
        result = hook(call)
        if inspect.isawaitable(result):
            await result
