"""Reads a message's Message-ID on its way through, and gives it one where it has none."""

from collections.abc import AsyncIterator
from email.parser import HeaderParser
from hashlib import blake2b

from bot.engine.sides import Mime

LONGEST_HEADER = 1 << 18
"""Bytes in which the end of the header is looked for (RFC 5322 sets no limit; Exchange's is far below)."""

_ENDS = (b"\r\n\r\n", b"\n\n")


async def identified(mime: Mime, made_up: str) -> tuple[str, Mime]:
    """The Message-ID, and the message: byte by byte as it was, but for `made_up` on top where it had none.

    The answer's chunks may be read once, instead of those that were given.
    """
    head, rest = await _head(mime.chunks)
    found = _message_id(head)
    added = b"" if found else f"Message-ID: {made_up}\r\n".encode("ascii")
    size = None if mime.size is None else mime.size + len(added)
    return found or made_up, Mime(size, _joined(added + head, rest))


def made_up_id(mailbox_key: str, source_id: str) -> str:
    """The same at every attempt, so that a message that got it can be found again."""
    digest = blake2b(f"{mailbox_key}\0{source_id}".encode(), digest_size=16).hexdigest()
    return f"<{digest}@syncbot.invalid>"


async def _head(chunks: AsyncIterator[bytes]) -> tuple[bytes, AsyncIterator[bytes]]:
    head = b""
    async for chunk in chunks:
        head += chunk
        if len(head) > LONGEST_HEADER or any(end in head for end in _ENDS):
            break
    return head, chunks


def _message_id(head: bytes) -> str | None:
    if b"message-id" not in head[:LONGEST_HEADER].lower():
        return None
    parsed = HeaderParser().parsestr(_header(head).decode("utf-8", "replace"))
    value = " ".join(str(parsed.get("Message-ID", "")).split())
    return value or None


def _header(head: bytes) -> bytes:
    ends = [position for end in _ENDS if (position := head.find(end)) >= 0]
    return head[: min(ends)] if ends else head


async def _joined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    if first:
        yield first
    async for chunk in rest:
        yield chunk
