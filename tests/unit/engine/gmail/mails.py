"""Messages as the engine hands them over, and the connection through which they go."""

import json
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from bot.domain.connections import GoogleWorkspace, Keeper, SecretRef
from bot.engine.sides import Mime
from bot.sandbox.gmail import GmailStandIn

ANN = "ann@example.com"
BEN = "ben@example.com"
PIECE = 64 * 1024
CHUNK = 256 * 1024


def mail(number: int = 1, *, sender: str = "zoe@example.org", body: bytes = b"Text\r\n") -> bytes:
    head = (
        f"From: Zoe <{sender}>\r\nTo: {ANN}\r\nSubject: Hello\r\n"
        f"Message-ID: <{number}@example.org>\r\nDate: Fri, 02 Jan 2026 03:04:05 +0100\r\n\r\n"
    )
    return head.encode() + body


def mail_of(size: int, number: int = 1) -> bytes:
    """Bytes of every kind, so that a lost or changed one shows."""
    head = mail(number, body=b"")
    pattern = bytes(range(256)) + b"\r\n--\r\n\n\r.\r\n"
    return (head + pattern * (size // len(pattern) + 1))[:size]


def mime(message: bytes, *, piece: int = PIECE, size: int | None = None) -> Mime:
    return Mime(size, rest=pieces(message[at : at + piece] for at in range(0, len(message), piece)))


async def pieces(of: Iterable[bytes]) -> AsyncIterator[bytes]:
    for each in of:
        yield each


def connection(path: Path) -> GoogleWorkspace:
    return GoogleWorkspace("google", SecretRef(Keeper.FILE, str(path)))


def write_key(path: Path, gmail: GmailStandIn, **changes: str) -> None:
    path.write_text(json.dumps(gmail.key() | changes), encoding="utf-8")
