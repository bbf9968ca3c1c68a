"""Following what was asked for: how far one request to retry has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """One request, of one or more retries.

    `unsent` retries wait for a bot or worker to send them; `tried` is how often one of them was tried to be
    sent. `deadline` is the latest of those without an answer, and moves as the engine gives signs of life.
    """

    requested: int
    succeeded: int
    failed: int
    unanswered: int
    """Refused by the engine, or without an answer in time."""
    unsent: int
    tried: int
    deadline: datetime | None

    @property
    def done(self) -> int:
        return self.succeeded + self.failed + self.unanswered

    @property
    def has_ended(self) -> bool:
        return self.done >= self.requested

    @property
    def is_sent(self) -> bool:
        """The engine has accepted everything that it did not answer already."""
        return not self.unsent

    @property
    def is_taken_up(self) -> bool:
        """Something runs that sends requests, even if the engine cannot be reached."""
        return self.unsent < self.requested or self.tried > 0


class Batches(Protocol):
    async def progress(self, batch: str) -> BatchProgress | None:
        """None where there is no such request, or its history was pruned."""
        ...
