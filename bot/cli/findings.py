"""What the commands that look and act found, before it is drawn or written as JSON."""

from dataclasses import dataclass

from bot.domain.values import FailureId
from bot.ports.batches import BatchProgress
from bot.views import (
    Choice,
    ErrorList,
    HistoryList,
    MailboxList,
    Overview,
    RetryStarted,
    StatusCard,
    Suggestions,
)
from bot.views.audit import AuditLine


@dataclass(frozen=True, slots=True)
class Refusal:
    """An expected error: `code` is that of bot.errors."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """Several items fail, and nothing said which of them to retry."""

    errors: ErrorList


@dataclass(frozen=True, slots=True)
class Followed:
    """A request, and how far it came while it was watched.

    `progress` is None where its history was pruned meanwhile. `gone` are items that were asked for and fail
    no longer. `interrupted`: whoever watched stopped watching. `waited`: the end was waited for.
    """

    started: RetryStarted
    progress: BatchProgress | None
    gone: tuple[FailureId, ...]
    waited: bool
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class Audited:
    """Lines of the audit log, newest first."""

    lines: tuple[AuditLine, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """So many lines went to standard output already."""

    count: int


Finding = (
    StatusCard
    | Overview
    | MailboxList
    | HistoryList
    | ErrorList
    | Suggestions
    | Choice
    | Undecided
    | Followed
    | Audited
    | Written
)


@dataclass(frozen=True, slots=True)
class Answer:
    finding: Finding
    exit_code: int = 0
