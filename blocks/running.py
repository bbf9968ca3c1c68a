"""How far a run is: a bar, the numbers, how fast it goes, and what that leaves."""

from datetime import datetime, timedelta

from blocks import words

_WIDTH = 12
_MINUTE = timedelta(minutes=1)
_JUDGED_FROM = timedelta(seconds=1)
"""Before, a rate says nothing yet."""

_LONGEST_SECONDS = 90 * 86_400
"""What would take longer is not foretold."""


def progress(done: int, total: int | None, *, began_at: datetime, heard_at: datetime | None) -> str:
    """A bar, and below it the words. Of what was last heard: so it says the same until more is heard."""
    told = " · ".join((words.progress(done, total), *_pace(done, total, (heard_at or began_at) - began_at)))
    return f"{bar(done, total)}\n{told}" if total else told


def bar(done: int, total: int) -> str:
    """Full only at the end."""
    filled = min(_WIDTH, max(0, done) * _WIDTH // max(1, total))
    return "█" * filled + "░" * (_WIDTH - filled)


def _pace(done: int, total: int | None, elapsed: timedelta) -> tuple[str, ...]:
    if done <= 0 or elapsed < _JUDGED_FROM:
        return ()
    rate = (words.count(max(1, int(done * (_MINUTE / elapsed))), "item") + " a minute",)
    left = elapsed.total_seconds() * (max(0, (total or 0) - done) / done)
    if not 0 < left < _LONGEST_SECONDS:
        return rate
    return (*rate, f"about {words.duration(_rounded(timedelta(seconds=left)))} left")


def _rounded(left: timedelta) -> timedelta:
    """Whole seconds below a minute, else whole minutes: nobody believes more."""
    unit = timedelta(seconds=1) if left < _MINUTE else _MINUTE
    return max(unit, round(left / unit) * unit)
