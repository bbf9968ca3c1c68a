"""What can be made to go wrong, one knob each; all off at the start."""

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

TokenState = Literal["good", "token_revoked", "account_inactive"]


@dataclass(frozen=True)
class Fault:
    """What happens to one call. Without `error`, `status` or `retry_after` the call is executed.

    `lost` executes it and then drops the connection: the answer is lost. `delay` is in seconds.
    """

    error: str | None = None
    retry_after: int | None = None
    status: int | None = None
    lost: bool = False
    delay: float = 0.0


@dataclass
class Faults:
    """`token` is what Slack says once the app is uninstalled or its token is revoked.

    `stale` keeps Socket Mode connections open while nothing passes: no envelope, no answer to a ping.
    """

    token: TokenState = "good"
    stale: bool = False
    _planned: dict[str, deque[Fault]] = field(default_factory=dict)

    def plan(self, method: str, fault: Fault, times: int = 1) -> None:
        """The next calls of the method, after those planned before; `response_url` and `upload` are two."""
        self._planned.setdefault(method, deque()).extend([fault] * times)

    def fail(self, method: str, error: str, times: int = 1) -> None:
        self.plan(method, Fault(error=error), times)

    def limit(self, method: str, retry_after: int, times: int = 1) -> None:
        self.plan(method, Fault(retry_after=retry_after), times)

    def break_down(self, method: str, status: int = 500, times: int = 1) -> None:
        self.plan(method, Fault(status=status), times)

    def lose_answer(self, method: str, times: int = 1) -> None:
        self.plan(method, Fault(lost=True), times)

    def delay(self, method: str, seconds: float, times: int = 1) -> None:
        self.plan(method, Fault(delay=seconds), times)

    def clear(self) -> None:
        self.token = "good"
        self.stale = False
        self._planned.clear()

    def next(self, method: str) -> Fault:
        planned = self._planned.get(method)
        return planned.popleft() if planned else Fault()
