"""Reads a message's Message-ID on its way through, and gives it one where it has none."""

import re
from collections.abc import Callable
from hashlib import blake2b

from bot.engine.sides import Mime

LONGEST_HEADER = 1 << 18
"""Bytes in which the end of the header is looked for (RFC 5322 sets no limit; Exchange's is far below)."""

_NAME = b"message-id"
_FIELD = re.compile(rb"^message-id[ \t]*:((?:[^\r\n]|\r?\n[ \t]|\r(?!\n))*)", re.IGNORECASE | re.MULTILINE)
"""With what is folded into the lines after it (RFC 5322, 2.2.3). White space before the colon is the obsolete
form (4.5). A broken line above hides it from a parser, though not from those who look for it later.
"""

_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f]+")


async def identified(mime: Mime, make_up: Callable[[], str]) -> tuple[str, Mime]:
    """The Message-ID, and the message: byte by byte as it was, but for one on top where it had none.

    The answer may be read once, instead of what was given.
    """
    head = await _head(mime)
    found = _message_id(head)
    if found:
        return found, mime if head is mime.first else Mime(mime.size, head, mime.rest)
    made_up = make_up()
    added = f"Message-ID: {made_up}\r\n".encode("ascii")
    size = None if mime.size is None else mime.size + len(added)
    return made_up, Mime(size, added + head, mime.rest)


def made_up_id(mailbox_key: str, source_id: str) -> str:
    """The same at every attempt, so that a message that got it can be found again."""
    digest = blake2b(f"{mailbox_key}\0{source_id}".encode(), digest_size=16).hexdigest()
    return f"<{digest}@syncbot.invalid>"


async def _head(mime: Mime) -> bytes:
    """What was read of it so far, at least to the end of the header."""
    head = mime.first
    while mime.rest is not None and len(head) < LONGEST_HEADER and _end(head) is None:
        piece = await anext(mime.rest, b"")
        if not piece:
            break
        head += piece
    return head


def _message_id(head: bytes) -> str | None:
    """The same whatever pieces the message came in."""
    head = head[:LONGEST_HEADER]
    header = head[: _end(head)]
    named_at = header.lower().find(_NAME)
    field = _FIELD.search(header, named_at) if named_at >= 0 else None
    value = field[1].decode("utf-8", "replace") if field else ""
    return _UNPRINTABLE.sub(" ", value).strip() or None


def _end(head: bytes) -> int | None:
    """Where the first empty line begins, of either line ending; None where there is none yet."""
    if head.startswith((b"\n", b"\r\n")):
        return 0
    windows = head.find(b"\n\r\n")
    unix = head.find(b"\n\n", 0, windows if windows >= 0 else None)
    found = unix if unix >= 0 else windows
    return found + 1 if found >= 0 else None
