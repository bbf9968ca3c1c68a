"""When a loss that somebody accepted is a failure again."""

from dataclasses import dataclass
from datetime import datetime

REASON_SHORTEST, REASON_LONGEST = 3, 300
"""Characters of the reason that a dismissal needs."""


@dataclass(frozen=True, slots=True)
class Report:
    """What tells one failure of an item from another. None: the engine did not say."""

    code: str
    subject: str | None = None
    received_at: datetime | None = None
    size: int | None = None


def comes_back(dismissed: Report, again: Report) -> bool:
    """Whether a failed item that was dismissed is to be shown anew, after it failed again.

    An engine that tries it with every run reports the same loss each time, and was heard the first time. What
    fails for another reason, or was changed since, is another loss, which nobody accepted.
    """
    return dismissed.code != again.code or any(
        _differs(was, now)
        for was, now in (
            (dismissed.subject, again.subject),
            (dismissed.received_at, again.received_at),
            (dismissed.size, again.size),
        )
    )


def _differs(was: object, now: object) -> bool:
    return was is not None and now is not None and was != now
