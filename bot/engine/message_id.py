"""Reads a message's Message-ID on its way through, and gives it one where it has none."""

import re
from hashlib import blake2b

from bot.engine.sides import Mime

LONGEST_HEADER = 1 << 18
"""Bytes in which the end of the header is looked for (RFC 5322 sets no limit; Exchange's is far below)."""

_END = re.compile(rb"^\r?\n", re.MULTILINE)
"""The first empty line, of either line ending."""

_FIELD = re.compile(rb"^message-id[ \t]*:((?:[^\r\n]|\r?\n[ \t]|\r(?!\n))*)", re.IGNORECASE | re.MULTILINE)
"""With what is folded into the lines after it (RFC 5322, 2.2.3). White space before the colon is the obsolete
form (4.5). A broken line above hides it from a parser, though not from those who look for it later.
"""

_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f]+")


async def identified(mime: Mime, made_up: str) -> tuple[str, Mime]:
    """The Message-ID, and the message: byte by byte as it was, but for `made_up` on top where it had none.

    The answer may be read once, instead of what was given.
    """
    head = await _head(mime)
    found = _message_id(head)
    added = b"" if found else f"Message-ID: {made_up}\r\n".encode("ascii")
    size = None if mime.size is None else mime.size + len(added)
    return found or made_up, Mime(size, added + head, mime.rest)


def made_up_id(mailbox_key: str, source_id: str) -> str:
    """The same at every attempt, so that a message that got it can be found again."""
    digest = blake2b(f"{mailbox_key}\0{source_id}".encode(), digest_size=16).hexdigest()
    return f"<{digest}@syncbot.invalid>"


async def _head(mime: Mime) -> bytes:
    """What was read of it so far, at least to the end of the header."""
    head = mime.first
    while mime.rest is not None and len(head) < LONGEST_HEADER and not _END.search(head):
        piece = await anext(mime.rest, b"")
        if not piece:
            break
        head += piece
    return head


def _message_id(head: bytes) -> str | None:
    """The same whatever pieces the message came in."""
    head = head[:LONGEST_HEADER]
    end = _END.search(head)
    field = _FIELD.search(head, 0, end.start() if end else len(head))
    value = field[1].decode("utf-8", "replace") if field else ""
    return _UNPRINTABLE.sub(" ", value).strip() or None
