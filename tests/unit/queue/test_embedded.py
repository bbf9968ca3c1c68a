"""A ring starts every sweep, each in its own task, and one that fails or hangs stops no other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from bot.queue.embedded import EmbeddedQueue, EventDoorbell, Sweep

PATIENCE = 10


class Counted:
    """A sweep that says how often it ran, and lets a test wait for that."""

    def __init__(self) -> None:
        self.runs = 0
        self._ran = asyncio.Condition()

    async def __call__(self) -> None:
        async with self._ran:
            self.runs += 1
            self._ran.notify_all()

    async def has_run(self, times: int) -> None:
        async with asyncio.timeout(PATIENCE), self._ran:
            await self._ran.wait_for(lambda: self.runs >= times)


@asynccontextmanager
async def running(
    bell: EventDoorbell, *sweeps: Sweep, chores: dict[Sweep, int] | None = None, grace: float = PATIENCE
) -> AsyncIterator[None]:
    queue = EmbeddedQueue(bell, sweeps, chores or {}, grace=grace)
    await queue.start()
    try:
        yield
    finally:
        await queue.stop()


async def test_every_sweep_runs_at_the_start_and_at_each_ring() -> None:
    bell, first, second = EventDoorbell(), Counted(), Counted()
    async with running(bell, first, second):
        await first.has_run(1)
        await second.has_run(1)
        bell.ring()
        await first.has_run(2)
        await second.has_run(2)


@pytest.mark.slow
async def test_time_alone_rings_too() -> None:
    sweep = Counted()
    async with running(EventDoorbell(), sweep):
        await sweep.has_run(2)


async def test_a_sweep_that_raises_is_logged_and_runs_again() -> None:
    bell, other, tried = EventDoorbell(), Counted(), Counted()

    async def raising() -> None:
        await tried()
        raise ZeroDivisionError

    with capture_logs() as logs:
        async with running(bell, raising, other):
            await tried.has_run(1)
            bell.ring()
            await tried.has_run(2)
            await other.has_run(2)
    failures = [entry for entry in logs if entry["event"] == "sweep failed"]
    assert len(failures) >= 1
    assert "raising" in failures[0]["sweep"]
    assert failures[0]["exc_info"]


async def test_a_sweep_that_is_at_work_may_end_before_the_queue_stops() -> None:
    """Given up between Slack's answer and the row that keeps it, a message would be posted twice."""
    began, may_end, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def posting() -> None:
        began.set()
        await may_end.wait()
        ended.set()

    async with running(EventDoorbell(), posting):
        await asyncio.wait_for(began.wait(), PATIENCE)
        asyncio.get_running_loop().call_soon(may_end.set)
    assert ended.is_set()


async def test_a_sweep_that_hangs_holds_up_no_other_and_is_given_up_at_the_end() -> None:
    bell, other, hung, given_up = EventDoorbell(), Counted(), asyncio.Event(), asyncio.Event()

    async def hanging() -> None:
        hung.set()
        try:
            await asyncio.Event().wait()
        finally:
            given_up.set()

    async with running(bell, hanging, other, grace=0.01):
        await asyncio.wait_for(hung.wait(), PATIENCE)
        bell.ring()
        await other.has_run(2)
    assert given_up.is_set()


async def test_a_ring_during_a_sweep_starts_it_once_more() -> None:
    bell, runs, may_end = EventDoorbell(), Counted(), asyncio.Event()

    async def slow() -> None:
        await runs()
        await may_end.wait()

    async with running(bell, slow):
        await runs.has_run(1)
        for _ in range(100):
            bell.ring()
        may_end.set()
        await runs.has_run(2)


@pytest.mark.slow
async def test_chores_run_by_the_clock_and_their_trouble_is_logged() -> None:
    chore = Counted()

    async def clumsy() -> None:
        await chore()
        raise ZeroDivisionError

    with capture_logs() as logs:
        async with running(EventDoorbell(), chores={clumsy: 1}):
            await chore.has_run(2)
    assert "sweep failed" in {entry["event"] for entry in logs}


def test_ringing_without_anybody_who_listens_is_harmless() -> None:
    EventDoorbell().ring()
