"""When mailboxes are due after their policy changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.schedule import SHORTEST_REST, first_sync_at, next_sync_at


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a policy lets its mailboxes sync."""

    interval: timedelta
    active: bool


@dataclass(frozen=True, slots=True)
class Timing:
    """When a mailbox is due, and when its newest run began."""

    key: str
    due_at: datetime | None
    latest_sync_at: datetime | None


def due_after(
    timing: Timing, before: Rhythm | None, after: Rhythm, now: datetime, beginners: int
) -> datetime | None:
    """When it is due from now on; as it was where its rhythm did not change, or stands still.

    What was switched on is spread over one interval; of those that never ran, so many begin together. With
    another interval, whoever is due already stays so; the others keep the rest after their newest run, and
    wait at most one new interval longer than before.
    """
    if not after.active or before == after:
        return timing.due_at
    if before is not None and before.active:
        return _in_new_rhythm(timing, after.interval, now)
    if timing.latest_sync_at is None:
        return first_sync_at(now, after.interval, timing.key, beginners)
    return _first_own_time(timing.key, now, after.interval)


def _first_own_time(key: str, earliest: datetime, interval: timedelta) -> datetime:
    return next_sync_at(earliest - SHORTEST_REST * interval, interval, key)


def _in_new_rhythm(timing: Timing, interval: timedelta, now: datetime) -> datetime:
    if timing.due_at is not None and timing.due_at <= now:
        return timing.due_at
    rested_at = (timing.latest_sync_at or now) + SHORTEST_REST * interval
    due_at = _first_own_time(timing.key, max(rested_at, now), interval)
    return due_at if timing.due_at is None else min(due_at, timing.due_at + interval)
