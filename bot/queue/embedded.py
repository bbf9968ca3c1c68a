"""One process: APScheduler ticks, a doorbell rings, and a task a sweep works. Rows are the truth."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

Sweep = Callable[[], Awaitable[None]]

TICK_SECONDS = 1
"""How late a due row may be noticed when nothing rings."""

GRACE_SECONDS = 3
"""How long what a sweep has begun may take to end when the queue is stopped."""

_log = structlog.get_logger(__name__)


class EventDoorbell:
    """Fills the Doorbell port for sweeps in the same event loop."""

    def __init__(self) -> None:
        self._events: list[asyncio.Event] = []

    def new_ear(self) -> asyncio.Event:
        """An event that each ring sets; whoever waits for it clears it."""
        self._events.append(asyncio.Event())
        return self._events[-1]

    def ring(self) -> None:
        for event in self._events:
            event.set()


class EmbeddedQueue:
    """Runs every sweep at each ring, each in a task of its own, so that a slow one holds up no other.

    `chores` run every so many seconds. `misfire_grace_time=None`: APScheduler would drop ticks that come
    more than a second late.
    """

    def __init__(
        self,
        doorbell: EventDoorbell,
        sweeps: Sequence[Sweep],
        chores: Mapping[Sweep, int],
        *,
        grace: float = GRACE_SECONDS,
    ) -> None:
        self._doorbell, self._grace = doorbell, grace
        self._sweeps = sweeps
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._scheduler.add_job(doorbell.ring, "interval", seconds=TICK_SECONDS)
        for chore, seconds in chores.items():
            self._scheduler.add_job(_guarded, "interval", args=[chore], seconds=seconds)
        self._tasks: list[asyncio.Task[None]] = []
        self._is_stopping = False

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(self._work(sweep)) for sweep in self._sweeps]
        self._scheduler.start()

    async def stop(self) -> None:
        """What a sweep has begun may end; then it is given up, and the next process takes what is left."""
        self._scheduler.shutdown(wait=False)
        self._is_stopping = True
        self._doorbell.ring()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._grace)
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _work(self, sweep: Sweep) -> None:
        rung = self._doorbell.new_ear()
        rung.set()
        while True:
            await rung.wait()
            rung.clear()
            if self._is_stopping:
                return
            await _guarded(sweep)


async def _guarded(sweep: Sweep) -> None:
    """One sweep's trouble must not stop the next tick."""
    try:
        await sweep()
    except Exception:  # noqa: BLE001 - the loop must outlive whatever a sweep meets
        _log.exception("sweep failed", sweep=getattr(sweep, "__qualname__", str(sweep)))
