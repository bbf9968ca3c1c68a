"""Claiming retries, and sending them to an engine."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.values import FailureId, MailboxId, RetryKey, RetryOutcome
from bot.views import EVERYTHING, Narrowing, RetryStarted


@dataclass(frozen=True, slots=True)
class RetryTarget:
    """What to retry: `failures` of one mailbox (None: all that are open), or the mailbox as a whole.

    `narrowing`: of those, what it chooses; nothing where nothing stands for its folder any more.
    """

    mailbox: MailboxId
    failures: tuple[FailureId, ...] | None = None
    whole_mailbox: bool = False
    narrowing: Narrowing = EVERYTHING


@dataclass(frozen=True, slots=True)
class RetryRequest:
    """One retry to be sent to the engine. `item` and `service` are None for a whole mailbox."""

    key: RetryKey
    mailbox_key: str
    service: str | None
    item: str | None
    actor: str
    requested_at: datetime
    attempts: int


class Retries(Protocol):
    async def claim(
        self, target: RetryTarget, *, actor: str, now: datetime, deadline: datetime
    ) -> RetryStarted | None:
        """Claim what is open, by guarded UPDATEs. None where the mailbox does not exist."""
        ...

    async def lease_due(self, now: datetime, *, until: datetime, limit: int) -> tuple[RetryRequest, ...]:
        """Requests to send now; each stays this caller's until `until`."""
        ...

    async def sent(self, key: RetryKey, now: datetime) -> None:
        """The engine accepted the request: its answer will come as an event."""
        ...

    async def postpone(self, key: RetryKey, *, until: datetime) -> None: ...

    async def end(self, key: RetryKey, outcome: RetryOutcome, detail: str, now: datetime) -> bool:
        """End a retry that did not succeed and reopen its failure; False where it had ended already."""
        ...

    async def expired(self, now: datetime, limit: int) -> tuple[RetryKey, ...]: ...


class Engine(Protocol):
    async def request_retry(self, request: RetryRequest) -> None:
        """Ask the engine to sync the item, or the whole mailbox, now.

        Raises:
            EngineUnreachable: worth sending again, with the same key.
            EngineRefused: the engine will not do it; the text says why.
        """
        ...
