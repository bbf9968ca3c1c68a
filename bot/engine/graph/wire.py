"""Requests to Graph with the token and the limit of the app: a good answer, or Fault."""

import json
from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import Any, Final, NamedTuple

import aiohttp
import structlog
from yarl import URL

from bot.engine.fault import CursorLost, Fault
from bot.engine.graph.faults import classify, is_overload
from bot.engine.graph.limits import Adaptive, Slots
from bot.engine.graph.tokens import Tokens

PREFER: Final = 'IdType="ImmutableId", odata.maxpagesize=200'
"""On every request, or an id changes when its message is moved:
https://learn.microsoft.com/graph/outlook-immutable-id
"""

_UNREACHABLE: Final = (TimeoutError, aiohttp.ClientError, OSError)
_OK: Final = int(HTTPStatus.OK)
_UNAUTHORIZED: Final = int(HTTPStatus.UNAUTHORIZED)
_READABLE: Final = {"Prefer": PREFER}
_RAW: Final = _READABLE | {"Accept-Encoding": "identity"}

TIMEOUT: Final = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=60)
"""A large message may take long, as long as more of it comes."""

_log = structlog.get_logger(__name__)


class Request(NamedTuple):
    """`follows`: it goes on from a cursor, which may be lost. `is_raw`: the very bytes, uncompressed.

    `is_aside`: it does not wait for other calls to end, and the limit of the app does not count it.
    `is_batch`: the parts of it are answered too where some are throttled, which makes the whole a 424.
    https://learn.microsoft.com/graph/throttling#throttling-and-batching
    """

    url: URL
    method: str = "GET"
    body: dict[str, Any] | None = None
    follows: bool = False
    is_raw: bool = False
    is_aside: bool = False
    is_batch: bool = False

    def is_answered_by(self, status: int) -> bool:
        return status == _OK or (self.is_batch and status == HTTPStatus.FAILED_DEPENDENCY)

    @property
    def headers(self) -> dict[str, str]:
        return _RAW if self.is_raw else _READABLE


class Wire:
    """Shared by the mailboxes of a connection."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        tokens: Tokens,
        *,
        limit: Adaptive | None = None,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        self._http = http
        self._tokens = tokens
        self._timeout = timeout
        self._limit = limit or Adaptive()
        self._slots = Slots(lambda: self._limit.limit)

    async def opened(self, request: Request) -> aiohttp.ClientResponse:
        """Its body is still to be read, within `Translated`; until `close` it counts as a call under way.

        Raises CursorLost besides Fault.
        """
        if request.is_aside:
            return await self._good(request)
        await self._slots.take()
        try:
            return await self._good(request)
        except BaseException:
            self._slots.give_back()
            raise

    def close(self, request: Request, answer: aiohttp.ClientResponse) -> None:
        answer.release()
        if not request.is_aside:
            self._slots.give_back()

    async def whole(self, request: Request) -> bytes:
        """The body of the answer. Raises CursorLost besides Fault."""
        answer = await self.opened(request)
        try:
            return await _body(answer)
        finally:
            self.close(request, answer)

    @property
    def era(self) -> int:
        """To be kept from before a call, and handed to `judge`: see Adaptive."""
        return self._limit.era

    def judge(self, status: int, body: bytes, headers: dict[str, str], era: int) -> Fault | CursorLost:
        """What a refusal means. Too many calls lower the limit."""
        if is_overload(status) and self._limit.shrink(era):
            _log.info("graph throttles", status=status, limit=self._limit.limit)
        return classify(status, body, headers)

    async def _good(self, request: Request) -> aiohttp.ClientResponse:
        era = self.era
        answer = await self._authorised(request)
        if request.is_answered_by(answer.status):
            self._limit.grow()
            return answer
        async with answer:
            refusal = self.judge(answer.status, await _body(answer), dict(answer.headers), era)
        if isinstance(refusal, CursorLost) and not request.follows:
            raise Fault("source_busy", str(refusal))
        raise refusal

    async def _authorised(self, request: Request) -> aiohttp.ClientResponse:
        """Once more with a new token, where the first is no longer taken."""
        token = await self._tokens.token()
        answer = await self._sent(request, token)
        if answer.status != _UNAUTHORIZED:
            return answer
        answer.release()
        return await self._sent(request, await self._tokens.token(refused=token))

    async def _sent(self, request: Request, token: str) -> aiohttp.ClientResponse:
        """A redirect is not followed: no call made here is documented to give one."""
        with Translated():
            return await self._http.request(
                request.method,
                request.url,
                json=request.body,
                headers=request.headers | {"Authorization": f"Bearer {token}"},
                timeout=self._timeout,
                allow_redirects=False,
            )


class Translated(AbstractContextManager[None]):
    """Around each use of the network: of a connection, and of a body that may break off."""

    __slots__ = ()

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, _UNREACHABLE):
            raise Fault("network", f"Microsoft Graph cannot be reached ({type(error).__name__})") from error


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    with Translated():
        return await answer.read()


def as_bytes(body: object) -> bytes:
    """An answer inside a batch, as it would have come alone."""
    return json.dumps(body).encode()
