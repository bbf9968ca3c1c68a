"""Socket Mode: connections that the app opens, and envelopes that each go to one of them.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import contextlib
import json
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import WSMessage, WSMsgType, web

from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.mint import Mint
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.transport.parcel import Parcel, Reply

CONNECTIONS = 10
TICKET_SECONDS = 30.0
CONNECTION_SECONDS = 3_600
HEARTBEAT_SECONDS = 30.0
CLOSE_SECONDS = 0.5

Reason = Literal["warning", "refresh_requested", "link_disabled"]


@dataclass
class Connection:
    """`leaving` is one that was told to go: it gets nothing more."""

    socket: web.WebSocketResponse
    leaving: bool = False
    waiting: dict[str, asyncio.Future[Json | None]] = field(default_factory=dict)


class SocketTransport:
    def __init__(self, mint: Mint, clock: Callable[[], float], app_id: str, faults: Faults) -> None:
        self._faults = faults
        self._mint = mint
        self._clock = clock
        self._app_id = app_id
        self._tickets: dict[str, float] = {}
        self._connections: list[Connection] = []
        self._arrived = asyncio.Event()
        self.base_url = ""

    @property
    def connected(self) -> int:
        """How many connections take envelopes now."""
        return len(self._open())

    async def wait_connected(self) -> None:
        """Until a connection takes envelopes."""
        while not self.connected:
            self._arrived.clear()
            await self._arrived.wait()

    def issue(self) -> str:
        ticket = f"{self._mint.number():032x}"
        self._tickets[ticket] = self._clock()
        return f"{self.base_url.replace('http', 'ws', 1)}socket/?ticket={ticket}&app_id={self._app_id}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if not self._redeem(request.query.get("ticket", "")):
            return web.json_response({"ok": False, "error": "invalid_ticket"}, status=401)
        if len(self._connections) >= CONNECTIONS:
            return web.json_response({"ok": False, "error": "too_many_websockets"}, status=429)
        socket = web.WebSocketResponse(timeout=CLOSE_SECONDS, heartbeat=HEARTBEAT_SECONDS, autoping=False)
        await socket.prepare(request)
        connection = Connection(socket)
        self._connections.append(connection)
        try:
            await socket.send_json(self._hello())
            self._arrived.set()
            await self._listen(connection)
        finally:
            self._drop(connection)
        return socket

    async def send(self, parcel: Parcel, ack_seconds: float) -> Reply:
        candidates = self._open()
        if not candidates:
            return Reply("app_not_responding")
        connection = random.choice(candidates)
        envelope = self._envelope(parcel)
        acknowledged: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope["envelope_id"]] = acknowledged
        try:
            async with asyncio.timeout(ack_seconds):
                if not self._faults.stale:
                    await connection.socket.send_json(envelope)
                body = await acknowledged
        except TimeoutError:
            return Reply("operation_timeout")
        except ConnectionError:
            return Reply("app_not_responding")
        finally:
            connection.waiting.pop(envelope["envelope_id"], None)
        return Reply("app_not_responding") if body is None else Reply(body=body)

    async def refresh_connections(self, reason: Reason = "refresh_requested") -> None:
        """Tells every connection to reconnect; after `warning` it still gets envelopes for a while."""
        message = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
        for connection in list(self._connections):
            connection.leaving = reason != "warning"
            with contextlib.suppress(ConnectionError):
                await connection.socket.send_json(message)

    async def drop_connections(self) -> None:
        """Closes every connection without a word, as a network does."""
        for connection in list(self._connections):
            await connection.socket.close()

    async def stop(self) -> None:
        await self.drop_connections()

    def _open(self) -> list[Connection]:
        return [one for one in self._connections if not one.leaving and not one.socket.closed]

    def _redeem(self, ticket: str) -> bool:
        issued_at = self._tickets.pop(ticket, None)
        return issued_at is not None and self._clock() - issued_at <= TICKET_SECONDS

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "connection_info": {"app_id": self._app_id},
            "debug_info": {
                "host": "sandbox",
                "build_number": 1,
                "approximate_connection_time": CONNECTION_SECONDS,
            },
        }

    def _envelope(self, parcel: Parcel) -> Json:
        """Commands, view submissions and options take a payload in the acknowledgement; events do not."""
        kind = "interactive" if parcel.kind == "options" else parcel.kind
        envelope: Json = {
            "envelope_id": str(uuid.uuid4()),
            "payload": parcel.payload,
            "type": kind,
            "accepts_response_payload": self._takes_payload(parcel),
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": parcel.retry, "retry_reason": parcel.retry_reason}
        return envelope

    def _takes_payload(self, parcel: Parcel) -> bool:
        answering = {"view_submission", "block_suggestion"}
        return parcel.kind == "slash_commands" or parcel.payload.get("type") in answering

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if not self._faults.stale:
                await self._heard(connection, message)

    async def _heard(self, connection: Connection, message: WSMessage) -> None:
        if message.type == WSMsgType.PING:
            await connection.socket.pong(message.data)
        elif message.type == WSMsgType.TEXT:
            self._acknowledged(connection, message.data)

    def _acknowledged(self, connection: Connection, data: str) -> None:
        """An unknown envelope, or one that was acknowledged already, is not answered."""
        try:
            answer = json.loads(data)
        except ValueError:
            return
        waiting = connection.waiting.get(answer.get("envelope_id", ""))
        if waiting and not waiting.done():
            payload = answer.get("payload") or {}
            waiting.set_result(payload if isinstance(payload, dict) else {"text": str(payload)})

    def _drop(self, connection: Connection) -> None:
        self._connections.remove(connection)
        for waiting in connection.waiting.values():
            if not waiting.done():
                waiting.set_result(None)
