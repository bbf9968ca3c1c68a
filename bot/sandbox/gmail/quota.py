"""Who spent how many units in the last minute, and who has how many requests under way.

The window moves: no sixty seconds hold more than the limit. Google does not say which kind its minute is; a
client that keeps to a moving one keeps to a fixed one too. A refused request costs nothing.
"""

import math
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.sandbox.gmail.errors import ApiError
from bot.sandbox.gmail.limits import Limits

MINUTE = 60.0
GRAIN = 0.05
"""Seconds in which spendings are counted as one, so that a busy minute is short to walk through."""


class Window:
    """The units spent in the last minute."""

    def __init__(self) -> None:
        self._spent: deque[list[float]] = deque()
        self._total = 0.0

    def used(self, now: float) -> int:
        while self._spent and self._spent[0][0] <= now - MINUTE:
            self._total -= self._spent.popleft()[1]
        return int(self._total)

    def spend(self, now: float, units: int) -> None:
        self._total += units
        if self._spent and now - self._spent[-1][0] < GRAIN:
            self._spent[-1][1] += units
        else:
            self._spent.append([now, units])

    def wait(self, now: float, excess: int) -> float:
        """Seconds until so many units have left the window."""
        freed = 0.0
        for at, units in self._spent:
            freed += units
            if freed >= excess:
                return at + MINUTE - now
        return MINUTE


class Quota:
    """`clock` gives seconds."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self.limits = limits
        self._clock = clock
        self._project = Window()
        self._users: dict[str, Window] = {}
        self._under_way: Counter[str] = Counter()

    @property
    def used_by_project(self) -> int:
        return self._project.used(self._clock())

    def used(self, user: str) -> int:
        window = self._users.get(user.lower())
        return window.used(self._clock()) if window else 0

    def under_way(self, user: str) -> int:
        return self._under_way[user]

    @contextmanager
    def request(self, user: str) -> Iterator[None]:
        most = self.limits.concurrent
        if most is not None and self._under_way[user] >= most:
            raise ApiError("tooManyConcurrent")
        self._under_way[user] += 1
        try:
            yield
        finally:
            self._under_way[user] -= 1

    def charge(self, user: str, method: str) -> None:
        units, now = self.limits.costs[method], self._clock()
        mine = self._users.setdefault(user, Window())
        self._check(mine, self.limits.per_user, units, now, "userRateLimitExceeded")
        self._check(self._project, self.limits.per_project, units, now, "rateLimitExceeded")
        mine.spend(now, units)
        self._project.spend(now, units)

    def _check(self, window: Window, limit: int | None, units: int, now: float, kind: str) -> None:
        excess = window.used(now) + units - limit if limit is not None else 0
        if excess > 0:
            raise self._refusal(kind, math.ceil(window.wait(now, excess)))

    def _refusal(self, kind: str, seconds: int) -> ApiError:
        refusal = self.limits.refusal
        return ApiError(
            "quotaExceeded" if refusal == "observed" else kind,
            code=429 if refusal == "429" else None,
            retry_after=seconds if self.limits.says_when else None,
        )
