"""Figures, taken in rounds of both sides in turn, so that a noisy machine is noisy for both."""

import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

Step = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Figure:
    what: str
    ours: str
    bare: str
    ratio: str


async def in_turn(ours: Step, bare: Step, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds of each round of both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for step, seconds in zip((ours, bare), taken, strict=True):
            started = time.perf_counter()
            await step()
            seconds.append(time.perf_counter() - started)
    return taken


def cpu_seconds(process: int | str = "self") -> float:
    """Of all its threads, since it began; by Linux's /proc (proc_pid_stat(5): the 14th and 15th field)."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def machine_seconds() -> float:
    """CPU that everybody used since the machine began (proc_stat(5): all but the idle fields)."""
    fields = Path("/proc/stat").read_text(encoding="utf-8").split("\n", 1)[0].split()[1:9]
    user, nice, system, _idle, _iowait, *interrupts = map(int, fields)
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")


def compared(what: str, ours: list[float], bare: list[float]) -> Figure:
    """Times of one step: median and 99th percentile; the ratio of the medians says how many times slower."""
    return Figure(what, _times(ours), _times(bare), f"{median(ours) / median(bare):.1f} x the time")


def _times(seconds: list[float]) -> str:
    p99 = quantiles(seconds, n=100)[98]
    return f"p50 {median(seconds) * 1e6:,.0f} µs, p99 {p99 * 1e6:,.0f} µs"
