"""What a mailbox's status, stage and indicator are, derived from its runs (domain rules 3.1 and 3.2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.values import Delta, MailboxStatus, Outcome, RunStatus, Stage

OVERDUE_FACTOR = 1.5
"""No success within this many times the policy's frequency makes a mailbox overdue."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What is known of a mailbox's runs.

    `newest` is the outcome of the newest finished run; `initial_done` tells whether any run ever succeeded.
    """

    live: bool = False
    newest: RunStatus | None = None
    initial_done: bool = False


def mailbox_status(runs: RunFacts) -> MailboxStatus:
    if runs.live:
        return MailboxStatus.IN_PROGRESS
    if runs.newest is None:
        return MailboxStatus.NEVER_SYNCED
    return MailboxStatus.SYNCED if runs.newest is RunStatus.SUCCEEDED else MailboxStatus.FAILED


def outcome(status: RunStatus, *, has_failed_items: bool) -> Outcome:
    """A run's (domain rule 3.2)."""
    if status is RunStatus.RUNNING:
        return Outcome.RUNNING
    if status is RunStatus.FAILED:
        return Outcome.FAILED
    return Outcome.PARTIAL if has_failed_items else Outcome.SYNCED


def stage(runs: RunFacts) -> Stage:
    if runs.initial_done:
        return Stage.SYNCED
    return Stage.INITIAL if runs.live or runs.newest is not None else Stage.WAITING


def delta(runs: RunFacts) -> Delta | None:
    """The indicator inside the stage Synced; None in the stages before it."""
    if not runs.initial_done:
        return None
    if runs.live:
        return Delta.RUNNING
    return Delta.FAILED if runs.newest is RunStatus.FAILED else Delta.UP_TO_DATE


def is_overdue(
    now: datetime, *, last_success_at: datetime | None, since: datetime, interval: timedelta, active: bool
) -> bool:
    """Whether an active mailbox had no success for 1.5 intervals. `since`: when it came under its policy."""
    return active and now - (last_success_at or since) > OVERDUE_FACTOR * interval
