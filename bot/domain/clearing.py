"""Which failures a successful run resolves, and which reports come too late to count (domain rule 3.3)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OpenFailure:
    """`item` is empty for a failure of a whole run; `run` is the run that reported it last."""

    service: str
    item: str
    run: str | None
    last_at: datetime


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """A run that succeeded. `services` are those it did work for; empty means all of the mailbox's."""

    run: str
    finished_at: datetime
    services: Collection[str]
    still_failing: Collection[str] = ()


def clears(run: FinishedRun, failure: OpenFailure) -> bool:
    """Whether the success of `run` resolves `failure`.

    A failure of a whole run is resolved by any later success. One of an item survives when the run reported
    it (by an event of its own, or as still failing), when it is newer than the run's end, or when it belongs
    to a service that the run did not touch.
    """
    if failure.last_at > run.finished_at:
        return False
    if not failure.item:
        return failure.run != run.run
    covered = not run.services or failure.service in run.services
    return covered and failure.run != run.run and failure.item not in run.still_failing


def is_stale(reported_at: datetime, run: str | None, newest_success: FinishedRun | None) -> bool:
    """Whether a failure report is older than a success that would have cleared it."""
    if newest_success is None or run == newest_success.run:
        return False
    return reported_at < newest_success.finished_at
