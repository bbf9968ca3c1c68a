"""When a failure may be retried, when a retry has waited long enough, and when to call support."""

from datetime import datetime, timedelta

from bot.domain.values import FailureState

ESCALATE_AFTER = 3
"""Returns of the same failure, or failed retries of it, after which support is named (domain rule 3.11)."""

BACK_OFF_FIRST = timedelta(seconds=2)
BACK_OFF_LONGEST = timedelta(seconds=60)


def may_retry(state: FailureState) -> bool:
    return state is FailureState.OPEN


def deadline(requested_at: datetime, patience: timedelta) -> datetime:
    """When a retry without an answer reopens its failure (domain rule 3.8; `patience` is a setting)."""
    return requested_at + patience


def should_escalate(returns: int, failed_retries: int) -> bool:
    return max(returns, failed_retries) >= ESCALATE_AFTER


def send_again_at(now: datetime, attempts: int) -> datetime:
    """When to send an unanswered request to the engine again: 2, 4, 8 ... at most 60 seconds later."""
    exponent = min(max(attempts, 1) - 1, 10)
    return now + min(BACK_OFF_FIRST * (1 << exponent), BACK_OFF_LONGEST)
