"""What follows from a fault: leave it, wait, give up on the item, or blame the mailbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.catalogue import Healing, Scope
from bot.engine.fault import Fault

MOST_ATTEMPTS = 10
"""Tries of an item within a run before it counts as failed, where the cause passes by itself."""

MOST_REPAIRS = 3
MOST_UNKNOWN_ATTEMPTS = 2
LONGEST_WAIT = timedelta(seconds=60)
LONGEST_PAUSE = timedelta(minutes=15)
"""What a provider asks to leave alone for longer is left to the next run."""

IN_A_ROW = 10
"""Faults of the mailbox or connection, one after the other, that stop the mailbox as one failure."""

THROTTLES_IN_A_ROW = 3
"""Faults that pass, one after the other, after which the whole mailbox waits and not its items."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Nothing is missing: the item is no longer there."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Try the item again, not before `until`."""

    until: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The item failed."""


@dataclass(frozen=True, slots=True)
class Blame:
    """The item is not at fault: its mailbox or connection is."""


Verdict = Skip | Wait | GiveUp | Blame


_FOR_HOURS = frozenset({"source_move_in_progress", "dest_daily_quota"})
_TRIES = {Healing.TRANSIENT: MOST_ATTEMPTS, Healing.REPAIRED: MOST_REPAIRS}


def verdict(fault: Fault, attempts: int, now: datetime, jitter: float) -> Verdict:
    """`attempts` counts this one. `jitter` is random, 0 to 1."""
    cause = fault.cause
    if cause.healing is Healing.SKIPPED:
        return Skip()
    tries = _TRIES.get(cause.healing, MOST_UNKNOWN_ATTEMPTS)
    passes = cause.heals_by_itself or cause.code == "unknown"
    if passes and not takes_long(fault):
        return Wait(wait_until(fault, attempts, now, jitter)) if attempts < tries else GiveUp()
    return GiveUp() if cause.scope is Scope.ITEM else Blame()


def takes_long(fault: Fault) -> bool:
    """No use to wait for it within a run."""
    return fault.cause.code in _FOR_HOURS or _asks_for_long(fault)


def _asks_for_long(fault: Fault) -> bool:
    return fault.retry_after is not None and fault.retry_after > LONGEST_PAUSE


def wait_until(fault: Fault, attempts: int, now: datetime, jitter: float) -> datetime:
    """As long as the provider asked for; else 1, 2, 4 ... at most 60 seconds, up to half of it less."""
    if fault.retry_after is not None:
        return now + fault.retry_after
    longest = min(timedelta(seconds=2 ** min(max(attempts, 1) - 1, 10)), LONGEST_WAIT)
    return now + longest * (1 - jitter / 2)


@dataclass(slots=True)
class Streak:
    """Faults one after the other; any item that goes through ends it. Remembers what went well at all."""

    blamed: int = 0
    passing: int = 0
    waiting: int = 0
    last: Fault | None = None
    has_listed: bool = False
    has_moved: bool = False

    def success(self) -> None:
        self.blamed = self.passing = self.waiting = 0
        self.last, self.has_moved = None, True

    @property
    def progressed(self) -> bool:
        return self.has_listed or self.has_moved

    def blame(self, fault: Fault) -> None:
        self.blamed, self.last = self.blamed + 1, fault

    def wait(self, fault: Fault) -> None:
        self.passing += fault.cause.scope is not Scope.ITEM
        self.waiting, self.last = self.waiting + 1, fault

    @property
    def stops(self) -> bool:
        """The mailbox or its connection is at fault: no use going on."""
        return self.blamed >= IN_A_ROW

    @property
    def left(self) -> int:
        """How many more may be tried before it stops: as many are tried side by side at most."""
        return max(IN_A_ROW - self.blamed, 1)

    @property
    def rests(self) -> bool:
        """Everything is refused for a while: no use asking for other items."""
        return self.passing >= THROTTLES_IN_A_ROW or self.waiting >= IN_A_ROW
