"""The domain's words and units."""

from datetime import timedelta

import pytest

from bot.domain.values import UNRESOLVED, FailureState, Frequency, MailboxStatus, Unit


@pytest.mark.parametrize(
    ("frequency", "interval"),
    [
        (Frequency(1, Unit.HOUR), timedelta(hours=1)),
        (Frequency(6, Unit.HOUR), timedelta(hours=6)),
        (Frequency(2, Unit.DAY), timedelta(days=2)),
        (Frequency(1, Unit.WEEK), timedelta(days=7)),
    ],
)
def test_a_frequency_is_so_many_hours_days_or_weeks(frequency: Frequency, interval: timedelta) -> None:
    assert frequency.interval == interval


def test_statuses_read_as_the_panel_names_them() -> None:
    assert [str(status) for status in MailboxStatus] == ["Never Synced", "Synced", "In Progress", "Failed"]


def test_unresolved_is_open_or_being_retried() -> None:
    assert set(UNRESOLVED) == {FailureState.OPEN, FailureState.RETRYING}
