"""Counts a message's bytes on their way through."""

from collections.abc import AsyncIterator

from bot.engine.sides import Mime


class Measured:
    """`mime` is the message to read; `size` what it turned out to be, or what the source announced."""

    def __init__(self, mime: Mime) -> None:
        self._announced, self._chunks = mime.size, mime.chunks
        self._counted: int | None = None
        self.mime = Mime(mime.size, self._read())

    @property
    def size(self) -> int | None:
        return self._announced if self._counted is None else self._counted

    async def _read(self) -> AsyncIterator[bytes]:
        counted = 0
        async for chunk in self._chunks:
            counted += len(chunk)
            yield chunk
        self._counted = counted
