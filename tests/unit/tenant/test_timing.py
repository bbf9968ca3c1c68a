"""When mailboxes are due after their policy changed."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.schedule import SHORTEST_REST
from bot.tenant.timing import Rhythm, Timing, due_after

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
INTERVALS = st.sampled_from([HOUR, 6 * HOUR, DAY, WEEK, 4 * WEEK])
AHEAD = st.timedeltas(timedelta(seconds=1), 4 * WEEK)
BEFORE = st.timedeltas(timedelta(0), 4 * WEEK)


def timing(due: timedelta | None, latest: timedelta | None = None, key: str = "ana@a.example") -> Timing:
    return Timing(key, None if due is None else NOW + due, None if latest is None else NOW - latest)


@pytest.mark.parametrize("due", [None, -HOUR, HOUR])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Rhythm(HOUR, active=True), Rhythm(HOUR, active=True)),
        (Rhythm(HOUR, active=False), Rhythm(HOUR, active=False)),
        (Rhythm(HOUR, active=True), Rhythm(DAY, active=False)),
        (None, Rhythm(DAY, active=False)),
    ],
)
def test_nothing_moves_where_the_rhythm_stays_or_stands_still(
    due: timedelta | None, before: Rhythm | None, after: Rhythm
) -> None:
    assert due_after(timing(due), before, after, NOW, 1) == timing(due).due_at


@pytest.mark.parametrize("due", [None, -WEEK, HOUR, WEEK])
def test_what_is_switched_on_is_spread_over_one_interval(due: timedelta | None) -> None:
    off, on = Rhythm(DAY, active=False), Rhythm(DAY, active=True)
    ran = (timing(due, HOUR, key=f"u{n}@a.example") for n in range(240))
    times = sorted(due_after(each, off, on, NOW, 1) or NOW for each in ran)
    assert NOW <= times[0] <= times[-1] <= NOW + DAY
    assert max(later - earlier for earlier, later in pairwise(times)) < 2 * HOUR


def test_with_another_interval_who_is_due_already_stays_so() -> None:
    before, after = Rhythm(HOUR, active=True), Rhythm(WEEK, active=True)
    assert due_after(timing(-HOUR), before, after, NOW, 1) == NOW - HOUR


@given(old=INTERVALS, new=INTERVALS, due=AHEAD, latest=st.none() | BEFORE)
def test_with_another_interval_nobody_waits_longer_than_it_beyond_before(
    old: timedelta, new: timedelta, due: timedelta, latest: timedelta | None
) -> None:
    before = timing(due, latest)
    assert before.due_at
    found = due_after(before, Rhythm(old, active=True), Rhythm(new, active=True), NOW, 1)
    assert found is not None
    assert NOW <= found <= max(before.due_at + (new if new != old else timedelta(0)), NOW)


@given(new=INTERVALS, due=AHEAD)
def test_with_a_shorter_interval_a_mailbox_is_due_within_one_and_a_half_of_it(
    new: timedelta, due: timedelta
) -> None:
    found = due_after(timing(due), Rhythm(8 * WEEK, active=True), Rhythm(new, active=True), NOW, 1)
    assert found is not None
    assert found <= NOW + (1 + SHORTEST_REST) * new


def test_a_mailbox_without_a_time_gets_one() -> None:
    found = due_after(timing(None, HOUR), Rhythm(HOUR, active=True), Rhythm(DAY, active=True), NOW, 1)
    assert found is not None
    assert NOW < found <= NOW + 1.5 * DAY


def test_those_that_never_ran_begin_as_new_ones_do_once_they_are_switched_on() -> None:
    off, on = Rhythm(WEEK, active=False), Rhythm(WEEK, active=True)
    times = [due_after(timing(None, key=f"u{n}@a.example"), off, on, NOW, 1_000) for n in range(1_000)]
    assert all(time and NOW <= time < NOW + timedelta(minutes=6) for time in times)
    assert due_after(timing(None), off, on, NOW, 5) == NOW
