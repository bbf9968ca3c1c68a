"""How much an app may ask of one mailbox: see Limits."""

import math
from collections import deque

from bot.sandbox.graph.errors import KINDS, Refusal
from bot.sandbox.graph.knobs import Limits


class Meter:
    """The calls of one app to one mailbox. A refused call counts too, as the throttling guidance says."""

    __slots__ = ("_calls", "in_flight", "most_in_flight")

    def __init__(self) -> None:
        self._calls: deque[float] = deque()
        self.in_flight = 0
        self.most_in_flight = 0

    def count(self, limits: Limits, now: float) -> int:
        """Seconds to wait, 0 if the call is within the limit."""
        calls, window = self._calls, limits.window.total_seconds()
        while calls and calls[0] <= now - window:
            calls.popleft()
        calls.append(now)
        if len(calls) <= limits.requests:
            return 0
        return max(1, math.ceil(calls[len(calls) - limits.requests] + window - now))

    def begin(self) -> None:
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)

    def end(self) -> None:
        self.in_flight -= 1


class Throttle:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.meters: dict[tuple[str, str], Meter] = {}

    def meter(self, app: str, mailbox: str) -> Meter:
        found = self.meters.get((app, mailbox))
        if found is None:
            found = self.meters[app, mailbox] = Meter()
        return found

    def check(self, meter: Meter, now: float) -> None:
        """Raises Refusal; `begin` has been called for this one."""
        if not self.limits.enforced:
            return
        wait = meter.count(self.limits, now)
        if wait:
            raise Refusal(KINDS["TooManyRequests"].after(wait))
        if meter.in_flight > self.limits.concurrent:
            seconds = math.ceil(self.limits.concurrency_wait.total_seconds())
            raise Refusal(KINDS["ApplicationThrottled"].after(seconds))
