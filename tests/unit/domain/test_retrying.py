"""When to retry, how long to wait for the answer, when to send again, when to call support."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.retrying import BACK_OFF_LONGEST, deadline, may_retry, send_again_at, should_escalate
from bot.domain.values import FailureState

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize("state", FailureState)
def test_only_an_open_failure_may_be_retried(state: FailureState) -> None:
    assert may_retry(state) is (state is FailureState.OPEN)


def test_the_deadline_is_the_request_plus_the_patience() -> None:
    assert deadline(NOON, timedelta(minutes=10)) == NOON + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("returns", "failed_retries", "escalate"),
    [(0, 0, False), (2, 2, False), (3, 0, True), (0, 3, True), (7, 9, True)],
)
def test_support_is_named_after_three_returns_or_three_failed_retries(
    *, returns: int, failed_retries: int, escalate: bool
) -> None:
    assert should_escalate(returns, failed_retries) is escalate


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 2), (1, 2), (2, 4), (3, 8), (4, 16), (5, 32), (6, 60), (7, 60), (10**9, 60)]
)
def test_an_unanswered_request_is_sent_again_with_back_off(attempts: int, seconds: int) -> None:
    assert send_again_at(NOON, attempts) == NOON + timedelta(seconds=seconds)


@given(st.integers(0, 10_000))
def test_back_off_never_shrinks_and_never_exceeds_a_minute(attempts: int) -> None:
    earlier, later = send_again_at(NOON, attempts), send_again_at(NOON, attempts + 1)
    assert NOON < earlier <= later <= NOON + BACK_OFF_LONGEST
