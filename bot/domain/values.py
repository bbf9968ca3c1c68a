"""The words of the domain as types."""

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import NewType

MailboxId = NewType("MailboxId", int)
PolicyId = NewType("PolicyId", int)
RunId = NewType("RunId", int)
FailureId = NewType("FailureId", int)
AlertId = NewType("AlertId", int)
WatchId = NewType("WatchId", int)
RetryKey = NewType("RetryKey", str)
"""The opaque id of one retry, sent to the engine as `retry_id` and repeated in its answer."""

RUN_LEVEL = ""
"""Stands for the service and the item of a failure that concerns a whole run."""

SYSTEM = "System"
"""The actor of what nobody asked for by hand."""


class RunKind(StrEnum):
    INITIAL = "initial"
    DELTA = "delta"


class Trigger(StrEnum):
    SCHEDULE = "schedule"
    MANUAL = "manual"


class RunStatus(StrEnum):
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Outcome(StrEnum):
    """How a run, or a request to retry items, came out. PARTIAL: it succeeded but for some items."""

    FAILED = "failed"
    PARTIAL = "partial"
    SYNCED = "synced"
    RUNNING = "running"


class MailboxStatus(StrEnum):
    """As the panel names them."""

    NEVER_SYNCED = "Never Synced"
    SYNCED = "Synced"
    IN_PROGRESS = "In Progress"
    FAILED = "Failed"


class Stage(StrEnum):
    """Where a mailbox stands in the pipeline."""

    WAITING = "Waiting"
    INITIAL = "Initial sync"
    SYNCED = "Synced"


class Delta(StrEnum):
    """The indicator inside the stage Synced."""

    UP_TO_DATE = "up to date"
    RUNNING = "running"
    FAILED = "last delta failed"


class FailureState(StrEnum):
    OPEN = "open"
    RETRYING = "retrying"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"


UNRESOLVED = (FailureState.OPEN, FailureState.RETRYING)


class AlertKind(StrEnum):
    """What an alert is about: a mailbox, one cause that many share, or a credential that expires soon.

    A digest is no alert, but is delivered as one: to one channel, once.
    """

    MAILBOX = "mailbox"
    INCIDENT = "incident"
    CREDENTIAL = "credential"
    DIGEST = "digest"


class Credential(StrEnum):
    """What a connection proves with who it is."""

    CERTIFICATE = "certificate"
    SECRET = "client secret"  # noqa: S105 - a kind of secret
    KEY = "service account key"


class Step(IntEnum):
    """How near a credential's end is.

    Each step but the last is told by a message of its own, so that it is noticed. EXPIRED is not: from then
    on the first mailbox that fails is an incident, which tells it.
    """

    MONTH = 1
    WEEK = 2
    DAY = 3
    EXPIRED = 4


class Ending(StrEnum):
    """Why an alert about a credential is over. TOLD_ANEW: a more urgent one took its place."""

    RENEWED = "renewed"
    TOLD_ANEW = "told anew"
    GONE = "gone"


class RetryOutcome(StrEnum):
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REFUSED = "refused"
    TIMED_OUT = "timed out"


class Severity(StrEnum):
    INFORMATION = "Information"
    WARNING = "Warning"
    ERROR = "Error"


class Role(IntEnum):
    """Each role may do what the ones below it may."""

    VIEWER = 1
    OPERATOR = 2
    ADMIN = 3

    @property
    def word(self) -> str:
        return self.name.lower()


class Unit(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


_LENGTH = {Unit.HOUR: timedelta(hours=1), Unit.DAY: timedelta(days=1), Unit.WEEK: timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often a policy syncs: every `every` hours, days or weeks."""

    every: int
    unit: Unit

    @property
    def interval(self) -> timedelta:
        return self.every * _LENGTH[self.unit]


@dataclass(frozen=True, slots=True)
class ServiceCounts:
    """What one run did for one service: changes made, bytes moved, items that failed."""

    service: str
    changes: int = 0
    bytes: int = 0
    failed: int = 0
