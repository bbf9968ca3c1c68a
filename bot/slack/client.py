"""The Web API as the rest of syncbot knows it: our cards in, our errors out."""

import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from blocks import plain
from blocks.surface import Home, Message, Modal
from bot.errors import DeliveryFailed, MessageGone, ViewMoved
from bot.ports import SLOWEST_CALL
from bot.slack.errors import TROUBLE
from bot.slack.refused import BAD_BLOCKS, BAD_VIEW, or_simpler
from handlers.payloads import OpenView

Call = Callable[[], Awaitable[AsyncSlackResponse]]
Json = dict[str, Any]

TIMEOUT_SECONDS: Final = int(SLOWEST_CALL.total_seconds()) // 2
"""A message that is refused is sent a second time, as plain text."""

PAGE, PAGES = 100, 5
"""How many messages one call reads of a channel, and how many calls are made at most."""

RETRY_AFTER_DEFAULT: Final = 30.0
"""Seconds to wait when Slack fails without saying for how long."""

_GONE: Final = {
    "message_not_found",
    "not_found",
    "view_not_found",
    "cant_update_message",
    "used_url",
    "expired_url",
}
_UNSURE: Final = {"internal_error", "fatal_error"}
"""Slack: "It's possible some aspect of the operation succeeded before the error was raised."
https://docs.slack.dev/reference/methods/chat.postMessage#errors
"""
_PASSING: Final = {*_UNSURE, "service_unavailable", "request_timeout", "ratelimited"}


def web_client(api_url: str, token: str) -> AsyncWebClient:
    """Without the SDK's own retries: a post that is sent twice is a message too many.

    The SDK's default handler repeats every call, `chat.postMessage` too, after a lost connection.
    """
    return AsyncWebClient(token=token, base_url=api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])


@dataclass(frozen=True, slots=True)
class SlackClient:
    """Fills handlers' Desk, and serves the Messenger. Every method raises DeliveryFailed or a kind of it."""

    web: AsyncWebClient
    http: aiohttp.ClientSession

    async def post(
        self,
        channel: str,
        message: Message,
        metadata: dict[str, Any] | None = None,
        thread_ts: str | None = None,
    ) -> str:
        """Post to a channel, or in a thread of it; returns the message's ts."""
        return str((await self._posted(channel, message, metadata, thread_ts))["ts"])

    async def post_directly(self, user: str, message: Message) -> str:
        """To a user; returns the id of the conversation, which Slack opens for it.

        https://docs.slack.dev/reference/methods/chat.postMessage#channels
        """
        return str((await self._posted(user, message))["channel"])

    async def _posted(
        self,
        channel: str,
        message: Message,
        metadata: dict[str, Any] | None = None,
        thread_ts: str | None = None,
    ) -> AsyncSlackResponse:
        async def send(shown: Message) -> AsyncSlackResponse:
            return await _narrowed(
                lambda: self.web.chat_postMessage(
                    channel=channel,
                    text=shown.text,
                    blocks=shown.blocks,
                    metadata=metadata,
                    thread_ts=thread_ts,
                    unfurl_links=False,
                    unfurl_media=False,
                )
            )

        return await or_simpler(send, message, lambda: plain.message(message))

    async def edit(self, channel: str, ts: str, message: Message) -> None:
        async def send(shown: Message) -> AsyncSlackResponse:
            return await _narrowed(
                lambda: self.web.chat_update(channel=channel, ts=ts, text=shown.text, blocks=shown.blocks)
            )

        await or_simpler(send, message, lambda: plain.message(message))

    async def messages(self, channel: str, oldest: datetime) -> AsyncIterator[dict[str, Any]]:
        """What stands in a channel since `oldest`, with its metadata, the newest first.

        https://docs.slack.dev/reference/methods/conversations.history
        """
        cursor: str | None = None
        for _ in range(PAGES):
            answer = await _narrowed(partial(self._page, channel, oldest, cursor))
            for message in answer["messages"]:
                yield message
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    async def permalink(self, channel: str, ts: str) -> str:
        answer = await _narrowed(lambda: self.web.chat_getPermalink(channel=channel, message_ts=ts))
        return str(answer["permalink"])

    async def _page(self, channel: str, oldest: datetime, cursor: str | None) -> AsyncSlackResponse:
        return await self.web.conversations_history(
            channel=channel,
            oldest=f"{oldest.timestamp():.6f}",
            cursor=cursor,
            include_all_metadata=True,
            inclusive=True,
            limit=PAGE,
        )

    async def respond(
        self, url: str, message: Message, *, replace: bool = False, in_channel: bool = False
    ) -> None:
        flags = {
            "replace_original": replace,
            "response_type": "in_channel" if in_channel else "ephemeral",
        }

        async def send(shown: Message) -> None:
            await _post_response(self.http, url, {"text": shown.text, "blocks": shown.blocks, **flags})

        await or_simpler(send, message, lambda: plain.message(message))

    async def upload(self, filename: str, content: bytes) -> str:
        """Hand a file over that nobody sees yet; returns its id.

        https://docs.slack.dev/reference/methods/files.getUploadURLExternal
        """
        told = await _narrowed(
            lambda: self.web.files_getUploadURLExternal(filename=filename, length=len(content))
        )
        await _send_bytes(self.http, str(told["upload_url"]), content)
        return str(told["file_id"])

    async def share(self, file: str, title: str, channel: str) -> None:
        """https://docs.slack.dev/reference/methods/files.completeUploadExternal"""
        await _narrowed(
            lambda: self.web.files_completeUploadExternal(
                files=[{"id": file, "title": title}], channel_id=channel
            )
        )

    async def open_view(self, trigger_id: str, modal: Modal) -> OpenView:
        return await _show(lambda view: self.web.views_open(trigger_id=trigger_id, view=view), modal)

    async def push_view(self, trigger_id: str, modal: Modal) -> OpenView:
        return await _show(lambda view: self.web.views_push(trigger_id=trigger_id, view=view), modal)

    async def update_view(self, view: OpenView, modal: Modal) -> OpenView:
        return await _show(
            lambda drawn: self.web.views_update(view_id=view.id, hash=view.hash, view=drawn), modal
        )

    async def publish_home(
        self, user: str, home: Home, view_hash: str | None, *safer: Callable[[], Home]
    ) -> str | None:
        """Returns the new hash. `safer` are tried before words alone.

        https://docs.slack.dev/reference/methods/views.publish
        """

        async def send(shown: Home) -> OpenView:
            return _view(
                await _narrowed(lambda: self.web.views_publish(user_id=user, view=shown.view, hash=view_hash))
            )

        forms = (*safer, lambda: plain.home(home))
        return (await or_simpler(send, home, *forms, refusals=BAD_VIEW)).hash


async def _show(call: Callable[[Json], Awaitable[AsyncSlackResponse]], modal: Modal) -> OpenView:
    async def send(shown: Modal) -> OpenView:
        return _view(await _narrowed(lambda: call(shown.view)))

    return await or_simpler(send, modal, lambda: plain.modal(modal), refusals=BAD_VIEW)


async def _narrowed(call: Call) -> AsyncSlackResponse:
    """Make a call, and turn whatever goes wrong into our own error."""
    try:
        return await call()
    except SlackApiError as error:
        raise _meaning(error.response) from error
    except TROUBLE as error:
        raise DeliveryFailed(
            type(error).__name__, retry_after=RETRY_AFTER_DEFAULT, may_have_arrived=True
        ) from error


def _meaning(answer: Any) -> DeliveryFailed:  # noqa: ANN401 - the SDK's response, or aiohttp's where it had no JSON
    status = int(getattr(answer, "status_code", 0) or getattr(answer, "status", 0))
    reason = str(_member(answer, "error") or f"http_{status}")
    if status == 429:  # noqa: PLR2004 - HTTP's own number
        return DeliveryFailed("ratelimited", retry_after=_seconds(answer.headers.get("Retry-After")))
    is_unsure = status >= 500 or reason in _UNSURE or reason == "http_200"  # noqa: PLR2004
    if is_unsure or reason in _PASSING:
        return DeliveryFailed(reason, retry_after=RETRY_AFTER_DEFAULT, may_have_arrived=is_unsure)
    if reason == "hash_conflict":
        return ViewMoved()
    return MessageGone(reason) if reason in _GONE else DeliveryFailed(reason, retry_after=None)


def _member(answer: Any, name: str) -> object:  # noqa: ANN401 - as in `_meaning`
    data = getattr(answer, "data", None)
    return data.get(name) if isinstance(data, dict) else None


def _seconds(header: str | None) -> float:
    """Retry-After in seconds; Slack sends whole numbers."""
    return float(header) if header and header.isascii() and header.isdigit() else RETRY_AFTER_DEFAULT


async def _post_response(http: aiohttp.ClientSession, url: str, body: dict[str, Any]) -> None:
    """POST to a response_url: 200 with `ok`, or an error as text or JSON."""
    try:
        async with http.post(url, json=body, timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)) as answer:
            text = await answer.text()
            if answer.status != 200:  # noqa: PLR2004 - HTTP's own number
                raise _response_meaning(answer.status, text, answer.headers.get("Retry-After"))
    except (TimeoutError, aiohttp.ClientError, OSError, UnicodeDecodeError) as error:
        raise DeliveryFailed(type(error).__name__, retry_after=RETRY_AFTER_DEFAULT) from error


async def _send_bytes(http: aiohttp.ClientSession, url: str, content: bytes) -> None:
    """POST a file to the address that was given for it. The token is not sent along."""
    patience = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
    try:
        async with http.post(url, data=io.BytesIO(content), timeout=patience) as answer:
            if answer.status != 200:  # noqa: PLR2004 - HTTP's own number
                raise DeliveryFailed(f"http_{answer.status}", retry_after=RETRY_AFTER_DEFAULT)
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise DeliveryFailed(type(error).__name__, retry_after=RETRY_AFTER_DEFAULT) from error


def _response_meaning(status: int, text: str, retry_after: str | None) -> DeliveryFailed:
    if status == 429:  # noqa: PLR2004
        return DeliveryFailed("ratelimited", retry_after=_seconds(retry_after))
    reason = _reason(text) or f"http_{status}"
    if status >= 500:  # noqa: PLR2004
        return DeliveryFailed(reason, retry_after=RETRY_AFTER_DEFAULT)
    return DeliveryFailed(reason, retry_after=None) if reason in BAD_BLOCKS else MessageGone(reason)


def _reason(text: str) -> str:
    try:
        parsed = json.loads(text)
    except ValueError:
        return text[:100].strip()
    return str(parsed.get("error", "")) if isinstance(parsed, dict) else ""


def _view(answer: AsyncSlackResponse) -> OpenView:
    return OpenView.model_validate(answer["view"])
