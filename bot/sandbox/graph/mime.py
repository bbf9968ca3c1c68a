"""The MIME of a message: bytes, or a source that makes them when they are asked for."""

import email.utils
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from typing import Protocol, runtime_checkable

MIB = 1024 * 1024
Address = tuple[str, str]


@runtime_checkable
class MimeSource(Protocol):
    @property
    def size(self) -> int: ...

    def chunks(self) -> Iterator[bytes]:
        """The same bytes each time; every header is in the first chunk."""
        ...


@dataclass(frozen=True)
class Envelope:
    """What Exchange keeps as properties. Addresses are (name, address)."""

    subject: str = ""
    message_id: str | None = None
    sender: Address | None = None
    to: tuple[Address, ...] = ()
    sent_at: datetime | None = None
    has_attachments: bool = False


@dataclass(frozen=True)
class BytesMime:
    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)

    def chunks(self) -> Iterator[bytes]:
        yield self.data


@dataclass(frozen=True)
class RepeatedMime:
    """`head` (headers, blank line), then `block` again and again up to `size`: large, yet small here."""

    head: bytes
    size: int
    block: bytes = (b"0123456789ABCDEF" * 4 + b"\r\n") * 1024

    def chunks(self) -> Iterator[bytes]:
        yield self.head[: self.size]
        left = self.size - len(self.head)
        while left > 0:
            yield self.block[:left]
            left -= len(self.block)


def envelope_of(source: MimeSource) -> Envelope:
    known = getattr(source, "envelope", None)
    if isinstance(known, Envelope):
        return known
    first = next(source.chunks(), b"")
    return _read(BytesHeaderParser(policy=policy.default).parsebytes(first.split(b"\r\n\r\n", 1)[0]))


def _read(headers: EmailMessage) -> Envelope:
    return Envelope(
        subject=str(headers.get("Subject", "")),
        message_id=str(headers["Message-ID"]).strip() if "Message-ID" in headers else None,
        sender=next(iter(_addresses(headers, "From")), None),
        to=_addresses(headers, "To"),
        sent_at=_sent_at(str(headers.get("Date", ""))),
        has_attachments=headers.get_content_type() == "multipart/mixed",
    )


def _addresses(headers: EmailMessage, name: str) -> tuple[Address, ...]:
    return tuple(email.utils.getaddresses([str(value) for value in headers.get_all(name, [])]))


def _sent_at(text: str) -> datetime | None:
    try:
        found = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
