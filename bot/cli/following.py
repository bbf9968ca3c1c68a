"""Watching a request until it ends, or until it is clear whether anything works on it."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from blocks import words
from bot.cli.findings import Followed
from bot.cli.results import NOBODY_SENDS, at_stage, what
from bot.domain.values import FailureId
from bot.ports.batches import BatchProgress
from bot.views import CardKind, CardRef, RetryStarted, StatusCard

if TYPE_CHECKING:
    from bot.desk import Desk

POLL = timedelta(seconds=1)
TAKEN_UP_WITHIN = timedelta(seconds=5)
"""A bot that runs looks for requests each second (bot/queue/embedded.py)."""

GIVEN_UP_WITHIN = timedelta(seconds=15)
"""A bot gives a request up at its first sweep after the deadline: that long its last word is waited for."""

Size = tuple[int, int | None]
"""How much is done, and of how much, where that is known."""


async def followed(
    desk: "Desk", started: RetryStarted, gone: tuple[FailureId, ...], *, wait: bool
) -> Followed:
    """The request as it stands at its end; without `wait`, once it was sent, or was not for too long.

    Ctrl-C ends the watching alone: the rows of the request stay as they are.
    """
    progress, interrupted = None, False
    try:
        with _shown(started, wait=wait) as line:
            async with aclosing(_moments(desk, started, wait=wait)) as moments:
                async for progress in moments:
                    line.show(progress, await _size(desk, started, progress))
    except asyncio.CancelledError:
        interrupted = True
    return Followed(started, progress, gone, waited=wait, interrupted=interrupted)


async def pause() -> None:
    await asyncio.sleep(POLL.total_seconds())


class _Line:
    """One line on a terminal; elsewhere only what must not be missed."""

    def __init__(self, bar: Progress, task: TaskID, *, wait: bool) -> None:
        self._bar, self._task, self._wait, self._polls = bar, task, wait, 0

    def show(self, progress: BatchProgress, size: Size) -> None:
        self._polls += 1
        done, total = size
        stage = _stage(progress, size)
        self._bar.update(self._task, completed=done, total=total, stage=stage, refresh=True)
        is_late = self._polls * POLL == TAKEN_UP_WITHIN + POLL
        if self._wait and is_late and not progress.is_taken_up:
            self._bar.console.print(NOBODY_SENDS)


@contextmanager
def _shown(started: RetryStarted, *, wait: bool) -> Iterator[_Line]:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[stage]}", markup=False),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield _Line(bar, bar.add_task(words.capital(what(started)), total=None, stage=""), wait=wait)


async def _moments(desk: "Desk", started: RetryStarted, *, wait: bool) -> AsyncGenerator[BatchProgress, None]:
    begun_at = desk.clock.now()
    while progress := await desk.batches.progress(started.batch):
        yield progress
        if progress.has_ended or _is_enough(progress, begun_at, desk.clock.now(), wait=wait):
            return
        await pause()


def _is_enough(progress: BatchProgress, begun_at: datetime, now: datetime, *, wait: bool) -> bool:
    if not wait:
        return progress.is_sent or now >= begun_at + TAKEN_UP_WITHIN
    return progress.deadline is not None and now >= progress.deadline + GIVEN_UP_WITHIN


async def _size(desk: "Desk", started: RetryStarted, progress: BatchProgress) -> Size:
    """Of items their number; of the sync of a mailbox what its run has done."""
    if not started.whole_mailbox or not progress.is_sent:
        return progress.done, progress.requested
    card = await desk.cards.load(CardRef(CardKind.STATUS, mailbox=started.mailbox.id), desk.asker)
    return (isinstance(card, StatusCard) and card.progress) or (0, None)


def _stage(progress: BatchProgress, size: Size) -> str:
    done, total = size
    at_work = progress.is_sent and not progress.has_ended and total != progress.requested
    return f"{at_stage(progress)}: {words.progress(done, total)}" if at_work else at_stage(progress)
