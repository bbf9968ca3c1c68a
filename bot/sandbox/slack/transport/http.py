"""Sends to the app's URLs, signed.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.slack.model import Json
from bot.sandbox.slack.transport.parcel import Parcel, Reply

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
OK = 200


def signature(secret: str, timestamp: str, body: str) -> str:
    base = f"v0:{timestamp}:{body}"
    return "v0=" + hmac.new(secret.encode(), base.encode(), hashlib.sha256).hexdigest()


def _encoded(parcel: Parcel) -> str:
    if parcel.kind == "events_api":
        return json.dumps(parcel.payload)
    if parcel.kind == "slash_commands":
        return urlencode(parcel.payload)
    return urlencode({"payload": json.dumps(parcel.payload)})


def _parsed(text: str, content_type: str) -> Json:
    """A body that is no JSON object is text to be shown, as for a slash command."""
    if content_type == JSON:
        try:
            body = json.loads(text)
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}
    return {"text": text} if text else {}


class HttpTransport:
    def __init__(self, signing_secret: str, clock: Callable[[], float]) -> None:
        self._secret = signing_secret
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def send(self, parcel: Parcel, ack_seconds: float) -> Reply:
        """Redirects are not followed, and a status other than 200 is a failure."""
        if not parcel.url:
            return Reply("dispatch_failed")
        try:
            return await self._post(parcel, parcel.url, ack_seconds)
        except TimeoutError:
            return Reply("operation_timeout")
        except aiohttp.ClientError:
            return Reply("dispatch_failed")

    async def stop(self) -> None:
        if self._session:
            await self._session.close()
            self._session = None

    async def _post(self, parcel: Parcel, url: str, ack_seconds: float) -> Reply:
        body = _encoded(parcel)
        timeout = aiohttp.ClientTimeout(total=ack_seconds)
        sending = self._client().post(
            url,
            data=body.encode(),
            headers=self._headers(parcel, body),
            timeout=timeout,
            allow_redirects=False,
        )
        async with sending as response:
            parsed = _parsed(await response.text(), response.content_type)
            failure = None if response.status == OK else "http_status"
            return Reply(failure, response.status, parsed)  # type: ignore[arg-type]

    def _headers(self, parcel: Parcel, body: str) -> dict[str, str]:
        timestamp = str(int(self._clock()))
        headers = {
            "Content-Type": JSON if parcel.is_json else FORM,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        }
        if parcel.retry:
            headers |= {"X-Slack-Retry-Num": str(parcel.retry), "X-Slack-Retry-Reason": parcel.retry_reason}
        return headers

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session
