"""A loss that was accepted is told again only where it is another one."""

from datetime import UTC, datetime

import pytest

from bot.domain.dismissing import Report, comes_back

AT = datetime(2026, 3, 2, tzinfo=UTC)
KNOWN = Report("dest_too_large", "Plan", AT, 100)


@pytest.mark.parametrize(
    ("again", "comes"),
    [
        (KNOWN, False),
        (Report("dest_too_large"), False),
        (Report("dest_rejected", "Plan", AT, 100), True),
        (Report("dest_too_large", "Plan B", AT, 100), True),
        (Report("dest_too_large", "Plan", AT.replace(hour=1), 100), True),
        (Report("dest_too_large", "Plan", AT, 101), True),
    ],
)
def test_what_comes_back_fails_for_another_reason_or_has_changed(again: Report, *, comes: bool) -> None:
    assert comes_back(KNOWN, again) is comes


def test_what_was_not_known_of_the_first_tells_of_no_change() -> None:
    assert not comes_back(Report("dest_too_large"), KNOWN)
