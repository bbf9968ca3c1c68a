"""Failures day by day: a chart where that is allowed, and always in words."""

from collections.abc import Sequence

from blocks import words
from blocks.kit import Block, Series, bar_chart, divider, section, stack
from blocks.look import Look
from bot.views.home import FailureDay


def blocks(days: Sequence[FailureDay], look: Look) -> list[Block]:
    """Nothing where nothing failed. One day alone makes no chart."""
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


def _chart(days: Sequence[FailureDay]) -> Block:
    began = Series("Began", [day.began for day in days])
    ended = Series("Ended", [day.ended for day in days])
    return bar_chart("Failures that began and that ended", [_label(day) for day in days], (began, ended))


def _in_words(day: FailureDay) -> str:
    return f"{_label(day)}: {words.number(day.began)} began, {words.number(day.ended)} ended"


def _label(day: FailureDay) -> str:
    return f"{day.day.day} {day.day:%b}"
