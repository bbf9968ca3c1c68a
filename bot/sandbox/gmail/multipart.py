"""Reads an upload of two parts, metadata and message, by bytes.

https://developers.google.com/workspace/gmail/api/guides/uploads : multipart/related, the metadata first and
as JSON, the media second, a closing delimiter. Lines may end in LF alone, as those of Google's own Python
client do.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from functools import lru_cache

from bot.sandbox.gmail.errors import ApiError
from bot.sandbox.gmail.mail import head_and_gap

_TYPE = re.compile(r"^multipart/related\s*(;.*)$", re.IGNORECASE | re.DOTALL)
_BOUNDARY = re.compile(r";\s*boundary\s*=\s*(?:\"([^\"]{1,70})\"|([^\s;\"]{1,70}))", re.IGNORECASE)
_AS_IT_IS = frozenset({"", "7bit", "8bit", "binary"})


@dataclass(frozen=True, slots=True)
class Part:
    """`content_type` in lower case, without parameters."""

    content_type: str
    content: bytes


def two_parts(content_type: str, body: bytes) -> tuple[Part, Part]:
    parts = _parts(body, _delimiter(content_type))
    if len(parts) != 2:  # noqa: PLR2004 - the metadata and the media
        raise ApiError("badRequest", "Multipart uploads have two parts: metadata, then media.")
    return _part(parts[0]), _part(parts[1])


def _delimiter(content_type: str) -> bytes:
    related = _TYPE.match(content_type)
    if not related:
        raise ApiError("badContent", f"Media type '{content_type}' is not multipart/related.")
    boundary = _BOUNDARY.search(related[1])
    if not boundary:
        raise ApiError("badRequest", "Missing boundary of the multipart body.")
    return b"--" + (boundary[1] or boundary[2]).encode()


def _parts(body: bytes, delimiter: bytes) -> list[bytes]:
    """What stands between delimiters; the closing one is required, and nothing may come before the first."""
    if not body.startswith(delimiter):
        raise ApiError("badRequest", "The multipart body does not begin with its boundary.")
    found, at = [], len(delimiter)
    while body[at : at + 2] != b"--":
        start = _after_line(body, at)
        end = body.find(b"\n" + delimiter, start - 1)
        if end < 0:
            raise ApiError("badRequest", "The multipart body is not closed.")
        found.append(body[start : end - 1 if body[end - 1 : end] == b"\r" else end])
        at = end + 1 + len(delimiter)
    return found


def _after_line(body: bytes, at: int) -> int:
    end = body.find(b"\n", at)
    if end < 0 or body[at:end].strip():
        raise ApiError("badRequest", "Malformed multipart body.")
    return end + 1


def _part(part: bytes) -> Part:
    head, content = _split(part)
    kind, encoding = _described(head)
    return Part(kind, _decoded(content, encoding))


@lru_cache(maxsize=64)
def _described(head: bytes) -> tuple[str, str]:
    """The type of a part and its transfer encoding, in lower case; clients always say the same."""
    fields = dict(_field(line) for line in head.splitlines())
    kind = fields.get("content-type", "").partition(";")[0].strip().lower()
    return kind, fields.get("content-transfer-encoding", "").lower()


def _split(part: bytes) -> tuple[bytes, bytes]:
    end, start = head_and_gap(part)
    if end == len(part):
        raise ApiError("badRequest", "A part of the multipart body has no headers.")
    return part[:end], part[start:]


def _field(line: bytes) -> tuple[str, str]:
    name, colon, value = line.decode("latin-1").partition(":")
    if not colon or not name.strip():
        raise ApiError("badRequest", "A part of the multipart body has a malformed header.")
    return name.strip().lower(), value.strip()


def _decoded(content: bytes, encoding: str) -> bytes:
    if encoding in _AS_IT_IS:
        return content
    if encoding != "base64":
        raise ApiError("badRequest", f"Content-Transfer-Encoding {encoding} is not supported.")
    try:
        return base64.b64decode(content, validate=False)
    except binascii.Error as error:
        raise ApiError("badRequest", "The base64 of a part is broken.") from error
