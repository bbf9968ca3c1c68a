"""When many mailboxes with the same failure are one incident."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.storms import MANY, WINDOW, Key, Window, is_storm, swept_along, windows

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DEAD = Key("dest_auth", "google")
LARGE = Key("dest_too_large", "google")
UNHEARD_OF = Key("engine_says_no")


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def times(*minutes: float) -> list[datetime]:
    return [at(minute) for minute in minutes]


@pytest.mark.parametrize(
    ("key", "mailboxes", "others", "is_one"),
    [
        (DEAD, 2, 0, False),
        (DEAD, 3, 0, True),
        (DEAD, 3, 3, True),
        (DEAD, 3, 4, False),
        (DEAD, 20, 21, False),
        (DEAD, 21, 9_979, True),
        (LARGE, 3, 0, False),
        (LARGE, 20, 0, False),
        (LARGE, 21, 9_979, True),
        (UNHEARD_OF, 20, 0, False),
        (UNHEARD_OF, 21, 0, True),
        (Key("source_user_missing"), 20, 0, False),
    ],
)
def test_how_many_it_takes(key: Key, mailboxes: int, others: int, *, is_one: bool) -> None:
    assert is_storm(key, mailboxes, others) is is_one


def test_no_failure_makes_no_window() -> None:
    assert windows([]) == ()


def test_the_newest_window_ends_with_the_last_one_to_fail() -> None:
    assert windows(times(0, 14, 20, 29)) == (Window(at(14), 3),)


def test_the_ends_of_a_window_are_within_it() -> None:
    assert windows(times(0, 15)) == (Window(at(0), 2),)
    assert windows(times(0, 15.01)) == (Window(at(15.01), 1),)


def test_an_old_crowd_does_not_hide_what_begins_now() -> None:
    assert windows(times(0, 1, 2, 3, 100, 101)) == (Window(at(100), 2), Window(at(0), 4))


def test_it_does_not_matter_when_one_asks() -> None:
    """A burst is found after it was followed by others that fail now and then."""
    burst = times(*(n / 10 for n in range(MANY + 1)))
    assert Window(NOON, MANY + 1) in windows([*burst, *times(40, 80, 120)])


def test_who_fails_among_the_crowd_belongs_to_it_and_who_fails_later_does_not() -> None:
    crowd = times(*(n / 10 for n in range(MANY)))
    assert swept_along(times(-20, 5, 14.9, 17, 300), crowd) == [False, True, True, False, False]


def test_a_crowd_of_loose_ones_joins_what_is_open_already() -> None:
    again = times(*(300 + n / 10 for n in range(MANY + 1)))
    assert swept_along(again, times(0, 1, 2)) == [True] * (MANY + 1)


def test_too_few_are_swept_along_by_nothing() -> None:
    assert swept_along(times(0, 1, 2), times(3)) == [False] * 3


@given(st.lists(st.integers(0, 120), max_size=90))
def test_swept_along_says_what_counting_says(minutes: list[int]) -> None:
    loose = sorted(at(minute) for minute in minutes)
    assert swept_along(loose, []) == [_in_a_crowd(loose, each) for each in loose]


def _in_a_crowd(all_times: Sequence[datetime], each: datetime) -> bool:
    starts = [start for start in all_times if start <= each <= start + WINDOW]
    return any(sum(start <= one <= start + WINDOW for one in all_times) > MANY for start in starts)


@given(st.lists(st.integers(0, 120), min_size=1, max_size=60))
def test_no_window_is_fuller_than_the_fullest(minutes: list[int]) -> None:
    found = sorted(at(minute) for minute in minutes)
    fullest = max(sum(start <= one <= start + WINDOW for one in found) for start in found)
    assert max(each.mailboxes for each in windows(found)) == fullest
