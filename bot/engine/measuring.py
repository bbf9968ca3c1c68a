"""Counts a message's bytes on their way through."""

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.engine.sides import Mime


class Measured:
    """`mime` is the message to read; `size` what it turned out to be, or what the source announced."""

    def __init__(self, mime: Mime) -> None:
        self._announced = mime.size
        self._counted: int | None = None
        if mime.rest is None:
            self.mime, self._counted = mime, len(mime.first)
        else:
            self.mime = replace(mime, rest=self._read(len(mime.first), mime.rest))

    @property
    def size(self) -> int | None:
        return self._announced if self._counted is None else self._counted

    async def _read(self, counted: int, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for piece in rest:
            counted += len(piece)
            yield piece
        self._counted = counted
