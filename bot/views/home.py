"""The Home tab: the dashboard, what fails and runs, who is told of it, and what is left to set up."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.domain.values import Role
from bot.views.channels import IncidentRetried
from bot.views.health import HealthCard
from bot.views.mailboxes import FailureGroups, Overview, RetryStarted
from bot.views.refs import MailboxRef
from bot.views.under_way import RetryProgress, RunProgress


@dataclass(frozen=True, slots=True)
class LiveRun:
    """A run of a mailbox that goes on."""

    mailbox: MailboxRef
    progress: RunProgress


@dataclass(frozen=True, slots=True)
class LiveRetry:
    """A retry of several items of a mailbox that goes on."""

    mailbox: MailboxRef
    progress: RetryProgress


@dataclass(frozen=True, slots=True)
class Retryable:
    """What a retry of a mailbox would take: so many failures. `only_run`: the one of its whole run."""

    failures: int = 0
    only_run: bool = False


@dataclass(frozen=True, slots=True)
class FailureDay:
    """One day, in UTC: failures that began, and that ended by healing or by being dismissed."""

    day: date
    began: int
    ended: int


@dataclass(frozen=True, slots=True)
class Told:
    """One channel that is told of failures. `is_own`: the reader subscribed it.

    `alerts` is false where it gets digests only; `in_threads` where what is new is told in threads as well.
    """

    channel: str
    alerts: bool = True
    in_threads: bool = False
    digest: bool = False
    is_own: bool = False


class SetUp(StrEnum):
    """A step of setting syncbot up, in the order in which they are taken."""

    SCOPES = "scopes"
    MAILBOXES = "mailboxes"
    FIRST_SYNC = "first sync"
    CHANNEL = "channel"
    ROLES = "roles"


@dataclass(frozen=True, slots=True)
class Step:
    """`lacking` names what is missing, where that is known one by one."""

    what: SetUp
    is_done: bool
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """What is the same on everybody's Home. `retryable`: of the mailboxes that `causes` name, by their ids.

    `waiting` are the mailboxes that a click would retry for a cause, by its code.
    `running` are the runs that began first; there are `running_total`. So with `retrying`.
    """

    overview: Overview
    causes: FailureGroups
    retryable: dict[int, Retryable]
    waiting: dict[str, int]
    running: tuple[LiveRun, ...]
    running_total: int
    days: tuple[FailureDay, ...]
    health: HealthCard
    steps: tuple[Step, ...]
    retrying: tuple[LiveRetry, ...] = ()
    retrying_total: int = 0


@dataclass(frozen=True, slots=True)
class HomeCard:
    """One person's Home. `started` is what the click on Retry came to that it is drawn after.

    `retried_at_once`: of so many mailboxes one click has a retry begun at most.
    """

    facts: HomeFacts
    role: Role
    told: tuple[Told, ...]
    engine_is_outside: bool = False
    started: RetryStarted | IncidentRetried | None = None
    retried_at_once: int = field(kw_only=True)

    @property
    def may_act(self) -> bool:
        return self.role >= Role.OPERATOR

    @property
    def is_set_up(self) -> bool:
        return all(step.is_done for step in self.facts.steps)
