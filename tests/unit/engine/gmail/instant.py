"""An event loop whose time jumps to the next timer, so that minutes pass at once."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

_R = TypeVar("_R")


class InstantLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        super().__init__()
        self._ahead = 0.0

    def time(self) -> float:
        return super().time() + self._ahead

    def _run_once(self) -> None:
        """Only where nothing else is left to do but to wait for a timer."""
        ready, scheduled = self._ready, self._scheduled  # type: ignore[attr-defined]
        if not ready and scheduled:
            self._ahead += max(0.0, scheduled[0].when() - self.time())
        super()._run_once()  # type: ignore[misc]


def ran(coroutine: Coroutine[Any, Any, _R]) -> _R:
    with asyncio.Runner(loop_factory=InstantLoop) as runner:
        return runner.run(coroutine)
