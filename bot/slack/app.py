"""The Bolt app: every listener registered, in HTTP mode or Socket Mode."""

import logging
import re
from collections.abc import Callable, Mapping

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot.errors import BadSignature
from handlers.boundary import Boundary

_TIMESTAMP = re.compile(r"^[0-9]{1,12}$", re.ASCII)


def build_app(web: AsyncWebClient, signing_secret: str | None, boundary: Boundary) -> AsyncApp:
    """Bolt does not check signatures: `signature_check` did, before Bolt saw the request.

    Bolt would answer 500 to a timestamp that is no number, and log the whole body under a wrong signature.
    """
    logging.getLogger("slack_bolt").setLevel(logging.WARNING)
    app = AsyncApp(
        client=web,
        signing_secret=signing_secret or "unused in Socket Mode",
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
        if not _TIMESTAMP.match(timestamp) or not signature.isascii():
            raise BadSignature("The request carries no usable Slack signature.")
        if not verifier.is_valid(body, timestamp, signature):
            raise BadSignature("The Slack signature is wrong or too old. Check SYNCBOT_SLACK_SIGNING_SECRET.")

    return check


class SocketMode:
    """The connection of Socket Mode, with its health."""

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        self._handler = AsyncSocketModeHandler(app, app_token)

    async def start(self) -> None:
        await self._handler.connect_async()  # type: ignore[no-untyped-call]

    async def stop(self) -> None:
        await self._handler.close_async()  # type: ignore[no-untyped-call]

    async def is_connected(self) -> bool:
        return await self._handler.client.is_connected()
