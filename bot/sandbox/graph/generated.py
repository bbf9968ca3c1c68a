"""Realistic messages by the thousand: each is made from a seed and a number when it is read."""

import base64
import email.utils
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from bot.sandbox.graph.mime import Envelope

KIB = 1024
LINE = 78
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
WITH_ATTACHMENT = 5
WORDS = (
    "offer",
    "order",
    "invoice",
    "meeting",
    "minutes",
    "travel",
    "budget",
    "contract",
    "delivery",
    "planning",
    "report",
    "question",
    "answer",
    "draft",
    "review",
    "team",
    "office",
    "customer",
    "schedule",
    "holiday",
    "training",
    "project",
    "update",
)
PEOPLE = ("Ada Lovelace", "Grace Hopper", "Karl Weber", "Émilie Roux", "Noor Haddad", "Ivo Petrov")
WRITTEN = tuple(email.utils.formataddr((name, f"person{at}@example.com")) for at, name in enumerate(PEOPLE))
BOUNDARY = "=_part_of_a_generated_message"


@lru_cache(maxsize=8)
def _text_lines(seed: int) -> bytes:
    chosen = random.Random(seed)
    lines = (" ".join(chosen.choices(WORDS, k=14))[: LINE - 2].ljust(LINE - 2) for _ in range(1_000))
    return "".join(f"{line}\r\n" for line in lines).encode()


@lru_cache(maxsize=8)
def _base64_lines(seed: int) -> bytes:
    raw = random.Random(seed).randbytes(57 * 1_000)
    lines = (base64.b64encode(raw[at : at + 57]) for at in range(0, len(raw), 57))
    return b"".join(line + b"\r\n" for line in lines)


@dataclass(frozen=True)
class Batch:
    """What generated messages of one seed share. Sizes are in bytes and whole lines, so never exceeded."""

    seed: int
    smallest: int = 2 * KIB
    largest: int = 60 * KIB
    has_message_ids: bool = True

    @property
    def text(self) -> bytes:
        return _text_lines(self.seed)

    @property
    def attachment(self) -> bytes:
        return _base64_lines(self.seed)

    def size_of(self, index: int) -> int:
        spread = max(1, self.largest - self.smallest + 1)
        return self.smallest + (index * 2_654_435_761 + self.seed * 40_503) % spread


@dataclass(frozen=True, slots=True)
class GeneratedMime:
    batch: Batch
    index: int

    @property
    def size(self) -> int:
        return len(self._whole())

    @property
    def envelope(self) -> Envelope:
        name, address = self._person(self.index)
        return Envelope(
            subject=self._subject(),
            message_id=self._message_id() if self.batch.has_message_ids else None,
            sender=(name, address),
            to=(self._person(self.index + 1),),
            sent_at=self.sent_at,
            has_attachments=self._has_attachment,
        )

    @property
    def sent_at(self) -> datetime:
        return EPOCH + timedelta(minutes=7 * self.index)

    def chunks(self) -> Iterator[bytes]:
        yield self._whole()

    def _whole(self) -> bytes:
        parts = self._parts() if self._has_attachment else (self._head("text/plain; charset=utf-8"), b"")
        head, tail = parts
        filler = self.batch.attachment if self._has_attachment else self.batch.text
        wanted = (self.batch.size_of(self.index) - len(head) - len(tail)) // LINE * LINE
        return head + _lines(filler, max(LINE, wanted)) + tail

    def _parts(self) -> tuple[bytes, bytes]:
        head = (
            self._head(f'multipart/mixed; boundary="{BOUNDARY}"')
            + (
                f"--{BOUNDARY}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nSee the attachment.\r\n"
                f"--{BOUNDARY}\r\nContent-Type: application/pdf; name=file.pdf\r\n"
                "Content-Disposition: attachment; filename=file.pdf\r\n"
                "Content-Transfer-Encoding: base64\r\n\r\n"
            ).encode()
        )
        return head, f"--{BOUNDARY}--\r\n".encode()

    def _head(self, content_type: str) -> bytes:
        identity = f"Message-ID: {self._message_id()}\r\n" if self.batch.has_message_ids else ""
        sender, to = WRITTEN[self._person_at(self.index)], WRITTEN[self._person_at(self.index + 1)]
        return (
            f"From: {sender}\r\nTo: {to}\r\n"
            f"Subject: {self._subject()}\r\nDate: {email.utils.format_datetime(self.sent_at)}\r\n"
            f"{identity}MIME-Version: 1.0\r\nContent-Type: {content_type}\r\n\r\n"
        ).encode()

    @property
    def _has_attachment(self) -> bool:
        return self.index % WITH_ATTACHMENT == WITH_ATTACHMENT - 1

    def _subject(self) -> str:
        first = WORDS[(self.index + self.batch.seed) % len(WORDS)]
        return f"{first.capitalize()} {WORDS[self.index * 7 % len(WORDS)]} {self.index}"

    def _message_id(self) -> str:
        return f"<{self.batch.seed}.{self.index}@mail.example.com>"

    def _person_at(self, index: int) -> int:
        return (index * 5 + self.batch.seed) % len(PEOPLE)

    def _person(self, index: int) -> tuple[str, str]:
        at = self._person_at(index)
        return PEOPLE[at], f"person{at}@example.com"


def _lines(filler: bytes, wanted: int) -> bytes:
    if wanted <= len(filler):
        return filler[:wanted]
    return (filler * (wanted // len(filler) + 1))[:wanted]
