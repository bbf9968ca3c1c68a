"""When a credential that runs out is worth an alert, how urgent it is, and what becomes of the alert."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.values import Credential, Ending, Step
from bot.domain.wishes import Urgency

_URGENCY = {
    Step.MONTH: Urgency.WARNING,
    Step.WEEK: Urgency.ERROR,
    Step.DAY: Urgency.CRITICAL,
    Step.EXPIRED: Urgency.CRITICAL,
}
_WITHIN = {
    Step.EXPIRED: timedelta(0),
    Step.DAY: timedelta(days=1),
    Step.WEEK: timedelta(days=7),
    Step.MONTH: timedelta(days=30),
}


@dataclass(frozen=True, slots=True)
class Expiry:
    """Until when a connection's credential holds; `expires_at` is None where nobody knows.

    `code` is the failure that mailboxes have from then on. `is_declared`: somebody wrote the day down, and
    may forget to when the credential is renewed.
    """

    connection: str
    code: str
    credential: Credential
    expires_at: datetime | None
    is_declared: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """An open alert: which step it tells, of which end."""

    step: Step
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """What is to be done about an alert: end it, open one in its place, or only bring it up to date."""

    ending: Ending | None = None
    opened: Step | None = None
    raised: Step | None = None


NOTHING = Move()


def urgency_of_step(step: Step) -> Urgency:
    return _URGENCY[step]


def step_at(expires_at: datetime, now: datetime) -> Step | None:
    """None while there is time enough."""
    return next((step for step, within in _WITHIN.items() if expires_at - now <= within), None)


def move(standing: Standing | None, expires_at: datetime | None, now: datetime) -> Move:
    """`standing` is None where no alert is open; a clock that was set back takes no step back."""
    step = step_at(expires_at, now) if expires_at else None
    if standing is None:
        return Move(opened=step) if step else NOTHING
    if expires_at is None:
        return Move(Ending.GONE)
    if expires_at != standing.expires_at:
        is_later = expires_at > standing.expires_at
        return Move(Ending.RENEWED if is_later else Ending.TOLD_ANEW, opened=step)
    if step is None or step <= standing.step:
        return NOTHING
    if (standing.step, step) == (Step.DAY, Step.EXPIRED):
        return Move(raised=step)
    return Move(Ending.TOLD_ANEW, opened=step)
