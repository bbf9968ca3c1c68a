"""Slack over HTTP: the signature checked first, then handed to Bolt."""

from collections.abc import Awaitable, Callable, Mapping

from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from starlette.responses import Response

from bot.slack.app import signature_check


def endpoint(app: AsyncApp, signing_secret: str) -> Callable[[bytes, Mapping[str, str]], Awaitable[Response]]:
    """The handler of `/slack/events`. It raises BadSignature for what is not Slack's."""
    check = signature_check(signing_secret)

    async def handle(body: bytes, headers: Mapping[str, str]) -> Response:
        check(body, headers)
        request = AsyncBoltRequest(body=body.decode(), headers=dict(headers))
        return to_starlette_response(await app.async_dispatch(request))

    return handle
