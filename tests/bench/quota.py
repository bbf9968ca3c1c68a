"""How much of Gmail's quota an engine uses, by the number of mailboxes, as long as there is CPU for more."""

import asyncio
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bot.engine.gmail.pacing import ADD_MESSAGE
from tests.bench.measuring import Figure, cpu_seconds, machine_seconds
from tests.bench.stand_ins import Load, StandIns, standing
from tests.bench.syncing import Syncing, syncing

MAILBOXES = (1, 10, 50, 200)
WINDOW_SECONDS = 20.0
USER = 6_000 / ADD_MESSAGE / 60
PROJECT = 1_200_000 / ADD_MESSAGE / 60
"""Imports a second: "Usage limits", https://developers.google.com/workspace/gmail/api/reference/quota"""

MESSAGES, KIB, LATENCY_MS = 400, 20, 50


@dataclass(frozen=True, slots=True)
class Window:
    """What happened between two looks: messages, seconds, and those of the CPUs: ours and everybody's."""

    arrived: int
    seconds: float
    engine: float
    stand_ins: float
    machine: float

    def told(self) -> str:
        """Shares are of one CPU."""
        used = (self.engine, self.stand_ins, self.machine)
        engine, stand_ins, machine = (f"{each / self.seconds:.0%}" for each in used)
        rate = f"{self.arrived / self.seconds:,.1f} /s"
        return f"{rate}; CPU {engine}, stand-ins {stand_ins}, machine {machine}"


async def figures(folder: Path) -> list[Figure]:
    """Latency and limits are on at both stand-ins; the engine keeps to the quotas that are documented."""
    found = []
    for mailboxes in MAILBOXES:
        with tempfile.TemporaryDirectory(dir=folder) as own:
            found.append(await _figure(Path(own), mailboxes))
    return found


async def _figure(folder: Path, mailboxes: int) -> Figure:
    load = Load(mailboxes, MESSAGES, KIB, latency_ms=LATENCY_MS, limited=True)
    async with standing(folder, load) as at, syncing(folder, at, at_once=mailboxes) as ours:
        await ours.engine.sweep()
        await ours.until_moving()
        window = await _window(ours, at)
        setbacks = await ours.setbacks()
    allowed, rate = min(mailboxes * USER, PROJECT), window.arrived / window.seconds
    return Figure(
        f"messages a second, mailboxes: {mailboxes}; bare: the quota",
        window.told(),
        f"{allowed:,.0f} /s",
        f"{rate / allowed:.3f} of the quota, {setbacks} refused",
    )


async def _window(ours: Syncing, at: StandIns) -> Window:
    before, started = await ours.done(), time.perf_counter()
    engine, stand_ins, machine = cpu_seconds(), sum(map(cpu_seconds, at.processes)), machine_seconds()
    await asyncio.sleep(WINDOW_SECONDS)
    return Window(
        await ours.done() - before,
        time.perf_counter() - started,
        cpu_seconds() - engine,
        sum(map(cpu_seconds, at.processes)) - stand_ins,
        machine_seconds() - machine,
    )
