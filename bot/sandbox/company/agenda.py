"""What the company does later: steps with the moment at which each is due."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

Step = Callable[[], None]


class Agenda:
    def __init__(self) -> None:
        self._steps: list[tuple[datetime, int, Step]] = []
        self._order = count()

    def at(self, due: datetime, step: Step) -> None:
        heapq.heappush(self._steps, (due, next(self._order), step))

    def run_due(self, now: datetime) -> int:
        """Run what is due, in order; steps may add others. Returns how many ran."""
        ran = 0
        while self._steps and self._steps[0][0] <= now:
            heapq.heappop(self._steps)[2]()
            ran += 1
        return ran

    @property
    def next_due(self) -> datetime | None:
        return self._steps[0][0] if self._steps else None
