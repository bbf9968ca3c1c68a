"""What the Home tab needs from outside."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from bot.domain.values import MailboxId
from bot.views.home import FailureDay, HomeCard, LiveRetry, LiveRun, Retryable


@dataclass(frozen=True, slots=True)
class HomeRecord:
    """What rows tell beside the overview. `retryable`: by the ids of the mailboxes that have any.

    `waiting`: how many mailboxes fail for a cause without being retried, by its code.
    """

    running: tuple[LiveRun, ...]
    running_total: int
    days: tuple[FailureDay, ...]
    retryable: dict[int, Retryable]
    waiting: dict[str, int] = field(default_factory=dict)
    retrying: tuple[LiveRetry, ...] = ()
    retrying_total: int = 0


class HomeRecords(Protocol):
    async def read(
        self,
        now: datetime,
        *,
        since: date,
        mailboxes: Collection[MailboxId],
        causes: Collection[str] = (),
    ) -> HomeRecord:
        """`since` is the first of the days that are counted; `mailboxes` and `causes` those whose failures
        are.
        """
        ...


class Screens(Protocol):
    """People's Home tabs in Slack. Raises: DeliveryFailed, or a kind of it."""

    def digest(self, card: HomeCard) -> str:
        """Changes exactly when what the person would see changes, but for the time that it is of."""
        ...

    async def publish(self, user: str, card: HomeCard, *, over: str | None = None) -> str | None:
        """Show it; returns the Home's new hash. With `over`, only if that is the hash of what it shows."""
        ...

    async def close(self, user: str, why: str, admins: Collection[str]) -> None:
        """Show instead why there is nothing to see, and whom to ask."""
        ...


class Scopes(Protocol):
    async def lacking(self) -> tuple[str, ...] | None:
        """What the app asks for and was not granted; None where Slack does not say."""
        ...
