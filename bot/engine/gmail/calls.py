"""Sends requests to Gmail for one user: with a token, in turn, and minding what was lost on the way."""

import asyncio
import io
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, NamedTuple

import aiohttp
from yarl import URL

from bot.engine.fault import Fault
from bot.engine.gmail.failures import Refusal
from bot.engine.gmail.pacing import Pace
from bot.engine.gmail.tokens import Tokens

IN_FLIGHT = 4
"""Requests of one user at a time. That there is a limit is documented, its number is not: "429 errors",
https://developers.google.com/workspace/gmail/api/guides/handle-errors
"""
JSON: Final = {"Content-Type": "application/json; charset=UTF-8"}

_TIMEOUT = aiohttp.ClientTimeout(total=180, sock_connect=15)
_AT_ONCE = 1024 * 1024
"""Bytes. aiohttp wants more than this to come from a file, so that it can take breaths between the pieces."""
_UNTOLD = ("Content-Type",)
"""A request without a body has no type, though aiohttp would tell one."""
_UNAUTHORIZED: Final = int(HTTPStatus.UNAUTHORIZED)
_NO_HEADERS: Final[Mapping[str, str]] = {}
_NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class Request(NamedTuple):
    """`cost` is in units of quota. One that is not `signed` carries no token."""

    verb: str
    url: URL
    cost: int
    body: bytes = b""
    headers: Mapping[str, str] = _NO_HEADERS
    signed: bool = True


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        return self.status // 100 == 2  # noqa: PLR2004 - the class of a status is its first digit

    def fault(self, *, is_upload: bool = False) -> Fault:
        return Refusal(self.status, self.headers, self.body).fault(is_upload=is_upload)


class Calls:
    __slots__ = ("_http", "_pace", "_places", "_tokens", "_user")

    def __init__(self, http: aiohttp.ClientSession, tokens: Tokens, user: str, pace: Pace) -> None:
        self._http = http
        self._tokens = tokens
        self._user = user
        self._pace = pace
        self._places = asyncio.Semaphore(IN_FLIGHT)

    async def send(self, request: Request) -> Answer:
        """Whatever Gmail answers, but for a token that it refuses once.

        Raises:
            Fault: no answer, or no token.
        """
        token = await self._tokens.token(self._user)
        answer = await self._sent(request, token)
        if answer.status != _UNAUTHORIZED:
            return answer
        self._tokens.refuse(self._user, token)
        return await self._sent(request, await self._tokens.token(self._user))

    async def succeed(self, request: Request) -> Answer:
        answer = await self.send(request)
        if not answer.is_success:
            raise answer.fault()
        return answer

    async def _sent(self, request: Request, token: str) -> Answer:
        """A redirect is not followed: the token would go where nobody pointed it. An answer that is read, or
        whose reading fails, has no connection any more that would have to be given back.
        """
        headers = (
            {**request.headers, "Authorization": f"Bearer {token}"} if request.signed else request.headers
        )
        async with self._places:
            if request.cost:
                await self._pace.spend(request.cost)
            try:
                answer = await self._http.request(
                    request.verb,
                    request.url,
                    data=_payload(request.body),
                    headers=headers,
                    skip_auto_headers=None if request.body else _UNTOLD,
                    timeout=_TIMEOUT,
                    allow_redirects=False,
                )
                return Answer(answer.status, answer.headers, await answer.read())
            except (TimeoutError, aiohttp.ClientError, OSError) as error:
                raise _lost(error) from error


def _payload(body: bytes) -> bytes | io.BytesIO | None:
    if len(body) > _AT_ONCE:
        return io.BytesIO(body)
    return body or None


def _lost(error: Exception) -> Fault:
    text = f"Gmail did not answer: {type(error).__name__}: {error}"[:300]
    return Fault("network", text, is_certain=isinstance(error, _NEVER_SENT))
