"""An event loop whose time stands still but for jumps to the next timer: minutes pass at once, however busy
the machine is.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

_R = TypeVar("_R")


class InstantLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        """Only where nothing else is left to do but to wait for a timer."""
        ready, scheduled = self._ready, self._scheduled  # type: ignore[attr-defined]
        if not ready and scheduled:
            self._now = max(self._now, scheduled[0].when())
        super()._run_once()  # type: ignore[misc]


def ran(coroutine: Coroutine[Any, Any, _R]) -> _R:
    with asyncio.Runner(loop_factory=InstantLoop) as runner:
        return runner.run(coroutine)
