"""How often an app may call.

https://docs.slack.dev/apis/web-api/rate-limits : per method, workspace and app, in a window of a minute;
`chat.postMessage` about one a second in a channel, with short bursts.
"""

import math
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

MINUTE = 60.0
TIER_2, TIER_3, TIER_4 = 20, 50, 100


@dataclass(frozen=True)
class Rates:
    """`scale` multiplies every limit of a minute; `posts_burst` is how many posts a channel takes at once."""

    scale: float = 1.0
    posts_per_second: float = 1.0
    posts_burst: int = 3
    enforced: bool = True


class Window:
    """The calls of the last minute of one method."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._calls: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds until one more call is allowed; 0 takes a place."""
        while self._calls and self._calls[0] <= now - MINUTE:
            self._calls.popleft()
        if len(self._calls) < self._limit:
            self._calls.append(now)
            return 0.0
        return self._calls[0] + MINUTE - now


class Bucket:
    """A channel's posts: refilled steadily, so that a burst is allowed and its average is not exceeded."""

    def __init__(self, per_second: float, burst: int, now: float) -> None:
        self._per_second = per_second
        self._burst = burst
        self._level = float(burst)
        self._at = now

    def wait(self, now: float) -> float:
        self._level = min(self._burst, self._level + (now - self._at) * self._per_second)
        self._at = now
        if self._level >= 1:
            self._level -= 1
            return 0.0
        return (1 - self._level) / self._per_second


class Limiter:
    def __init__(self, rates: Rates, clock: Callable[[], float], tiers: Mapping[str, int]) -> None:
        self._rates = rates
        self._clock = clock
        self._tiers = tiers
        self._windows: dict[str, Window] = {}
        self._channels: dict[str, Bucket] = {}

    def retry_after(self, method: str, channel: str | None) -> int | None:
        """Whole seconds to wait, or None where the call is allowed (and counted)."""
        if not self._rates.enforced:
            return None
        wait = self._post(channel) if method == "chat.postMessage" and channel else self._call(method)
        return math.ceil(wait) if wait > 0 else None

    def _call(self, method: str) -> float:
        tier = self._tiers.get(method)
        if tier is None:
            return 0.0
        limit = max(1, int(tier * self._rates.scale))
        return self._windows.setdefault(method, Window(limit)).wait(self._clock())

    def _post(self, channel: str) -> float:
        now = self._clock()
        rates = self._rates
        fresh = Bucket(rates.posts_per_second, rates.posts_burst, now)
        return self._channels.setdefault(channel, fresh).wait(now)
