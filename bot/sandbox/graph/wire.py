"""Answers as bytes on the wire, with the accidents that can be planned for a connection."""

import asyncio
import json
from collections.abc import Iterable, Iterator
from itertools import chain

from aiohttp import web

from bot.sandbox.graph.answer import Answer
from bot.sandbox.graph.faults import Accident

JSON_TYPE = (
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
)
# https://learn.microsoft.com/graph/outlook-get-mime-message shows it.
MIME_TYPE = "text/plain"


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
    if answer.mime is None:
        response = _whole(_json(answer), JSON_TYPE, answer, headers)
    else:
        chunks = answer.mime.chunks()
        first, second = next(chunks, b""), next(chunks, None)
        if second is not None:
            return await _stream(request, chain((first, second), chunks), headers)
        response = _whole(first, MIME_TYPE, answer, headers)
    await response.prepare(request)
    await response.write_eof()
    return response


def _json(answer: Answer) -> bytes:
    return json.dumps(answer.json, separators=(",", ":")).encode()


def _content(answer: Answer) -> tuple[str, int, Iterator[bytes]]:
    if answer.mime is not None:
        return MIME_TYPE, answer.mime.size, answer.mime.chunks()
    body = _json(answer)
    return JSON_TYPE, len(body), iter((body,))


def _half(chunks: Iterator[bytes], size: int) -> Iterator[bytes]:
    left = size // 2
    while left > 0:
        part = next(chunks)[:left]
        left -= len(part)
        yield part


def _whole(body: bytes, kind: str, answer: Answer, headers: dict[str, str]) -> web.Response:
    return web.Response(status=answer.status, body=body, headers={**headers, "Content-Type": kind})


async def _stream(
    request: web.BaseRequest, chunks: Iterable[bytes], headers: dict[str, str]
) -> web.StreamResponse:
    response = web.StreamResponse(headers={**headers, "Content-Type": MIME_TYPE})
    await response.prepare(request)
    for chunk in chunks:
        await response.write(chunk)
    await response.write_eof()
    return response


async def _cut(
    request: web.BaseRequest, answer: Answer, headers: dict[str, str], accident: Accident
) -> web.StreamResponse:
    """Half of the body, and then the end of the connection, or nothing more on it."""
    if accident == "dropped":
        return drop(request)
    kind, size, chunks = _content(answer)
    told = {**headers, "Content-Type": kind, "Content-Length": str(size)}
    response = Cut(status=answer.status, headers=told)
    await response.prepare(request)
    for part in _half(chunks, size):
        await response.write(part)
    if accident == "stalled":
        await asyncio.Event().wait()  # the server cancels this when the client is gone
    elif request.transport is not None:
        request.transport.close()
    return response
