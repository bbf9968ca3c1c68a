"""One process: APScheduler ticks, a doorbell rings, one task sweeps. Rows are the truth, a ring is a hint."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

Sweep = Callable[[], Awaitable[None]]

TICK_SECONDS = 1
"""How late a due row may be noticed when nothing rings."""

PRUNE_HOURS = 6

_log = structlog.get_logger(__name__)


class EventDoorbell:
    """Fills the Doorbell port for sweeps in the same event loop."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self) -> None:
        await self._rung.wait()
        self._rung.clear()


class EmbeddedQueue:
    """Runs every sweep at each ring.

    `misfire_grace_time=None`: APScheduler would drop ticks that come more than a second late.
    """

    def __init__(self, doorbell: EventDoorbell, sweeps: Sequence[Sweep], prune: Sweep) -> None:
        self._doorbell = doorbell
        self._sweeps = sweeps
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._scheduler.add_job(doorbell.ring, "interval", seconds=TICK_SECONDS)
        self._scheduler.add_job(_guarded, "interval", args=[prune], hours=PRUNE_HOURS)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._scheduler.start()
        self._task = asyncio.create_task(self._work())
        self._doorbell.ring()

    async def stop(self) -> None:
        """What a sweep has begun is given up; its lease runs out, and the next process takes it."""
        self._scheduler.shutdown(wait=False)
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _work(self) -> None:
        while True:
            await self._doorbell.wait()
            await asyncio.gather(*(_guarded(sweep) for sweep in self._sweeps))


async def _guarded(sweep: Sweep) -> None:
    """One sweep's trouble must not stop the others, nor the next tick."""
    try:
        await sweep()
    except Exception:  # noqa: BLE001 - the loop must outlive whatever a sweep meets
        _log.exception("sweep failed", sweep=getattr(sweep, "__qualname__", str(sweep)))
