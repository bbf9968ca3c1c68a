"""Which of a mailbox's unresolved failures are listed, in which order, and what else there is to choose."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.values import FailureId


class ErrorOrder(StrEnum):
    OLDEST = "oldest"
    NEWEST = "newest"
    LARGEST = "largest"
    ATTEMPTS = "attempts"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What somebody chose to see; nothing chosen is all of them, the oldest first.

    `folder` is the id of a failure of the mailbox, any of those that are or were in the folder: a name of a
    thousand characters would fit into no control.
    """

    code: str | None = None
    folder: FailureId | None = None
    order: ErrorOrder = ErrorOrder.OLDEST

    @property
    def is_whole(self) -> bool:
        return self.code is None and self.folder is None


EVERYTHING = Narrowing()


@dataclass(frozen=True, slots=True)
class CauseChoice:
    """A cause that may be chosen, and how many failures that would list."""

    code: str
    cause: str
    failures: int


@dataclass(frozen=True, slots=True)
class FolderChoice:
    """As CauseChoice. Without a folder it is the service; without that, the sync as a whole."""

    sample: FailureId
    folder: str | None
    service: str | None
    failures: int


@dataclass(frozen=True, slots=True)
class Choices:
    """Causes in the chosen folder and folders of the chosen cause, the largest first, and what is chosen."""

    unresolved: int
    """All failures of the mailbox, whatever is chosen; of these `all_retryable` are not being retried."""
    all_retryable: int
    listed: int
    """Those that are chosen; of these `retryable` are not being retried."""
    retryable: int
    causes: tuple[CauseChoice, ...] = ()
    folders: tuple[FolderChoice, ...] = ()
    cause: CauseChoice | None = None
    folder: FolderChoice | None = None
    order: ErrorOrder = ErrorOrder.OLDEST

    @property
    def is_whole(self) -> bool:
        return self.cause is None and self.folder is None
