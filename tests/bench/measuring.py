"""Figures, taken in rounds of both sides in turn, so that a noisy machine is noisy for both."""

import os
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Self

from psycopg.errors import Diagnostic
from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry

from bot.store import Database

Step = Callable[[], Awaitable[object]]
_USED = re.compile(r"([0-9.]+) s user, ([0-9.]+) s system, [0-9.]+ s elapsed")


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


class Cpu:
    """What a step costs this process and, of PostgreSQL, the server's processes that it talks to.

    The server tells of each message what it took of the CPU:
    https://www.postgresql.org/docs/current/runtime-config-statistics.html#RUNTIME-CONFIG-STATISTICS-MONITOR
    """

    def __init__(self, database: Database) -> None:
        self._pool = database._reader.pool
        self._server = 0.0
        self._is_told = not database.is_sqlite

    def __enter__(self) -> Self:
        if self._is_told:
            event.listen(self._pool, "checkout", self._listen)
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_told:
            event.remove(self._pool, "checkout", self._listen)

    async def of(self, step: Step) -> float:
        """Seconds."""
        own, server = time.process_time(), self._server
        await step()
        return time.process_time() - own + self._server - server

    def _listen(self, connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        """Each connection once, however often it is taken."""
        if record.info.get("teller") is self:
            return
        record.info["teller"] = self
        connection.add_notice_handler(self._add)
        with connection.cursor() as cursor:
            cursor.execute("SET client_min_messages = log")
            cursor.execute("SET log_statement_stats = on")
        connection.commit()

    def _add(self, notice: Diagnostic) -> None:
        if found := _USED.search(notice.message_detail or ""):
            self._server += float(found[1]) + float(found[2])


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
