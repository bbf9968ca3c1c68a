"""What Gmail reads of a message: a few headers, by bytes, without parsing the body."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.sandbox.gmail.errors import ApiError
from bot.sandbox.gmail.rules import Rules

_FIELD = re.compile(
    rb"^(from|subject|date|message-id|references|in-reply-to)[ \t]*:[ \t]*(.*(?:\r?\n[ \t].*)*)",
    re.MULTILINE | re.IGNORECASE,
)
_FIRST_LINE = re.compile(rb"[!-9;-~]+[ \t]*:")
_HOLDS_FILES = re.compile(rb"multipart/|message/|name", re.IGNORECASE)
_ID = re.compile(r"<[^<>\s]+>")
_PREFIXES = re.compile(r"^(?:(?:re|fwd?|aw|wg)\s*:\s*)+", re.IGNORECASE)
_FOLD = re.compile(r"\r?\n[ \t]+")


@dataclass(frozen=True, slots=True)
class Mail:
    """`raw` is what was uploaded, byte for byte; `fields` are the header fields that count here.

    Their names are in lower case, their values unfolded; of those that repeat, the first counts. `senders` is
    how many From headers there are.
    """

    raw: bytes
    head: bytes
    fields: dict[str, str]
    senders: int

    def header(self, name: str) -> str:
        """Empty where there is none."""
        return self.fields.get(name, "")

    @property
    def message_id(self) -> str | None:
        found = _ID.search(self.header("message-id"))
        return found[0] if found else None

    @property
    def references(self) -> list[str]:
        """What it answers, the nearest first."""
        return _ID.findall(f"{self.header('references')} {self.header('in-reply-to')}")[::-1]

    @property
    def topic(self) -> str:
        """The subject without the marks of answers, so that an answer has the subject of its question."""
        return _PREFIXES.sub("", self.header("subject")).strip().lower()

    def date(self) -> datetime | None:
        """None where the Date header is missing or not valid."""
        try:
            found = parsedate_to_datetime(self.header("date"))
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            return None


def read(raw: bytes, rules: Rules) -> Mail:
    """Refuses what is no message of RFC 5322, what has no sender, and what Gmail will not carry."""
    if not raw:
        raise ApiError("rawRequired")
    if len(raw) > rules.max_message:
        raise ApiError("uploadTooLarge")
    mail = _split(raw)
    if rules.one_from_header and mail.senders != 1:
        raise ApiError("invalidFrom")
    if _carries_blocked(mail, rules.blocked_extensions):
        raise ApiError("invalidAttachment")
    return mail


def _split(raw: bytes) -> Mail:
    head = raw[: head_and_gap(raw)[0]]
    if not _FIRST_LINE.match(head):
        raise ApiError("invalidArgument")
    found = [(_text(name).lower(), _FOLD.sub(" ", _text(value))) for name, value in _FIELD.findall(head)]
    return Mail(raw, head, dict(reversed(found)), sum(name == "from" for name, _ in found))


def _text(value: bytes) -> str:
    return value.strip().decode("utf-8", "replace")


def head_and_gap(raw: bytes) -> tuple[int, int]:
    """Where the headers end and where the body begins, by the first empty line, however lines end."""
    end = raw.find(b"\r\n\r\n")
    bare = raw.find(b"\n\n", 0, end if end >= 0 else len(raw))
    if bare >= 0:
        return bare, bare + 2
    return (end, end + 4) if end >= 0 else (len(raw), len(raw))


def _carries_blocked(mail: Mail, extensions: frozenset[str]) -> bool:
    """Parsed with care only where the bytes name such a file at all: most messages name none."""
    if not _HOLDS_FILES.search(mail.head) or not _mentions(mail.raw, extensions):
        return False
    parsed = email.message_from_bytes(mail.raw, policy=email.policy.compat32)
    return any(_extension(part.get_filename()) in extensions for part in parsed.walk())


def _mentions(raw: bytes, extensions: frozenset[str]) -> bool:
    lowered = raw.lower()
    at = lowered.find(b"name")
    while at >= 0:
        line = lowered[at : at + 400].split(b";")[0]
        if lowered[at + 4 : at + 5] in b"=*" and any(b"." + each.encode() in line for each in extensions):
            return True
        at = lowered.find(b"name", at + 4)
    return False


def _extension(filename: str | None) -> str:
    return filename.strip().rpartition(".")[2].lower() if filename and "." in filename else ""
