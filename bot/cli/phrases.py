"""Times as a terminal shows them: in its own zone, which is named, and from now."""

from datetime import datetime, timedelta

from blocks import words

_NOW = timedelta(seconds=1)


def moment(at: datetime, now: datetime) -> str:
    """`2026-03-02 09:00 CET, 5 minutes ago`."""
    return f"{local(at)}, {relative(at, now)}"


def local(at: datetime) -> str:
    here = at.astimezone()
    return f"{here:%Y-%m-%d %H:%M} {here.tzname()}"


def relative(at: datetime, now: datetime) -> str:
    if abs(now - at) < _NOW:
        return "just now"
    return f"{words.duration(now - at)} ago" if at < now else f"in {words.duration(at - now)}"
