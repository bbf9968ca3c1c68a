"""Keeps a claimed mailbox while work on it goes on, and ends the work once somebody else has it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from bot.domain.mail import HEARTBEAT

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def kept(beat: Callable[[], Awaitable[bool]], interval: timedelta = HEARTBEAT) -> AsyncIterator[None]:
    """Call `beat` regularly for as long as the block lasts. Once it says False the block is cancelled."""
    keeper = asyncio.create_task(_keep(beat, interval, asyncio.current_task()))
    try:
        yield
    finally:
        keeper.cancel()
        await asyncio.wait({keeper})


async def _keep(
    beat: Callable[[], Awaitable[bool]], interval: timedelta, worker: asyncio.Task[None] | None
) -> None:
    while True:
        await asyncio.sleep(interval.total_seconds())
        if worker and not await _went_well(beat):
            _log.warning("a mailbox was taken over by another process")
            worker.cancel()
            return


async def _went_well(beat: Callable[[], Awaitable[bool]]) -> bool:
    try:
        return await beat()
    except Exception:  # noqa: BLE001 - the next beat may go through; the lease outlasts several
        _log.exception("heartbeat failed")
        return True
