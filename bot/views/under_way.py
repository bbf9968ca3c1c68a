"""What goes on for a mailbox: its run, and retries of several items at once, with how far they are."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.values import RunKind


@dataclass(frozen=True, slots=True)
class RunProgress:
    """A run in progress. `heard_at`: when it last told how far it is, which is `done` of `total` items."""

    kind: RunKind
    started_at: datetime
    heard_at: datetime | None = None
    done: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class CauseProgress:
    """Those of the items that were retried which failed for one reason."""

    code: str
    cause: str
    requested: int
    healed: int = 0
    failed: int = 0
    unanswered: int = 0

    @property
    def answered(self) -> int:
        return self.healed + self.failed + self.unanswered


@dataclass(frozen=True, slots=True)
class RetryProgress:
    """One request to retry several items. `heard_at` is the time of its newest answer."""

    actor: str
    began_at: datetime
    requested: int
    healed: int = 0
    failed: int = 0
    """They failed again."""
    unanswered: int = 0
    """Refused by the engine, or without an answer in time."""
    heard_at: datetime | None = None
    ended_at: datetime | None = None
    causes: tuple[CauseProgress, ...] = ()
    """The largest first; empty where it has ended."""

    @property
    def answered(self) -> int:
        return self.healed + self.failed + self.unanswered

    @property
    def waiting(self) -> int:
        return max(0, self.requested - self.answered)


@dataclass(frozen=True, slots=True)
class UnderWay:
    """Of one mailbox. Of its retries the newest, those that have ended as well."""

    run: RunProgress | None = None
    retries: tuple[RetryProgress, ...] = ()

    def since(self, earliest: datetime) -> "UnderWay":
        """Without what ended before."""
        kept = (each for each in self.retries if each.ended_at is None or each.ended_at >= earliest)
        return UnderWay(self.run, tuple(kept))


NOTHING = UnderWay()
