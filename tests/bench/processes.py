"""Processes that the bench starts, each of which says in a line of JSON where it listens."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager


@asynccontextmanager
async def running(
    module: str, arguments: Sequence[str], given: Mapping[str, str]
) -> AsyncIterator[tuple[int, dict[str, str]]]:
    """Its id, and the addresses that it says it listens on."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdout=PIPE, env={**os.environ, **given}
    )
    try:
        assert process.stdout
        yield process.pid, json.loads(await process.stdout.readline())
    finally:
        await _ended(process)


async def _ended(process: Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    await process.wait()
