"""Mailboxes are synced at times of their own, evenly spread, and neither too soon nor too late."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.schedule import next_sync_at, phase

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
KEYS = [f"mailbox-{number}" for number in range(10_000)]

moments = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
intervals = st.builds(
    lambda count, unit: count * unit, st.integers(1, 60), st.sampled_from([HOUR, DAY, WEEK])
)


@given(moments, intervals, st.text(max_size=20))
def test_a_mailbox_rests_between_half_and_one_and_a_half_intervals(
    ended_at: datetime, interval: timedelta, key: str
) -> None:
    rest = next_sync_at(ended_at, interval, key) - ended_at
    assert interval / 2 <= rest <= interval * 3 / 2


@given(moments, intervals, st.text(max_size=20))
def test_its_time_within_the_interval_is_the_same_each_time(
    ended_at: datetime, interval: timedelta, key: str
) -> None:
    first = next_sync_at(ended_at, interval, key)
    assert next_sync_at(first + interval / 4, interval, key) == first + interval
    assert next_sync_at(first + interval * 3 / 4, interval, key) == first + 2 * interval


def test_a_run_that_took_days_is_followed_by_the_next_own_time() -> None:
    first = next_sync_at(datetime(2026, 11, 23, 12, tzinfo=UTC), HOUR, "mailbox")
    assert next_sync_at(first + timedelta(days=3, minutes=1), HOUR, "mailbox") == first + timedelta(
        days=3, hours=1
    )


@pytest.mark.parametrize("interval", [HOUR, DAY, WEEK])
def test_ten_thousand_mailboxes_are_spread_evenly_over_the_interval(interval: timedelta) -> None:
    ended_at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    due = (next_sync_at(ended_at, interval, key) - ended_at - interval / 2 for key in KEYS)
    buckets = Counter(int(rest / interval * 20) for rest in due)
    assert sorted(buckets) == [*range(20)]
    assert all(400 <= count <= 600 for count in buckets.values())


def test_a_phase_is_a_share_of_the_interval() -> None:
    phases = {phase(key) for key in KEYS}
    assert len(phases) == len(KEYS)
    assert all(0 <= each < 1 for each in phases)


@pytest.mark.parametrize(
    "ended_at",
    [
        datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin")),
    ],
)
def test_clocks_that_are_changed_somewhere_move_nothing(ended_at: datetime) -> None:
    found = next_sync_at(ended_at, DAY, "mailbox")
    assert found == next_sync_at(ended_at.astimezone(UTC), DAY, "mailbox")
    assert found.utcoffset() == timedelta(0)
    assert next_sync_at(found, DAY, "mailbox") == found + DAY
