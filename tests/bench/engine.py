"""Messages a second of one engine process, beside a bare loop that moves the same bytes."""

import time
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import aiohttp

from bot.engine.shift import AT_ONCE
from tests.bench.bare import Bare
from tests.bench.measuring import Figure, cpu_seconds
from tests.bench.stand_ins import Load, standing
from tests.bench.syncing import Syncing, syncing

MAILBOXES, MESSAGES, KIB = 8, 1600, 20
ROUNDS = 3
BATCH = MAILBOXES * MESSAGES
PROJECT = 1_200_000 / 25 / 60
"""Imports a second that Gmail allows one project: "Usage limits",
https://developers.google.com/workspace/gmail/api/reference/quota
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """Of one round: seconds, and seconds of this process's CPU, in all its threads."""

    wall: float
    cpu: float


async def figures(folder: Path) -> list[Figure]:
    load = Load(MAILBOXES * (ROUNDS + 1), MESSAGES, KIB)
    async with standing(folder, load) as at, syncing(folder, at, at_once=MAILBOXES) as ours:
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as http:
            bare = Bare(folder, http, at, MAILBOXES * AT_ONCE)
            rounds = [await _round(ours, bare) for _ in range(ROUNDS + 1)]
            bare.close()
        assert await ours.done() == BATCH * (ROUNDS + 1)
    return _figures(*zip(*rounds[1:], strict=True))


async def _round(ours: Syncing, bare: Bare) -> tuple[Spent, Spent]:
    """The first one warms up: connections, statements, tokens of Microsoft."""
    mine = await _spent(ours.sync_next())
    errands = await bare.errands(ours.database, BATCH)
    assert len(errands) == BATCH
    return mine, await _spent(bare.run(errands))


async def _spent(work: Awaitable[None]) -> Spent:
    wall, cpu = time.perf_counter(), cpu_seconds()
    await work
    return Spent(time.perf_counter() - wall, cpu_seconds() - cpu)


def _figures(ours: tuple[Spent, ...], bare: tuple[Spent, ...]) -> list[Figure]:
    rates = [BATCH / median(each.wall for each in side) for side in (ours, bare)]
    costs = [median(each.cpu for each in side) / BATCH * 1e3 for side in (ours, bare)]
    ratio = median(b.wall / a.wall for a, b in zip(ours, bare, strict=True))
    return [
        Figure(
            f"messages of {KIB} kB a second, {MAILBOXES} mailboxes; bare: fetch, post, one durable row",
            f"{rates[0]:,.0f} /s",
            f"{rates[1]:,.0f} /s",
            f"{ratio:.2f} of the rate",
        ),
        Figure(
            "CPU of the process a message",
            f"{costs[0]:.2f} ms",
            f"{costs[1]:.2f} ms",
            f"{costs[0] / costs[1]:.2f} x the CPU",
        ),
        Figure(
            "messages a second that the CPU alone would allow; bare: Gmail's ceiling for one project",
            f"{1e3 / costs[0]:,.0f} /s",
            f"{PROJECT:,.0f} /s",
            f"{1e3 / costs[0] / PROJECT:.2f} of the ceiling",
        ),
    ]
