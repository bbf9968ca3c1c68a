"""When a channel's digest is due, which period it is about, and into which parts that is divided.

Nothing is remembered but the newest period that was told: whenever it is asked, after a restart or a month
without power, at most one digest is due.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.domain.wishes import Cadence, DigestPlan

WEEK = 7
PART = timedelta(hours=3)
LATE = timedelta(hours=1)
"""From then on a digest says that it comes late."""


@dataclass(frozen=True, slots=True)
class Period:
    """From `begins_at` until just before `ends_at`."""

    begins_at: datetime
    ends_at: datetime


def due(plan: DigestPlan, now: datetime, *, told: datetime | None, since: datetime | None) -> Period | None:
    """The newest period that is over, unless it was told.

    `told` is the end of the newest one that was; `since` is when the channel's wishes became what they are:
    what was over by then, they do not ask for.
    """
    newest = newest_period(plan, now)
    known = [each for each in (told, since) if each is not None]
    return newest if all(each < newest.ends_at for each in known) else None


def newest_period(plan: DigestPlan, now: datetime) -> Period:
    ends_at, begins_at = islice(_ends(plan, now), 2)
    return Period(begins_at, ends_at)


def is_late(period: Period, now: datetime) -> bool:
    return now - period.ends_at >= LATE


def parts(plan: DigestPlan, period: Period) -> tuple[datetime, ...]:
    """When each part begins: the days of a week, or three hours each of a day. The last may be shorter."""
    if plan.cadence is Cadence.WEEKLY:
        days = DigestPlan(Cadence.DAILY, plan.zone, plan.at)
        inner = [each for each in islice(_ends(days, period.ends_at), WEEK + 2) if each < period.ends_at]
        return tuple(sorted(each for each in inner if each >= period.begins_at))
    count = max(1, -(-(period.ends_at - period.begins_at) // PART))
    return tuple(period.begins_at + PART * number for number in range(count))


def _ends(plan: DigestPlan, now: datetime) -> Iterator[datetime]:
    """Ends of periods up to now, the newest first: each moment once, though a zone skip a whole day."""
    zone, last = ZoneInfo(plan.zone), None
    for day in _days(plan, now.astimezone(zone).date() + timedelta(days=1)):
        at = datetime.combine(day, plan.at, zone).astimezone(UTC)
        if at <= now and at != last:
            last = at
            yield at


def _days(plan: DigestPlan, newest: date) -> Iterator[date]:
    """Downwards. Of an hour that clocks repeat, the first counts; one that they skip is the one after it."""
    step = WEEK if plan.cadence is Cadence.WEEKLY else 1
    back = (newest.weekday() - plan.weekday) % WEEK if plan.cadence is Cadence.WEEKLY else 0
    first = newest - timedelta(days=back)
    while True:
        yield first
        first -= timedelta(days=step)
