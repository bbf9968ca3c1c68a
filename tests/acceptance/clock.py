"""A clock that a test moves on, while processes and connections keep to the real one."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import SystemClock


@dataclass
class MovedClock:
    """The system's, some time later."""

    ahead: timedelta = timedelta(0)
    real: SystemClock = field(default_factory=SystemClock)

    def now(self) -> datetime:
        return self.real.now() + self.ahead
