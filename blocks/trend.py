"""What happened day by day: a chart where that is allowed, and always in words."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from blocks import words
from blocks.kit import Block, Part, Series, bar_chart, divider, section, stack
from blocks.look import Look
from bot.domain.values import Outcome
from bot.views.history import RunDay
from bot.views.home import FailureDay

_OUTCOMES = (Outcome.SYNCED, Outcome.PARTIAL, Outcome.FAILED)
"""Of runs that are over."""


def blocks(days: Sequence[FailureDay], look: Look) -> list[Block]:
    """Failures. Nothing where nothing failed. One day alone makes no chart."""
    told = [day for day in days if day.began or day.ended]
    if not told:
        return []
    began, ended = sum(day.began for day in days), sum(day.ended for day in days)
    title = f"*Failures of the last {words.count(len(days), 'day')}*"
    totals = f"{words.number(began)} began, {words.number(ended)} ended."
    lines = "; ".join(map(_in_words, told))
    return stack(
        divider(),
        section(f"{title}: {totals}\n{lines}"),
        _chart(days) if len(told) > 1 and not look.safe else None,
    )


def of_runs(days: Sequence[RunDay], look: Look) -> list[Block]:
    """Runs of a mailbox in a message, or on Home."""
    told = [day for day in days if _over(day)]
    return stack(in_words(days), _chart_of_runs(days) if len(told) > 1 and not look.safe else None)


def in_words(days: Sequence[RunDay]) -> Part:
    """The same for a modal, which takes no chart. Nothing where no run is over."""
    told = [day for day in days if _over(day)]
    if not told:
        return None
    totals = _counted({each: sum(day.runs.get(each, 0) for day in days) for each in _OUTCOMES})
    changes = words.count(sum(day.changes for day in days), "change")
    title = f"*Runs of the last {words.count(len(days), 'day')}*"
    lines = "; ".join(_spans(days))
    return stack(divider(), section(f"{title}: {totals}; {changes}.\n{lines}"))


def _spans(days: Sequence[RunDay]) -> Iterator[str]:
    """Days that follow one another and are alike are told together."""
    for counted, alike in groupby(days, key=lambda day: _counted(day.runs)):
        first, *more = [_label(day.day) for day in alike]
        if counted:
            yield f"{first} to {more[-1]}: {counted} a day" if more else f"{first}: {counted}"


def _over(day: RunDay) -> int:
    return sum(day.runs.get(each, 0) for each in _OUTCOMES)


def _counted(runs: dict[Outcome, int]) -> str:
    return ", ".join(
        f"{words.number(runs[each])} {words.came_out(each).lower()}" for each in _OUTCOMES if runs.get(each)
    )


def _chart_of_runs(days: Sequence[RunDay]) -> Block:
    series = [Series(words.came_out(each), [day.runs.get(each, 0) for day in days]) for each in _OUTCOMES]
    shown = [each for each in series if any(each.values)]
    return bar_chart("Runs by how they came out", [_label(day.day) for day in days], shown)


def _chart(days: Sequence[FailureDay]) -> Block:
    began = Series("Began", [day.began for day in days])
    ended = Series("Ended", [day.ended for day in days])
    return bar_chart("Failures that began and that ended", [_label(day.day) for day in days], (began, ended))


def _in_words(day: FailureDay) -> str:
    return f"{_label(day.day)}: {words.number(day.began)} began, {words.number(day.ended)} ended"


def _label(day: date) -> str:
    return f"{day.day} {day:%b}"
