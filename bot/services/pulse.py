"""Notes when each sweep of this process was last done, so that one that stands still is seen."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import wraps

from bot.ports import Clock
from bot.ports.health import Beat

Sweep = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Pulse:
    clock: Clock
    _beats: dict[str, Beat] = field(init=False, default_factory=dict)

    def of(self, name: str, sweep: Sweep) -> Sweep:
        """The same sweep, watched."""
        self._beats[name] = Beat(name, self.clock.now(), None, failed=False)

        @wraps(sweep)
        async def watched() -> None:
            before = self._beats[name] = replace(self._beats[name], began_at=self.clock.now())
            try:
                await sweep()
            except Exception:
                self._beats[name] = replace(before, failed=True)
                raise
            self._beats[name] = replace(before, ended_at=self.clock.now(), failed=False)

        return watched

    def beats(self) -> tuple[Beat, ...]:
        return tuple(self._beats.values())
