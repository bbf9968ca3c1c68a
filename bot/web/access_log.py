"""The access log and the last net: every request in one line without its body, no exception in an answer."""

import secrets
import time
from dataclasses import dataclass
from http import HTTPMethod

import structlog
from prometheus_client import Counter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.problems import unexpected

_log = structlog.get_logger(__name__)
_UNMATCHED = "(none)"
_METHODS = frozenset(HTTPMethod)


@dataclass
class _Answer:
    """Watches what is sent. `status` stays None until the answer has begun."""

    send: Send
    status: int | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
        await self.send(message)


class AccessLog:
    """Logs the path without its query: response_urls and tokens travel in queries."""

    def __init__(self, app: ASGIApp, requests: Counter) -> None:
        self._app = app
        self._requests = requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer, started = _Answer(send), time.perf_counter()
        try:
            await self._app(scope, receive, answer)
        except Exception:  # noqa: BLE001 - the last net: logged there with its reference
            await _apologise(scope, receive, answer)
        finally:
            self._write(scope, answer.status, time.perf_counter() - started)

    def _write(self, scope: Scope, status: int | None, seconds: float) -> None:
        self._requests.labels(_method(scope), _route(scope), str(status)).inc()
        _log.info(
            "request",
            method=scope["method"][:16],
            path=scope["path"][:200],
            status=status,
            milliseconds=round(seconds * 1000, 1),
        )


async def _apologise(scope: Scope, receive: Receive, answer: _Answer) -> None:
    reference = secrets.token_hex(4)
    _log.exception("request failed", reference=reference)
    if answer.status is None:
        await unexpected(reference)(scope, receive, answer)


def _method(scope: Scope) -> str:
    """Anybody may send any word for a method: each would stay in memory."""
    return scope["method"] if scope["method"] in _METHODS else "(other)"


def _route(scope: Scope) -> str:
    """The route's pattern, not the path: a scan of random paths must not make random metrics."""
    route = scope.get("route")
    return getattr(route, "path", _UNMATCHED)
