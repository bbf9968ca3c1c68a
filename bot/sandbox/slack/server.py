"""The stand-in itself: one loopback server with the Web API, response URLs and Socket Mode."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable

from aiohttp import web

from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.courier import Courier
from bot.sandbox.slack.events import Events
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.gestures import Gestures
from bot.sandbox.slack.model import Delivery, Json
from bot.sandbox.slack.payloads import Payloads
from bot.sandbox.slack.posting import Poster
from bot.sandbox.slack.rates import Limiter, Rates
from bot.sandbox.slack.record import RecordedCall
from bot.sandbox.slack.response_urls import ResponseEndpoint
from bot.sandbox.slack.roster import Roster
from bot.sandbox.slack.transport.http import HttpTransport
from bot.sandbox.slack.transport.parcel import Transport
from bot.sandbox.slack.transport.socket import Reason, SocketTransport
from bot.sandbox.slack.triggers import Triggers
from bot.sandbox.slack.uploads import UploadEndpoint
from bot.sandbox.slack.webapi.endpoint import WebApi
from bot.sandbox.slack.webapi.table import TIERS
from bot.sandbox.slack.webhooks import ResponseUrls
from bot.sandbox.slack.world import World

ACK_SECONDS = 3.0
REMEMBERED_CALLS = 10_000
RESEND_POLL_SECONDS = 0.5
MAX_BODY = 2 * 1024 * 1024


class SlackStandIn:
    """Add routes to `app` before `start`. Everything goes by `clock` except `ack_seconds` and the time in a
    signature, which are real.

    HTTP or Socket Mode is chosen by the manifest, as in Slack.
    """

    def __init__(  # noqa: PLR0913 - one parameter a thing that Slack knows of an app
        self,
        manifest: Json,
        *,
        bot_token: str,
        app_token: str,
        signing_secret: str,
        company: Roster,
        clock: Callable[[], float] = time.time,
        ack_seconds: float = ACK_SECONDS,
        rates: Rates | None = None,
        refused_scopes: frozenset[str] = frozenset(),
    ) -> None:
        self.world = World(manifest, company, clock, refused_scopes)
        self.faults = Faults()
        self.calls: deque[RecordedCall] = deque(maxlen=REMEMBERED_CALLS)
        self.sockets = SocketTransport(self.world.mint, clock, self.world.app_id, self.faults)
        self._backend = self._wired(bot_token, app_token, rates or Rates())
        http = HttpTransport(signing_secret, time.time)
        self._transport: Transport = self.sockets if self.world.app.socket_mode else http
        courier = Courier(self.world, self._transport, time.perf_counter, ack_seconds)
        poster = Poster(self.world, self._backend.text_limit)
        self.events = Events(self.world, Payloads(self.world), courier)
        self.gestures = Gestures(self._backend, courier, self.events, poster)
        self.app = self._routed(poster)
        self._runner: web.AppRunner | None = None
        self._resending: asyncio.Task[None] | None = None

    @property
    def base_url(self) -> str:
        """`http://127.0.0.1:PORT/`; the Web API is at `api/` below. Empty before `start`."""
        return self._backend.base_url

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> None:
        self._runner = web.AppRunner(self.app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        taken = self._runner.addresses[0][1]
        self._backend.response_urls.base_url = self.sockets.base_url = f"http://{host}:{taken}/"
        self._resending = asyncio.create_task(self._resend())

    async def stop(self) -> None:
        if self._resending:
            self._resending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._resending
        await self.sockets.stop()
        await self._transport.stop()
        if self._runner:
            await self._runner.cleanup()

    async def refresh_connections(self, reason: Reason = "refresh_requested") -> None:
        await self.sockets.refresh_connections(reason)

    async def verify_events_url(self, word: str = "sandbox-challenge") -> Delivery:
        return await self.events.verify_url(word)

    def _wired(self, bot_token: str, app_token: str, rates: Rates) -> Backend:
        world, clock = self.world, self.world.clock
        return Backend(
            world=world,
            triggers=Triggers(world.mint, clock),
            response_urls=ResponseUrls(world.mint, clock, world.team_id),
            faults=self.faults,
            limiter=Limiter(rates, clock, TIERS),
            sockets=self.sockets,
            clock=clock,
            bot_token=bot_token,
            app_token=app_token,
        )

    def _routed(self, poster: Poster) -> web.Application:
        app = web.Application(client_max_size=MAX_BODY)
        api = WebApi(self._backend, self.calls)
        responses = ResponseEndpoint(self._backend, poster, self.calls)
        app.router.add_route("*", "/api/{method}", api.handle)
        uploads = UploadEndpoint(self._backend, self.calls)
        app.router.add_post("/upload/v1/{ticket}", uploads.handle)
        app.router.add_post("/response/{path:.*}", responses.handle)
        app.router.add_get("/socket/", self.sockets.handle)
        return app

    async def _resend(self) -> None:
        """Events are sent again when the clock says so; that is looked at twice a second."""
        while True:
            await asyncio.sleep(RESEND_POLL_SECONDS)
            await self.events.resend_due()
