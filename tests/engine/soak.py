"""`make soak`: kills the engine at every boundary in turn, and at random ones, for as long as it is told."""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.store.tables import metadata
from tests import disks, once
from tests.engine.kills import Kill, Kind, Nursery, nursery
from tests.engine.trials import Result, Trial, tried
from tests.postgres import created, execute, migrate, started_server

BOUNDARIES = (Kind.BEFORE_COMMIT, Kind.AFTER_COMMIT, Kind.UNHEARD, Kind.UNANSWERED)
FARTHEST = {Kind.BEFORE_COMMIT: 90, Kind.AFTER_COMMIT: 90, Kind.UNHEARD: 130, Kind.UNANSWERED: 130}
"""About as many commits and requests as a first run needs in these trials."""

LONGEST_MS = 2_500
AT_RANDOM = 6
_STRIDE = 37


def boundaries() -> Iterator[Kill]:
    """Every one there may be, far from the one before."""
    every = [Kill(kind, number + 1) for kind in BOUNDARIES for number in range(FARTHEST[kind])]
    return (every[at * _STRIDE % len(every)] for at in count())


def some(chosen: random.Random, number: int = AT_RANDOM) -> list[Kill]:
    """Early ones are likelier: what goes on after a kill is shorter than a first run."""
    kinds = chosen.choices(tuple(Kind), k=number)
    return [Kill(kind, 1 + int(FARTHEST.get(kind, LONGEST_MS) * chosen.random() ** 2)) for kind in kinds]


@dataclass
class Tally:
    """What the trials on one database came to."""

    trials: int = 0
    messages: int = 0
    together: int = 0
    retries: int = 0
    kills: Counter[Kind] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    seeds: list[int] = field(default_factory=list)

    def add(self, trial: Trial, result: Result) -> None:
        found, seed = result.findings, trial.seed
        self.trials += 1
        self.together += trial.together
        self.retries += result.retries
        self.messages += found.messages
        self.kills += result.kills
        self.wrong += Counter({name: len(getattr(found, name)) for name in _WRONG})
        self.seeds += [] if found.are_none else [seed]


_WRONG = ("lost", "twice", "altered", "mislabelled", "rows")


@dataclass
class Soak:
    """Every fourth trial is on PostgreSQL, every eighth has a message that is sent in pieces. In every fourth
    there are two processes, in three of eight some items fail and are retried.
    """

    folder: Path
    postgres_url: str
    tallies: dict[str, Tally] = field(default_factory=lambda: {"SQLite": Tally(), "PostgreSQL": Tally()})

    async def run(self, until: float, first_seed: int) -> None:
        every = boundaries()
        async with nursery() as started:
            for seed in count(first_seed):
                if time.monotonic() >= until:
                    return
                kills = [next(every)] if seed % 2 else some(random.Random(seed))
                await self._try(_trial(seed, kills), started)

    async def _try(self, trial: Trial, started: Nursery) -> None:
        name = "PostgreSQL" if trial.seed % 4 == 0 else "SQLite"
        folder = self.folder / str(trial.seed)
        folder.mkdir()
        url = self._emptied() if name == "PostgreSQL" else f"sqlite:///{folder / 'syncbot.db'}"
        if name == "SQLite":
            await asyncio.to_thread(migrate, url)
        result = await tried(trial, folder, url, started)
        self.tallies[name].add(trial, result)
        if not result.findings.are_none:
            sys.stdout.write(f"{trial}\n{result.findings}\n")

    def _emptied(self) -> str:
        tables = [table.name for table in reversed(metadata.sorted_tables)]
        execute(self.postgres_url, *(f'DELETE FROM "{name}"' for name in tables))
        return self.postgres_url


def _trial(seed: int, kills: list[Kill]) -> Trial:
    return Trial(
        seed,
        kills,
        with_large=seed % 8 == 0,
        troubles=seed % 3 > 0,
        refused=4 if seed % 8 in (2, 4, 5) else 0,
        together=seed % 8 in (4, 6),
    )


def drawn(tallies: dict[str, Tally]) -> Table:
    table = Table("", *tallies, "both")
    both = list(tallies.values())
    table.add_row("trials", *_with_sum([each.trials for each in both]))
    table.add_row("of two processes", *_with_sum([each.together for each in both]))
    for kind in Kind:
        table.add_row(f"kills {kind}", *_with_sum([each.kills[kind] for each in both]))
    table.add_row("messages", *_with_sum([each.messages for each in both]))
    table.add_row("retries", *_with_sum([each.retries for each in both]))
    for name in _WRONG:
        table.add_row(name, *_with_sum([each.wrong[name] for each in both]))
    return table


def _with_sum(numbers: list[int]) -> list[str]:
    return [f"{number:,}" for number in (*numbers, sum(numbers))]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1, help="of the first trial")
    asked = parser.parse_args()
    disks.do_not_wait()
    once.statements()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(created(started_server()))
        migrate(url)
        soak = Soak(folder, url)
        asyncio.run(soak.run(time.monotonic() + 60 * asked.minutes, asked.seed))
    Console().print(drawn(soak.tallies))
    return int(any(tally.seeds for tally in soak.tallies.values()))


if __name__ == "__main__":
    sys.exit(main())
