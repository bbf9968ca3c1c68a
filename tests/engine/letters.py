"""Messages of every kind that matters to the journal, each with a number that both sides know it by."""

import random
import re
from dataclasses import dataclass

from bot.sandbox.graph import Message

_NUMBER = re.compile(rb"^X-Number: (\d+)\r?$", re.MULTILINE)
_MADE_UP = re.compile(rb"Message-ID: <[0-9a-f]{32}@syncbot\.invalid>\r\n")
_TEXT = "The offer for the office is in the attachment; please answer by Friday. Grüße"
LARGE = 5_500_000
"""Bytes. Above Gmail's 5 MB, so that it is sent in several pieces."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message at the source, as it was delivered. Two copies of one message have the same number."""

    number: int
    mime: bytes
    message: Message


def written(number: int, chosen: random.Random, *, sender: str, size: int = 0) -> bytes:
    """Every third one has no Message-ID, some have bare line feeds, or the field in another spelling."""
    end = chosen.choice(["\r\n", "\r\n", "\n"])
    field = chosen.choice(["Message-ID", "message-id", "Message-Id"])
    id_ = f"<{number}.{chosen.randrange(10**9)}@old.example>"
    identity = [] if number % 3 == 0 else [f"{field}: {id_}" if number % 4 else f"{field}:{end} {id_}"]
    fields = [f"From: {sender}", *identity, f"Subject: Offer {number}", f"X-Number: {number}"]
    lines = [_TEXT] * (size // len(_TEXT) or chosen.randrange(40))
    return end.join([*fields, "", *lines, ""]).encode()


def number_of(mime: bytes) -> int:
    found = _NUMBER.search(mime)
    assert found, "a message that nobody wrote"
    return int(found[1])


def is_unaltered(mime: bytes, arrived: bytes) -> bool:
    """Byte by byte, but for the Message-ID that one without any was given."""
    if re.search(rb"^message-id:", mime, re.IGNORECASE | re.MULTILINE):
        return arrived == mime
    given = _MADE_UP.match(arrived)
    return given is not None and arrived[given.end() :] == mime
