"""A claimed mailbox is kept for as long as it is worked on, and no longer than it is one's own."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.engine.keeping import kept

AT_ONCE, NEVER = timedelta(0), timedelta(days=1)
PATIENCE = 5.0
"""Seconds after which what should have ended is given up."""


@dataclass
class Heart:
    """Says what is planned, and what comes last for ever. `tired` is set once all of that was said."""

    answers: list[bool | Exception] = field(default_factory=lambda: [True])
    beats: int = 0
    tired: asyncio.Event = field(default_factory=asyncio.Event)

    async def beat(self) -> bool:
        answer = self.answers[min(self.beats, len(self.answers) - 1)]
        self.beats += 1
        if self.beats >= len(self.answers):
            self.tired.set()
        if isinstance(answer, Exception):
            raise answer
        return answer


async def _worked(heart: Heart) -> None:
    """Until it is stopped."""
    async with kept(heart.beat, AT_ONCE):
        await asyncio.Event().wait()


def _others() -> set["asyncio.Task[None]"]:
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}


async def test_the_heart_beats_while_the_block_lasts_and_no_longer() -> None:
    heart = Heart([True] * 5)
    async with kept(heart.beat, AT_ONCE):
        await heart.tired.wait()
    beats = heart.beats
    for _ in range(5):
        await asyncio.sleep(0)
    assert heart.beats == beats >= 5
    assert _others() == set()


async def test_a_block_that_ends_before_the_first_beat_waits_for_none() -> None:
    heart = Heart()
    async with kept(heart.beat, NEVER):
        pass
    assert (heart.beats, _others()) == (0, set())


async def test_work_is_cancelled_once_the_mailbox_is_somebody_elses() -> None:
    heart = Heart([True, True, False])
    worker = asyncio.create_task(_worked(heart))
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(worker, PATIENCE)
    assert (heart.beats, worker.cancelled(), _others()) == (3, True, set())


async def test_a_beat_that_goes_wrong_ends_neither_the_work_nor_the_beats() -> None:
    heart = Heart([OSError("database is away"), True, OSError("and again"), True])
    async with kept(heart.beat, AT_ONCE):
        await asyncio.wait_for(heart.tired.wait(), PATIENCE)
    assert heart.beats >= 4


async def test_what_goes_wrong_in_the_block_is_raised_and_leaves_no_task_behind() -> None:
    heart = Heart()
    with pytest.raises(ValueError, match="of the block"):
        async with kept(heart.beat, AT_ONCE):
            raise ValueError("of the block")
    assert _others() == set()


async def test_work_that_is_stopped_from_outside_leaves_no_task_behind() -> None:
    heart = Heart()
    worker = asyncio.create_task(_worked(heart))
    await heart.tired.wait()
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker
    assert _others() == set()


async def test_a_beat_that_hangs_does_not_hold_up_the_end() -> None:
    began = asyncio.Event()

    async def hangs() -> bool:
        began.set()
        return await asyncio.Event().wait()

    async with kept(hangs, AT_ONCE):
        await began.wait()
    assert _others() == set()


async def test_being_stopped_at_the_very_end_is_not_forgotten() -> None:
    """The work is done, and waits for its last beat to give way."""
    began, stopped = asyncio.Event(), asyncio.Event()

    async def lingers() -> bool:
        began.set()
        try:
            return await asyncio.Event().wait()
        except asyncio.CancelledError:
            await stopped.wait()
            raise

    async def worked() -> None:
        async with kept(lingers, AT_ONCE):
            await began.wait()

    worker = asyncio.create_task(worked())
    await began.wait()
    await asyncio.sleep(0)
    worker.cancel()
    stopped.set()
    with pytest.raises(asyncio.CancelledError):
        await worker
