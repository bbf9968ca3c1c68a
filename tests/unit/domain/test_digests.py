"""A digest is due once a period, by the clock of the channel's own zone, whatever clocks and processes do."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.digests import Period, due, is_late, newest_period, parts
from bot.domain.wishes import Cadence, DigestPlan

ZURICH = "Europe/Zurich"
ZONES = (
    "UTC",
    ZURICH,
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Africa/Casablanca",
)
DAILY = DigestPlan(Cadence.DAILY, ZURICH, time(9))
WEEKLY = DigestPlan(Cadence.WEEKLY, ZURICH, time(9), weekday=0)


def utc(*parts_: int) -> datetime:
    return datetime(*parts_, tzinfo=UTC)  # type: ignore[misc,arg-type]  # as many as there are


@pytest.mark.parametrize(
    ("now", "begins", "ends"),
    [
        (utc(2026, 3, 3, 8, 0), utc(2026, 3, 2, 8), utc(2026, 3, 3, 8)),
        (utc(2026, 3, 3, 7, 59), utc(2026, 3, 1, 8), utc(2026, 3, 2, 8)),
        # Clocks go forward on the 29th: that period has 23 hours; in autumn one has 25.
        (utc(2026, 3, 29, 12), utc(2026, 3, 28, 8), utc(2026, 3, 29, 7)),
        (utc(2026, 10, 25, 12), utc(2026, 10, 24, 7), utc(2026, 10, 25, 8)),
    ],
)
def test_a_day_ends_by_the_clock_on_the_wall(now: datetime, begins: datetime, ends: datetime) -> None:
    assert newest_period(DAILY, now) == Period(begins, ends)


def test_a_week_ends_on_its_day() -> None:
    """The 30th is a Monday; clocks went forward the day before."""
    assert newest_period(WEEKLY, utc(2026, 3, 30, 7)) == Period(utc(2026, 3, 23, 8), utc(2026, 3, 30, 7))
    assert newest_period(WEEKLY, utc(2026, 3, 30, 6, 59)).ends_at == utc(2026, 3, 23, 8)
    assert newest_period(WEEKLY, utc(2026, 4, 5, 23)).ends_at == utc(2026, 3, 30, 7)


def test_an_hour_that_clocks_skip_or_repeat_counts_once() -> None:
    plan = DigestPlan(Cadence.DAILY, ZURICH, time(2, 30))
    spring = [newest_period(plan, utc(2026, 3, 29, 0) + timedelta(minutes=10 * n)).ends_at for n in range(40)]
    autumn = [newest_period(plan, utc(2026, 10, 25) + timedelta(minutes=10 * n)).ends_at for n in range(40)]
    assert sorted(set(spring)) == [utc(2026, 3, 28, 1, 30), utc(2026, 3, 29, 1, 30)]
    assert sorted(set(autumn)) == [utc(2026, 10, 24, 0, 30), utc(2026, 10, 25, 0, 30)]


def test_a_day_that_a_zone_skips_has_no_digest() -> None:
    """Samoa went over the date line: its 30th of December 2011 never was."""
    plan = DigestPlan(Cadence.DAILY, "Pacific/Apia", time(9))
    ends = {newest_period(plan, utc(2011, 12, 28) + timedelta(hours=n)) for n in range(24 * 5)}
    assert all(each.begins_at < each.ends_at for each in ends)
    local = sorted(each.ends_at.astimezone(ZoneInfo("Pacific/Apia")) for each in ends)
    assert [each.day for each in local] == [27, 28, 29, 31, 1, 2]


def test_what_was_told_is_not_due_and_what_was_over_before_is_not_asked_for() -> None:
    now, period = utc(2026, 3, 3, 12), Period(utc(2026, 3, 2, 8), utc(2026, 3, 3, 8))
    assert due(DAILY, now, told=None, since=None) == period
    assert due(DAILY, now, told=utc(2026, 3, 2, 8), since=utc(2026, 3, 1)) == period
    assert due(DAILY, now, told=period.ends_at, since=None) is None
    assert due(DAILY, now, told=None, since=utc(2026, 3, 3, 9)) is None
    assert due(DAILY, now, told=utc(2026, 3, 3, 10), since=None) is None, "another time was wanted before"


def test_an_hour_later_it_is_late() -> None:
    period = Period(utc(2026, 3, 2), utc(2026, 3, 3))
    assert not is_late(period, utc(2026, 3, 3, 0, 59))
    assert is_late(period, utc(2026, 3, 3, 1))


def test_a_day_has_parts_of_three_hours_and_a_week_days() -> None:
    long = Period(utc(2026, 10, 24, 7), utc(2026, 10, 25, 8))
    assert len(parts(DAILY, long)) == 9
    assert parts(DAILY, long)[-1] == utc(2026, 10, 25, 7)
    week = Period(utc(2026, 3, 23, 8), utc(2026, 3, 30, 7))
    assert parts(WEEKLY, week) == (*(utc(2026, 3, day, 8) for day in range(23, 29)), utc(2026, 3, 29, 7))


plans = st.builds(DigestPlan, st.sampled_from(Cadence), st.sampled_from(ZONES), st.times(), st.integers(0, 6))
moments = st.datetimes(
    datetime(2009, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds
    datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@settings(max_examples=200)
@given(plans, moments, st.lists(st.timedeltas(timedelta(0), timedelta(days=20)), max_size=30))
def test_whenever_it_is_asked_each_period_is_told_at_most_once_and_in_order(
    plan: DigestPlan, start: datetime, pauses: list[timedelta]
) -> None:
    now, told = start, list[Period]()
    for pause in pauses:
        now += pause
        period = due(plan, now, told=told[-1].ends_at if told else None, since=start)
        if period:
            told.append(period)
            assert start < period.ends_at <= now
            assert due(plan, now, told=period.ends_at, since=start) is None
    assert all(a.ends_at <= b.begins_at for a, b in pairwise(told))


@settings(max_examples=200)
@given(plans, moments)
def test_asked_each_hour_no_period_is_left_out_and_each_is_as_long_as_it_should_be(
    plan: DigestPlan, start: datetime
) -> None:
    long = timedelta(days=7 if plan.cadence is Cadence.WEEKLY else 1)
    first = newest_period(plan, start)
    seen = [first]
    for hour in range(24 * 9):
        period = newest_period(plan, start + timedelta(hours=hour))
        if period != seen[-1]:
            assert period.begins_at == seen[-1].ends_at
            seen.append(period)
    for each in seen:
        assert abs(each.ends_at - each.begins_at - long) <= timedelta(hours=24 if _skipped(plan) else 2)
        local = each.ends_at.astimezone(ZoneInfo(plan.zone))
        assert plan.cadence is Cadence.DAILY or _skipped(plan) or local.weekday() == plan.weekday


@settings(max_examples=200)
@given(plans, moments)
def test_parts_fill_the_period_and_fit_into_a_chart(plan: DigestPlan, now: datetime) -> None:
    period = newest_period(plan, now)
    begins = parts(plan, period)
    assert begins[0] == period.begins_at
    assert list(begins) == sorted(set(begins))
    assert begins[-1] < period.ends_at
    assert len(begins) <= 20


def _skipped(plan: DigestPlan) -> bool:
    """A whole day is missing there, in December 2011."""
    return plan.zone == "Pacific/Apia"
