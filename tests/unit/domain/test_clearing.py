"""Which failures a success resolves, and which reports come too late (domain rule 3.3)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.clearing import FinishedRun, OpenFailure, clears, is_stale

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RUN = FinishedRun("run-2", NOON, services=("email",))
ITEM = OpenFailure("email", "item-1", run="run-1", last_at=NOON - 60 * MINUTE)
WHOLE_RUN = OpenFailure("", "", run="run-1", last_at=NOON - 60 * MINUTE)

CASES = [
    ("an item that an earlier run reported", RUN, ITEM, True),
    ("an item of a retry, which is of no run", RUN, replace(ITEM, run=None), True),
    ("an item that this run itself reported", RUN, replace(ITEM, run="run-2"), False),
    ("an item that this run lists as still failing", replace(RUN, still_failing=("item-1",)), ITEM, False),
    ("an item beside another that still fails", replace(RUN, still_failing=("item-9",)), ITEM, True),
    ("an item of a service that the run did not touch", replace(RUN, services=("calendar",)), ITEM, False),
    ("an item, by a run that names no services", replace(RUN, services=()), ITEM, True),
    ("an item that failed after the run had ended", RUN, replace(ITEM, last_at=NOON + MINUTE), False),
    ("an item that failed as the run ended", RUN, replace(ITEM, last_at=NOON), True),
    ("an earlier run's failure", RUN, WHOLE_RUN, True),
    ("an earlier run's failure, whatever the service", replace(RUN, services=("calendar",)), WHOLE_RUN, True),
    ("a later run's failure", RUN, replace(WHOLE_RUN, run="run-3", last_at=NOON + MINUTE), False),
    ("the same run's own failure, reported earlier", RUN, replace(WHOLE_RUN, run="run-2"), False),
]


@pytest.mark.parametrize(
    ("run", "failure", "cleared"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_a_success_resolves(run: FinishedRun, failure: OpenFailure, *, cleared: bool) -> None:
    assert clears(run, failure) is cleared


@pytest.mark.parametrize(
    ("reported_at", "run", "newest", "stale"),
    [
        (NOON - MINUTE, "run-1", None, False),
        (NOON - MINUTE, "run-1", RUN, True),
        (NOON - MINUTE, None, RUN, True),
        (NOON - MINUTE, "run-2", RUN, False),
        (NOON, "run-1", RUN, False),
        (NOON + MINUTE, "run-3", RUN, False),
    ],
)
def test_a_report_is_stale_when_a_success_of_another_run_came_after_it(
    *, reported_at: datetime, run: str | None, newest: FinishedRun | None, stale: bool
) -> None:
    assert is_stale(reported_at, run, newest) is stale


@given(
    minutes=st.integers(-100, 100).filter(bool),
    failed_by=st.sampled_from(["run-1", "run-2", None]),
)
def test_the_order_of_arrival_does_not_matter(minutes: int, failed_by: str | None) -> None:
    """A failure is left open if the success came first exactly when it is left open if it came second."""
    failure = replace(ITEM, run=failed_by, last_at=NOON + minutes * MINUTE)
    if failed_by == "run-2" and minutes > 0:
        return  # a run reports nothing after its own end
    assert clears(RUN, failure) is is_stale(failure.last_at, failure.run, RUN)
