"""Puts a message into a mailbox, in one request or in chunks, with its bytes as they are."""

import json
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import aclosing
from functools import lru_cache
from typing import Final

from yarl import URL

from bot.engine.fault import Fault
from bot.engine.gmail.answers import Message, read
from bot.engine.gmail.calls import JSON, Answer, Calls, Request
from bot.engine.gmail.pacing import ADD_MESSAGE
from bot.engine.gmail.resumable import Session, chunks
from bot.engine.sides import Mime

SIMPLE = 5_000_000
"""Bytes up to which Google recommends an upload in one request:
https://developers.google.com/workspace/gmail/api/guides/uploads
"""

_TYPE: Final = {"X-Upload-Content-Type": "message/rfc822"}


class Uploads:
    """Where uploads go. Imports stay out of spam and calendars; all is dated by its Date header."""

    def __init__(self, url: str) -> None:
        messages = f"{url}/upload/gmail/v1/users/me/messages"
        imported = "internalDateSource=dateHeader&neverMarkSpam=true&processForCalendar=false&fields=id"
        inserted = "internalDateSource=dateHeader&fields=id"
        self._urls = {
            (kind, is_sent): URL(f"{messages}{path}?uploadType={kind}&{query}", encoded=True)
            for kind in ("multipart", "resumable")
            for is_sent, path, query in ((False, "/import", imported), (True, "", inserted))
        }

    def url(self, kind: str, *, is_sent: bool) -> URL:
        return self._urls[kind, is_sent]


class Adding:
    """Adds messages for one user. `largest` is in bytes."""

    __slots__ = ("_calls", "_envelope", "_largest", "_type", "_uploads")

    def __init__(self, calls: Calls, uploads: Uploads, largest: int) -> None:
        self._calls = calls
        self._uploads = uploads
        self._largest = largest
        boundary = secrets.token_hex(16)  # that no message can know
        self._envelope = Envelope(boundary)
        self._type = {"Content-Type": f"multipart/related; boundary={boundary}"}

    async def add(self, mime: Mime, labels: Collection[str], *, is_sent: bool) -> tuple[str, int]:
        """The message's id, and the bytes that were sent of it."""
        if mime.size is not None and mime.size > self._largest:
            raise _too_large(f"{mime.size:,} bytes", self._largest)
        about = _about(frozenset(labels))
        if mime.rest is None and len(mime.first) <= min(SIMPLE, self._largest):
            _check(mime, len(mime.first))
            answer, size = await self._at_once(about, [mime.first], is_sent=is_sent), len(mime.first)
        else:
            answer, size = await self._streamed(about, mime, is_sent=is_sent)
        if not answer.is_success:
            raise answer.fault(is_upload=True)
        return read(Message, answer.body).id, size

    async def _streamed(self, about: bytes, mime: Mime, *, is_sent: bool) -> tuple[Answer, int]:
        """In one request after all, where it turns out to be small."""
        async with aclosing(_whole(mime, self._largest)) as pieces:
            first, is_all = await _first(pieces, 0 if (mime.size or 0) > SIMPLE else SIMPLE)
            if is_all:
                return await self._at_once(about, first, is_sent=is_sent), sum(map(len, first))
            return await self._in_chunks(about, chunks(first, pieces), is_sent=is_sent)

    async def _at_once(self, about: bytes, pieces: list[bytes], *, is_sent: bool) -> Answer:
        url = self._uploads.url("multipart", is_sent=is_sent)
        return await self._calls.send(
            Request("POST", url, ADD_MESSAGE, self._envelope.around(about, pieces), self._type)
        )

    async def _in_chunks(
        self, about: bytes, parts: AsyncGenerator[tuple[bytes, bool], None], *, is_sent: bool
    ) -> tuple[Answer, int]:
        session, size = Session(self._calls), 0
        url = self._uploads.url("resumable", is_sent=is_sent)
        await session.begin(Request("POST", url, ADD_MESSAGE, about, JSON | _TYPE))
        async with aclosing(parts):
            async for chunk, is_last in parts:
                answer = await session.put(chunk, is_last=is_last)
                size += len(chunk)
                if answer is not None:
                    return answer, size
        raise AssertionError("the last chunk has an answer")


class Envelope:
    """A multipart/related body around a message, to which nothing is added: the line break before the closing
    line belongs to that line (RFC 2046, 5.1.1). Its transfer encoding is told, since by default a part may
    hold 7-bit lines alone.
    """

    __slots__ = ("_between", "_first", "_last")

    def __init__(self, boundary: str) -> None:
        binary = "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        self._first = f"--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n".encode()
        self._between = f"\r\n--{boundary}\r\n{binary}".encode()
        self._last = f"\r\n--{boundary}--\r\n".encode()

    def around(self, about: bytes, pieces: list[bytes]) -> bytes:
        return b"".join((self._first, about, self._between, *pieces, self._last))


@lru_cache(maxsize=1024)
def _about(labels: frozenset[str]) -> bytes:
    """Most messages have the labels of another one."""
    return json.dumps({"labelIds": sorted(labels)}).encode()


async def _whole(mime: Mime, largest: int) -> AsyncGenerator[bytes, None]:
    """The message's pieces. Ends in a Fault where they are too many, or too few."""
    size = 0
    async for piece in mime.pieces():
        size += len(piece)
        if size > largest:
            raise _too_large(f"at least {size:,} bytes", largest)
        yield piece
    _check(mime, size)


def _check(mime: Mime, size: int) -> None:
    """Fewer bytes than the source announced are half a message, which would look like a whole one."""
    if mime.size is not None and size < mime.size:
        raise Fault("network", f"The source announced {mime.size:,} bytes and sent {size:,}.")


async def _first(pieces: AsyncIterator[bytes], most: int) -> tuple[list[bytes], bool]:
    """Pieces up to the one that makes them more than `most` bytes, and whether they are all there are."""
    found, size = [], 0
    async for piece in pieces:
        found.append(piece)
        size += len(piece)
        if size > most:
            return found, False
    return found, True


def _too_large(size: str, largest: int) -> Fault:
    return Fault("dest_too_large", f"The message has {size}; Gmail takes {largest:,}.")
