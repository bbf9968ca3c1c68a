"""A mailbox's status, stage and indicator follow from its runs (domain rules 3.1 and 3.2)."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.status import RunFacts, delta, is_overdue, mailbox_status, stage
from bot.domain.values import Delta, MailboxStatus, RunStatus, Stage

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

OK, BAD = RunStatus.SUCCEEDED, RunStatus.FAILED

TABLE = [
    # live, newest finished, any success: status, stage, indicator
    (False, None, False, MailboxStatus.NEVER_SYNCED, Stage.WAITING, None),
    (True, None, False, MailboxStatus.IN_PROGRESS, Stage.INITIAL, None),
    (False, BAD, False, MailboxStatus.FAILED, Stage.INITIAL, None),
    (True, BAD, False, MailboxStatus.IN_PROGRESS, Stage.INITIAL, None),
    (False, OK, True, MailboxStatus.SYNCED, Stage.SYNCED, Delta.UP_TO_DATE),
    (True, OK, True, MailboxStatus.IN_PROGRESS, Stage.SYNCED, Delta.RUNNING),
    (False, BAD, True, MailboxStatus.FAILED, Stage.SYNCED, Delta.FAILED),
    (True, BAD, True, MailboxStatus.IN_PROGRESS, Stage.SYNCED, Delta.RUNNING),
]


@pytest.mark.parametrize(("live", "newest", "initial_done", "status", "pipeline", "indicator"), TABLE)
def test_runs_decide_status_stage_and_indicator(
    *,
    live: bool,
    newest: RunStatus | None,
    initial_done: bool,
    status: MailboxStatus,
    pipeline: Stage,
    indicator: Delta | None,
) -> None:
    runs = RunFacts(live=live, newest=newest, initial_done=initial_done)
    assert mailbox_status(runs) is status
    assert stage(runs) is pipeline
    assert delta(runs) is indicator


@pytest.mark.parametrize(
    ("last_success", "since", "active", "overdue"),
    [
        (NOW - 1.5 * HOUR, NOW - 100 * HOUR, True, False),
        (NOW - 1.5 * HOUR - timedelta(seconds=1), NOW - 100 * HOUR, True, True),
        (NOW - 100 * HOUR, NOW - 200 * HOUR, False, False),
        (None, NOW - HOUR, True, False),
        (None, NOW - 2 * HOUR, True, True),
        (None, NOW - 2 * HOUR, False, False),
        (NOW, NOW - 100 * HOUR, True, False),
    ],
)
def test_overdue_is_no_success_for_one_and_a_half_intervals_of_an_active_policy(
    *, last_success: datetime | None, since: datetime, active: bool, overdue: bool
) -> None:
    said = is_overdue(NOW, last_success_at=last_success, since=since, interval=HOUR, active=active)
    assert said is overdue
