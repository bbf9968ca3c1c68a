"""How far a run or a retry of several items is: a bar, the numbers, the pace, and what that leaves."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from blocks import words
from blocks.kit import Block, section, stack
from blocks.plans import Task, TaskState, plan
from blocks.text import person, when
from bot.views.under_way import CauseProgress, RetryProgress, RunProgress, UnderWay

_WIDTH = 12
_MINUTE = timedelta(minutes=1)
_JUDGED_FROM = timedelta(seconds=1)
"""Before, a rate says nothing yet."""

_LONGEST_SECONDS = 90 * 86_400
"""What would take longer is not foretold."""

_UNKNOWN = "pace unknown yet"
_CAUSES = 10


def in_view(under_way: UnderWay) -> list[Block]:
    """In a modal, and wherever only safe blocks are."""
    told = [run(under_way.run)] if under_way.run else []
    return [section(text) for text in (*told, *map(retry, under_way.retries))]


def in_message(under_way: UnderWay, *, safe: bool) -> list[Block]:
    """With a plan of what is retried, by cause, while it goes on."""
    if safe:
        return in_view(under_way)
    ran = section(run(under_way.run)) if under_way.run else None
    return stack(ran, *(in_plan(each) for each in under_way.retries))


def in_plan(progress: RetryProgress) -> Block:
    """Its steps are the causes. What has ended is told in one line."""
    if progress.ended_at or not progress.causes:
        return section(retry(progress))
    return plan(f"Retry: {_so_far(progress)}", _tasks(progress.causes))


def run(run: RunProgress) -> str:
    return f"*{words.run_kind(run.kind)} running* since {when(run.started_at)}\n{how_far(run)}"


def how_far(run: RunProgress) -> str:
    if run.done is None or (run.done == 0 and not run.total):
        return "no progress reported yet"
    return progress(run.done, run.total, began_at=run.started_at, heard_at=run.heard_at)


def retry(told: RetryProgress) -> str:
    """The last word says how it ended."""
    by = f"asked for by {person(told.actor)}"
    if told.ended_at:
        return f"*{_title(told)} ended* {when(told.ended_at)}, {by}\n{words.sentence(_ends(told))}"
    return f"*{_title(told)}* since {when(told.began_at)}, {by}\n{_bar_of(told)}\n{_ends(told)}"


def progress(done: int, total: int | None, *, began_at: datetime, heard_at: datetime | None) -> str:
    """A bar, and below it the words. Of what was last heard: so it says the same until more is heard."""
    told = _paced(done, total, (heard_at or began_at) - began_at)
    return f"{bar(done, total)}\n{told}" if total else told


def bar(done: int, total: int) -> str:
    """Full only at the end."""
    filled = min(_WIDTH, max(0, done) * _WIDTH // max(1, total))
    return "█" * filled + "░" * (_WIDTH - filled)


def _title(told: RetryProgress) -> str:
    return f"Retry of {words.count(told.requested, 'item')}"


def _bar_of(told: RetryProgress) -> str:
    return progress(told.answered, told.requested, began_at=told.began_at, heard_at=told.heard_at)


def _so_far(told: RetryProgress) -> str:
    return _paced(told.answered, told.requested, (told.heard_at or told.began_at) - told.began_at)


def _ends(told: RetryProgress | CauseProgress) -> str:
    """How its items ended, and how many have not yet."""
    counts = (
        (told.healed, "healed"),
        (told.failed, "failed again"),
        (told.unanswered, "got no answer"),
        (told.requested - told.answered, "still waiting"),
    )
    return (
        ", ".join(f"{words.number(n)} {word}" for n, word in counts if n > 0) or "nothing was left to retry"
    )


def _tasks(causes: Iterable[CauseProgress]) -> list[Task]:
    return [_task(number, cause) for number, cause in enumerate(list(causes)[:_CAUSES], 1)]


def _task(number: int, cause: CauseProgress) -> Task:
    title = f"{words.capital(cause.cause)}: {_ends(cause)}"
    return Task(str(number), title, _state(cause))


def _state(cause: CauseProgress) -> TaskState:
    if not cause.answered:
        return "pending"
    if cause.answered < cause.requested:
        return "in_progress"
    return "complete" if cause.healed == cause.requested else "error"


def _paced(done: int, total: int | None, elapsed: timedelta) -> str:
    return " · ".join((words.progress(done, total), *_pace(done, total, elapsed)))


def _pace(done: int, total: int | None, elapsed: timedelta) -> tuple[str, ...]:
    if done <= 0 or elapsed < _JUDGED_FROM:
        return (_UNKNOWN,)
    rate = (words.count(max(1, int(done * (_MINUTE / elapsed))), "item") + " a minute",)
    left = elapsed.total_seconds() * (max(0, (total or 0) - done) / done)
    if not 0 < left < _LONGEST_SECONDS:
        return rate
    return (*rate, f"about {words.duration(_rounded(timedelta(seconds=left)))} left")


def _rounded(left: timedelta) -> timedelta:
    """Whole seconds below a minute, else whole minutes: nobody believes more."""
    unit = timedelta(seconds=1) if left < _MINUTE else _MINUTE
    return max(unit, round(left / unit) * unit)
