"""A credential that runs out is told once each step, and never again once it is renewed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.expiring import NOTHING, Move, Standing, move, step_at, urgency_of_step
from bot.domain.values import Ending, Step
from bot.domain.wishes import Urgency

END = datetime(2027, 1, 31, tzinfo=UTC)
YEAR = timedelta(days=365)


def before(days: float) -> datetime:
    return END - timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (30.01, None),
        (30, Step.MONTH),
        (7.01, Step.MONTH),
        (7, Step.WEEK),
        (1.01, Step.WEEK),
        (1, Step.DAY),
        (0.01, Step.DAY),
        (0, Step.EXPIRED),
        (-400, Step.EXPIRED),
    ],
)
def test_the_end_comes_nearer_in_steps(days: float, step: Step | None) -> None:
    assert step_at(END, before(days)) is step


def test_it_becomes_more_urgent() -> None:
    urgencies = [urgency_of_step(step) for step in Step]
    assert urgencies == [Urgency.WARNING, Urgency.ERROR, Urgency.CRITICAL, Urgency.CRITICAL]


@pytest.mark.parametrize(
    ("standing", "expires_at", "days", "expected"),
    [
        (None, None, 0, NOTHING),
        (None, END, 31, NOTHING),
        (None, END, 30, Move(opened=Step.MONTH)),
        (None, END, -5, Move(opened=Step.EXPIRED)),
        (Standing(Step.MONTH, END), END, 10, NOTHING),
        (Standing(Step.MONTH, END), END, 31, NOTHING),
        (Standing(Step.MONTH, END), END, 7, Move(Ending.TOLD_ANEW, opened=Step.WEEK)),
        (Standing(Step.WEEK, END), END, 1, Move(Ending.TOLD_ANEW, opened=Step.DAY)),
        (Standing(Step.MONTH, END), END, -1, Move(Ending.TOLD_ANEW, opened=Step.EXPIRED)),
        (Standing(Step.DAY, END), END, 0, Move(raised=Step.EXPIRED)),
        (Standing(Step.EXPIRED, END), END, -9, NOTHING),
        (Standing(Step.EXPIRED, END), END + YEAR, -9, Move(Ending.RENEWED)),
        (Standing(Step.DAY, END), END + timedelta(days=5), 1, Move(Ending.RENEWED, opened=Step.WEEK)),
        (Standing(Step.MONTH, END), END - timedelta(days=25), 29, Move(Ending.TOLD_ANEW, opened=Step.WEEK)),
        (Standing(Step.MONTH, END), None, 10, Move(Ending.GONE)),
    ],
)
def test_what_becomes_of_an_alert(
    standing: Standing | None, expires_at: datetime | None, days: float, expected: Move
) -> None:
    assert move(standing, expires_at, before(days)) == expected


@given(st.lists(st.floats(-40, 40), min_size=1, max_size=40))
def test_however_seldom_it_is_looked_at_no_step_is_told_twice(days: list[float]) -> None:
    standing, told = None, []
    for each in sorted(days, reverse=True):
        done = move(standing, END, before(each))
        step = done.opened or done.raised
        if step:
            standing = Standing(step, END)
        if done.opened:
            told.append(done.opened)
    assert told == sorted(set(told))
    assert (standing.step if standing else None) is step_at(END, before(min(days)))
