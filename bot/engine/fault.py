"""What goes wrong at the source or destination, translated once into the failure catalogue."""

from datetime import timedelta

from bot.domain.catalogue import Cause, cause_of
from bot.errors import SyncbotError


class Fault(SyncbotError):
    """A call that failed. `cause` is the catalogue's; the text is the provider's own code and words.

    `retry_after`: how long the provider asked to wait. `is_certain`: the provider surely did not do what was
    asked; False for a lost answer, after which an import may or may not have happened.
    """

    code = "sync_fault"

    def __init__(
        self, cause: str, text: str, *, retry_after: timedelta | None = None, is_certain: bool = True
    ) -> None:
        super().__init__(text)
        self.cause: Cause = cause_of(cause)
        self.retry_after = retry_after
        self.is_certain = is_certain


def doubtful(fault: Fault) -> Fault:
    """The same, of a call that says nothing about an import of before."""
    return Fault(fault.cause.code, fault.sentence, retry_after=fault.retry_after, is_certain=False)


class CursorLost(SyncbotError):
    """The source no longer knows a cursor: the folder, or the tree, is to be listed from the start."""

    code = "cursor_lost"
