"""Running several processes as one: all come up, or all go down."""

import asyncio
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from bot.config import PREFIX
from bot.errors import BadSettings

READY_SECONDS = 60
STOP_SECONDS = 1.0
"""A part that takes longer is killed: what it still does would be thrown away with the demo."""

T = TypeVar("T")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def on_signals() -> asyncio.Event:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


@asynccontextmanager
async def started(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], patience: float = STOP_SECONDS
) -> AsyncIterator[Process]:
    """A process in a session of its own, so that Ctrl-C reaches it only through us; ended with the block.

    It runs in an empty folder and without settings of the surroundings, so that no .env gets in.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        cwd=folder,
        env={**inherited, **environment, "PYTHONUNBUFFERED": "1"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        await _end(process, patience)


async def _end(process: Process, patience: float) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), patience)
        except TimeoutError:
            process.kill()
            await process.wait()


async def all_ready(processes: Sequence[Process], stopped: asyncio.Event) -> list[dict[str, str]] | None:
    """Wait until each process has said that it is ready, by one line of JSON on its standard output.

    Returns what they said, or None where the stop came first.

    Raises:
        BadSettings: one did not, within a minute.
    """
    try:
        return await _unless(stopped, asyncio.gather(*map(_ready, processes)), READY_SECONDS)
    except TimeoutError:
        raise BadSettings(f"The demo did not come up within {READY_SECONDS} seconds.") from None


async def until_any_ends(processes: Sequence[Process], stopped: asyncio.Event) -> None:
    """Raises BadSettings where a process ends before it is told to."""
    ends = [asyncio.ensure_future(process.wait()) for process in processes]
    await _unless(stopped, asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED))
    for end in ends:
        end.cancel()
    if not stopped.is_set():
        raise BadSettings("A part of the demo ended by itself; its own words are above.")


async def _unless(stopped: asyncio.Event, work: Awaitable[T], seconds: float | None = None) -> T | None:
    """Wait for the work, or for the stop, whichever comes first: then the work is given up."""
    working, stop = asyncio.ensure_future(work), asyncio.ensure_future(stopped.wait())
    try:
        done, _ = await asyncio.wait((working, stop), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if not done:
            raise TimeoutError
        return working.result() if working in done else None
    finally:
        working.cancel()
        stop.cancel()


async def _ready(process: Process) -> dict[str, str]:
    line = await process.stdout.readline() if process.stdout else b""
    try:
        return dict(json.loads(line))
    except (ValueError, TypeError):
        raise BadSettings("A part of the demo did not start; its own words are above.") from None
