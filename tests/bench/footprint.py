"""`python -m tests.bench.footprint`: a process that syncs one mailbox, and tells by how much it grew.

It does nothing else, since memory that was used once would be used again unnoticed.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.config import LogFormat
from bot.heap import settle
from bot.logs import configure
from tests.bench.stand_ins import Load, standing
from tests.bench.syncing import Syncing, syncing


@dataclass(frozen=True, slots=True)
class Growth:
    """`peak` and `idle` are bytes of resident memory; `moved` of the `listed` messages have arrived."""

    idle: int
    peak: int
    listed: int
    moved: int

    @property
    def megabytes(self) -> float:
        return (self.peak - self.idle) / 1e6


async def growth(messages: int, kib: int, *, seconds: int) -> Growth:
    """Of a process of its own, in which a mailbox is synced; after `seconds` it breaks off."""
    numbers = [f"--messages={messages}", f"--kib={kib}", f"--seconds={seconds}"]
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.footprint", *numbers, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await child.communicate()
    assert child.returncode == 0
    return Growth(**json.loads(told))


async def _grown(load: Load, folder: Path, seconds: int) -> Growth:
    async with standing(folder, load) as at, syncing(folder, at, at_once=1) as ours:
        forget_peak()
        idle = memory()["VmRSS"]
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await ours.sync_next()
        return Growth(idle, memory()["VmHWM"], *await _counts(ours))


async def _counts(ours: Syncing) -> tuple[int, int]:
    return await ours.known(), await ours.done()


def memory() -> Mapping[str, int]:
    """Linux's names: VmRSS is resident now, VmHWM was at most (proc_pid_status(5))."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    found = (line.split() for line in lines if line.endswith(" kB"))
    return {name.rstrip(":"): int(kib) * 1024 for name, kib, _ in found}


def forget_peak() -> None:
    """The start may have taken more than there is now (proc_pid_clear_refs(5))."""
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="footprint")
    for name in ("messages", "kib", "seconds"):
        parser.add_argument(f"--{name}", type=int, required=True)
    asked = parser.parse_args()
    configure("ERROR", LogFormat.CONSOLE, addresses=False)
    settle()
    load = Load(1, asked.messages, asked.kib)
    with tempfile.TemporaryDirectory(prefix="syncbot-footprint-") as folder:
        found = asyncio.run(_grown(load, Path(folder), asked.seconds))
    sys.stdout.write(json.dumps(asdict(found)) + "\n")


if __name__ == "__main__":
    main()
