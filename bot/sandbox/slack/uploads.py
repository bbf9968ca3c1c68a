"""Takes the bytes of a file at the address that was given for it: raw, all of them, once.

https://docs.slack.dev/reference/methods/files.getUploadURLExternal#usage-info
"""

import asyncio
from collections import deque

from aiohttp import web

from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.record import RecordedCall
from bot.sandbox.slack.webapi.endpoint import planned

NAME = "upload"


class UploadEndpoint:
    def __init__(self, backend: Backend, calls: deque[RecordedCall]) -> None:
        self._backend = backend
        self._calls = calls

    async def handle(self, request: web.Request) -> web.Response:
        """The token is not sent here: the address is secret enough. Slack takes forms too; this does not."""
        fault = self._backend.faults.next(NAME)
        if fault.delay:
            await asyncio.sleep(fault.delay)
        injected = planned(fault)
        status = injected.status if injected else await self._taken(request)
        is_taken = status == web.HTTPOk.status_code
        self._calls.append(RecordedCall(NAME, {}, {"ok": is_taken}, self._backend.clock(), status))
        if fault.lost and request.transport:
            request.transport.abort()
        return web.Response(text="OK" if is_taken else "refused", status=status)

    async def _taken(self, request: web.Request) -> int:
        file = self._backend.world.file_of(request.match_info["ticket"])
        if file is None or file.content is not None:
            return web.HTTPNotFound.status_code
        if request.content_type.startswith("multipart/") or "Authorization" in request.headers:
            return web.HTTPBadRequest.status_code
        sent = await _read(request, file.length)
        if len(sent) != file.length:
            return web.HTTPBadRequest.status_code
        file.content = sent
        return web.HTTPOk.status_code


async def _read(request: web.Request, most: int) -> bytes:
    """Whatever the limit for bodies is: a file has told its own. Of a longer one a little more than that."""
    read = bytearray()
    async for chunk in request.content.iter_any():
        read += chunk
        if len(read) > most:
            break
    return bytes(read)
