"""Reads the bytes of one message, as long as its call to Graph is under way."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Final

import aiohttp

from bot.engine.graph.limits import Slots
from bot.engine.graph.wire import Request, Translated, Wire
from bot.engine.sides import Mime

_CHUNK: Final = 64 * 1024
"""Bytes. A message that has no more is read at once, and its call is over before anything is done with it."""


class Opening(AbstractAsyncContextManager[Mime]):
    """For one message. It is entered once for each that is moved, so that it is a class and no generator."""

    __slots__ = ("_answer", "_request", "_slots", "_wire")

    def __init__(self, wire: Wire, slots: Slots, request: Request) -> None:
        self._wire = wire
        self._slots = slots
        self._request = request
        self._answer: aiohttp.ClientResponse | None = None

    async def __aenter__(self) -> Mime:
        await self._slots.take()
        try:
            self._answer = answer = await self._wire.opened(self._request)
        except BaseException:
            self._slots.give_back()
            raise
        size = _announced(answer)
        if size is None or size > _CHUNK:
            return Mime(size, rest=self._chunks(answer))
        return Mime(size, await self._at_once(answer))

    async def __aexit__(self, *_: object) -> None:
        self._close()

    async def _at_once(self, answer: aiohttp.ClientResponse) -> bytes:
        try:
            with Translated():
                return await answer.read()
        finally:
            self._close()

    async def _chunks(self, answer: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
        """The call is over with the last byte: what becomes of the message then may take its time."""
        with Translated():
            async for chunk in answer.content.iter_chunked(_CHUNK):
                yield chunk
        self._close()

    def _close(self) -> None:
        if self._answer is not None:
            self._wire.close(self._request, self._answer)
            self._slots.give_back()
            self._answer = None


def _announced(answer: aiohttp.ClientResponse) -> int | None:
    """The length on the wire, which is the message's own unless it was compressed after all."""
    return None if "Content-Encoding" in answer.headers else answer.content_length
