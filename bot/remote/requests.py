"""Asking an engine outside to retry: one signed CloudEvent a request."""

from http import HTTPStatus
from urllib.parse import urlsplit

import aiohttp
from cloudevents.core.bindings.http import to_structured_event
from cloudevents.core.v1.event import CloudEvent

from bot.errors import BadSettings, EngineRefused, EngineUnreachable
from bot.ports import RetryRequest
from bot.remote.answers import reason_in
from bot.wire.signing import Signer

URL_SETTING = "SYNCBOT_ENGINE_URL"
SECRET_SETTING = "SYNCBOT_ENGINE_SECRET"  # noqa: S105 - the name of a setting
SOURCE = "syncbot"

_TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)
_LARGEST_ANSWER = 16 * 1024

_AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
_FORBIDDEN = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_REASONED = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.GONE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)


class RemoteEngine:
    """Fills the port Engine. The webhook-id is the retry's key: the engine takes a second one as the same."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        signer: Signer,
        *,
        timeout: aiohttp.ClientTimeout = _TIMEOUT,
    ) -> None:
        self._session = session
        self._url = _checked(url)
        self._signer = signer
        self._timeout = timeout

    async def request_retry(self, request: RetryRequest) -> None:
        message = to_structured_event(_event(request))
        headers = {
            **message.headers,
            **self._signer.headers(request.key, message.body),
            "Idempotency-Key": request.key,
        }
        _judge(*await self._post(message.body, headers))

    async def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """A redirect is not followed: the signed request would go where nobody pointed it."""
        try:
            async with self._session.post(
                self._url, data=body, headers=headers, timeout=self._timeout, allow_redirects=False
            ) as answer:
                return answer.status, await _body(answer) if answer.status in _REASONED else b""
        except TimeoutError as error:
            raise EngineUnreachable("The engine did not answer in time.") from error
        except (aiohttp.ClientError, OSError) as error:
            raise EngineUnreachable(f"The engine cannot be reached ({type(error).__name__}).") from error


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise BadSettings(
            f"{URL_SETTING} must be an http or https address, such as https://engine.example/requests"
        )
    return url


def _event(request: RetryRequest) -> CloudEvent:
    """Who asked stays here: the engine needs no names of people."""
    whole = request.item is None
    return CloudEvent(
        attributes={
            "specversion": "1.0",
            "id": request.key,
            "source": SOURCE,
            "type": "sync.requested" if whole else "retry.requested",
            "time": request.requested_at,
            "datacontenttype": "application/json",
        },
        data={
            "retry_id": request.key,
            "mailbox": request.mailbox_key,
            "service": request.service,
            "item": request.item,
            "requested_at": request.requested_at.isoformat(),
        },
    )


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    body = b""
    async for chunk in answer.content.iter_chunked(_LARGEST_ANSWER):
        body += chunk
        if len(body) >= _LARGEST_ANSWER:
            break
    return body


def _judge(status: int, body: bytes) -> None:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if status in _AGAIN or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise EngineUnreachable(f"The engine answered {status}.")
    raise _refusal(status, body)


def _refusal(status: int, body: bytes) -> EngineRefused:
    if status in _FORBIDDEN:
        return EngineRefused(f"The engine did not accept our signature ({status}): check {SECRET_SETTING}.")
    if status not in _REASONED:
        return EngineRefused(f"The engine answered {status}: check {URL_SETTING}.")
    reason = reason_in(body)
    if reason is None:
        return EngineRefused(f"The engine refused without a reason ({status}).")
    return EngineRefused(reason, quotes=True)
