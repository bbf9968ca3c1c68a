"""Times on the wire: RFC 3339, always with an offset, kept in UTC."""

import re
from datetime import UTC, datetime, timedelta

_PATTERN = (
    r"-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)"
    r"(\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
)
"""RFC 3339, section 5.6, `date-time` after the year, with fractions down to nanoseconds."""

ANY_PATTERN = "^[0-9]{4}" + _PATTERN
PATTERN = "^20[0-9]{2}" + _PATTERN

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
"""How far an event's time may be ahead of our clock. A success dated 2090 would hide all later failures."""

_RFC3339 = re.compile(ANY_PATTERN)
_NAIVE = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9:.]+)?$")
_EXAMPLE = "2026-03-09T08:30:00Z"


def read_time(value: object) -> object:
    """A time between 2000 and 2100 in UTC, from a string; anything that is no string goes on unread."""
    at = _read(value)
    if isinstance(at, datetime) and not EARLIEST <= at < LATEST:
        raise ValueError("must lie between the years 2000 and 2100")
    return at


def read_mail_time(value: object) -> object:
    """As `read_time`, but None for an absurd time: a damaged Date header must not lose the failure."""
    at = _read(value)
    return None if isinstance(at, datetime) and not EPOCH <= at < LATEST else at


def check_not_ahead(at: datetime, received_at: datetime) -> None:
    if at > received_at + AHEAD:
        raise ValueError("`time` is more than a day ahead of our clock; check the clock of the engine")


def _read(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not _RFC3339.match(value):
        raise ValueError(_complaint(value))
    return _in_utc(value)


def _in_utc(text: str) -> datetime:
    """A leap second (RFC 3339, section 5.7) is read as the second before: `datetime` has no 61st."""
    plain = text.upper()[:17] + ("59" if text[17:19] == "60" else text[17:19]) + text.upper()[19:]
    try:
        return datetime.fromisoformat(plain).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("is not a date that exists") from None


def _complaint(text: str) -> str:
    if _NAIVE.match(text):
        return f"has no offset from UTC; write it as {_EXAMPLE} or with +02:00 (RFC 3339)"
    return f"must be a time such as {_EXAMPLE} (RFC 3339)"
