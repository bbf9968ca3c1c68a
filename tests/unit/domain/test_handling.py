"""How long a snooze lasts, and by whose clock."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.handling import Deed, snoozed_until

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(("deed", "hours"), [(Deed.SNOOZE_HOUR, 1), (Deed.SNOOZE_HOURS, 4)])
def test_hours_are_hours_in_any_zone(deed: Deed, hours: int) -> None:
    assert snoozed_until(deed, NOON, "Pacific/Auckland") == NOON + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("zone", "until"),
    [
        ("Europe/Zurich", datetime(2026, 11, 24, 7, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 24, 13, tzinfo=UTC)),
        ("Pacific/Auckland", datetime(2026, 11, 24, 19, tzinfo=UTC)),
        (None, datetime(2026, 11, 24, 8, tzinfo=UTC)),
        ("", datetime(2026, 11, 24, 8, tzinfo=UTC)),
        ("Mars/Olympus", datetime(2026, 11, 24, 8, tzinfo=UTC)),
        ("../../etc/passwd", datetime(2026, 11, 24, 8, tzinfo=UTC)),
        ("Europe", datetime(2026, 11, 24, 8, tzinfo=UTC)),
    ],
)
def test_tomorrow_is_tomorrow_morning_where_the_asker_is(zone: str | None, until: datetime) -> None:
    """In Auckland it is the 24th already."""
    assert snoozed_until(Deed.SNOOZE_TOMORROW, NOON, zone) == until


def test_the_night_in_which_clocks_change_is_no_trouble() -> None:
    before = datetime(2027, 3, 27, 12, tzinfo=UTC)
    assert snoozed_until(Deed.SNOOZE_TOMORROW, before, "Europe/Zurich") == datetime(
        2027, 3, 28, 6, tzinfo=UTC
    )
