"""Times in words."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.cli.phrases import local, moment, relative

NOW = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """By its rules, so that no database of zones is needed."""
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.delenv("TZ")
    time.tzset()


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (timedelta(0), "just now"),
        (timedelta(milliseconds=-400), "just now"),
        (timedelta(seconds=-1), "1 second ago"),
        (timedelta(minutes=-90), "1 hour 30 minutes ago"),
        (timedelta(days=3), "in 3 days"),
    ],
)
def test_how_far_away_a_time_is(away: timedelta, said: str) -> None:
    assert relative(NOW + away, NOW) == said


def test_a_time_is_told_in_the_zone_of_the_terminal(berlin: None) -> None:
    assert local(datetime(2026, 3, 29, 0, 59, tzinfo=UTC)) == "2026-03-29 01:59 CET"
    assert local(datetime(2026, 3, 29, 1, 0, tzinfo=UTC)) == "2026-03-29 03:00 CEST"
    assert moment(NOW, NOW) == "2026-03-29 14:00 CEST, just now"
