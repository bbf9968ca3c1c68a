"""Answers as bytes on the wire, with the accidents that can be planned for a connection."""

import asyncio
import json
from collections.abc import Iterable

from aiohttp import web

from bot.sandbox.graph.answer import Answer
from bot.sandbox.graph.faults import Accident
from bot.sandbox.graph.mime import MimeSource

JSON_TYPE = (
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
)
WHOLE_AT_MOST = 256 * 1024


class Cut(web.StreamResponse):
    """Nothing more is written: the connection is closed, or was left as it stands."""

    async def write_eof(self, data: bytes = b"") -> None:
        pass


def drop(request: web.BaseRequest) -> web.StreamResponse:
    """Closed before a byte of the answer."""
    if request.transport is not None:
        request.transport.abort()
    return Cut(status=500)


async def send(
    request: web.BaseRequest, answer: Answer, headers: dict[str, str], accident: Accident | None
) -> web.StreamResponse:
    if accident is not None:
        return await _cut(request, answer, headers, accident)
    if answer.mime is not None and answer.mime.size > WHOLE_AT_MOST:
        return await _stream(request, answer.mime, headers)
    response = _whole(answer, headers)
    await response.prepare(request)
    await response.write_eof()
    return response


def content(answer: Answer) -> tuple[bytes, str]:
    if answer.mime is not None:
        return b"".join(answer.mime.chunks()), "text/plain"
    return json.dumps(answer.json, separators=(",", ":")).encode(), JSON_TYPE


def _whole(answer: Answer, headers: dict[str, str]) -> web.Response:
    body, kind = content(answer)
    return web.Response(status=answer.status, body=body, headers={**headers, "Content-Type": kind})


async def _stream(
    request: web.BaseRequest, source: MimeSource, headers: dict[str, str]
) -> web.StreamResponse:
    response = web.StreamResponse(headers={**headers, "Content-Type": "text/plain"})
    await response.prepare(request)
    for chunk in source.chunks():
        await response.write(chunk)
    await response.write_eof()
    return response


async def _cut(
    request: web.BaseRequest, answer: Answer, headers: dict[str, str], accident: Accident
) -> web.StreamResponse:
    """Half of the body, and then the end of the connection, or nothing more on it."""
    if accident == "dropped":
        return drop(request)
    body, kind = content(answer)
    response = Cut(
        status=answer.status, headers={**headers, "Content-Type": kind, "Content-Length": str(len(body))}
    )
    await response.prepare(request)
    await _write(response, [body[: len(body) // 2]])
    if accident == "stalled":
        await asyncio.Event().wait()  # the server cancels this when the client is gone
    elif request.transport is not None:
        request.transport.close()
    return response


async def _write(response: web.StreamResponse, parts: Iterable[bytes]) -> None:
    for part in parts:
        await response.write(part)
