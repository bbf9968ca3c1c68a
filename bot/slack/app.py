"""The Bolt app: every listener registered, in HTTP mode or Socket Mode."""

import logging
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot.errors import BadSignature
from bot.ports import Clock
from bot.slack.errors import TROUBLE, named
from bot.views.health import ConnectionHealth
from handlers.boundary import Boundary

_log = structlog.get_logger(__name__)

_TIMESTAMP = re.compile(r"[0-9]{1,12}")


def build_app(web: AsyncWebClient, boundary: Boundary) -> AsyncApp:
    """Bolt does not check signatures: `signature_check` did, before Bolt saw the request.

    Bolt would answer 500 to a timestamp that is no number, and log the whole body under a wrong signature.
    """
    logging.getLogger("slack_bolt").setLevel(logging.WARNING)
    app = AsyncApp(
        client=web,
        request_verification_enabled=False,
        logger=logging.getLogger("slack_bolt"),
    )
    handlers.register(app, boundary)
    return app


def signature_check(signing_secret: str) -> Callable[[bytes, Mapping[str, str]], None]:
    """A check of one request's body and headers (lower-case names). It raises BadSignature.

    Rules: docs.slack.dev, "Verifying requests from Slack": version v0, at most five minutes old.
    """
    verifier = SignatureVerifier(signing_secret)

    def check(body: bytes, headers: Mapping[str, str]) -> None:
        timestamp = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        if not _TIMESTAMP.fullmatch(timestamp) or not signature.isascii():
            raise BadSignature("The request carries no usable Slack signature.")
        if not _is_utf8(body):
            raise BadSignature("The body is not UTF-8, so Slack has not sent it.")
        if not verifier.is_valid(body, timestamp, signature):
            raise BadSignature("The Slack signature is wrong or too old. Check SYNCBOT_SLACK_SIGNING_SECRET.")

    return check


def _is_utf8(body: bytes) -> bool:
    """The SDK's verifier decodes the body before it judges it."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


class SocketMode:
    """The connection of Socket Mode. The SDK keeps it, and tries every ten seconds until it stands.

    So the first sweep lasts until then, in a task of its own; meanwhile `is_connected` says no.
    """

    def __init__(self, app: AsyncApp, app_token: str, clock: Clock) -> None:
        self._handler = AsyncSocketModeHandler(app, app_token)
        self._clock = clock
        self._connected_at: datetime | None = None

    async def sweep(self) -> None:
        """Connect, if that has not worked yet."""
        if self._connected_at is None:
            try:
                await self._handler.connect_async()  # type: ignore[no-untyped-call]
            except TROUBLE as error:
                _log.warning("cannot connect to Slack", reason=named(error))
            else:
                self._connected_at = self._clock.now()
                _log.info("connected to Slack", mode="socket")

    async def stop(self) -> None:
        await self._handler.close_async()  # type: ignore[no-untyped-call]

    async def is_connected(self) -> bool:
        return self._connected_at is not None and await self._handler.client.is_connected()

    async def health(self) -> ConnectionHealth:
        """Slack pings each connection every few seconds, by the true time whatever the clock says."""
        heard = self._handler.client.last_ping_pong_time
        heard_at = datetime.fromtimestamp(heard, UTC) if heard else None
        return ConnectionHealth(await self.is_connected(), self._connected_at, heard_at)
