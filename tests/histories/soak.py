"""`make soak`: plays histories at random for as long as it is told, and shrinks those that go wrong."""

import argparse
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import structlog
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.table import Table

from tests import disks, once
from tests.histories.chance import Step, histories
from tests.histories.playing import played
from tests.postgres import created, migrate, started_server

AT_ONCE = 20
"""Histories that Hypothesis draws with one seed."""

SHRINKING_S = 60.0
"""How long a shorter history is looked for."""

SEEDS_ON_POSTGRES = 4
"""Every so many."""


@dataclass
class Soak:
    urls: dict[str, str]
    until: float
    figures: dict[str, Counter[str]] = field(default_factory=dict)
    wrong: list[int] = field(default_factory=list)

    def run(self, first_seed: int) -> None:
        self.figures = {name: Counter() for name in self.urls}
        for number in count(first_seed):
            if time.monotonic() >= self.until:
                return
            self._try(number, "SQLite" if number % SEEDS_ON_POSTGRES else "PostgreSQL")

    def _try(self, number: int, name: str) -> None:
        """What was wrong is printed at once, and again with the shortest history that comes to it."""
        trial = Trial(self.urls[name], self.until)
        try:
            searched(trial, number)
        except Exception as error:  # noqa: BLE001 - whatever it is, the soak goes on
            self.wrong.append(number)
            _say(f"seed {number} on {name}, at the shortest: {error}", *getattr(error, "__notes__", []))
        self.figures[name] += trial.figures


@dataclass
class Trial:
    """Histories of one seed. `found`: those that went wrong, with what was wrong."""

    url: str
    until: float
    figures: Counter[str] = field(default_factory=Counter)
    found: dict[str, list[str]] = field(default_factory=dict)

    def findings(self, history: Sequence[Step], *, can_read: bool) -> list[str]:
        """Once time is up, nothing is played any more, and what went wrong stays so."""
        name = f"can_read={can_read} {history}"
        if name in self.found or time.monotonic() > self.until:
            return self.found.get(name, [])
        outcome = played(self.url, history, can_read=can_read)
        if not self.found:
            self.figures += outcome.figures
        if outcome.findings:
            self._keep(name, outcome.findings)
        return outcome.findings

    def _keep(self, name: str, findings: list[str]) -> None:
        if not self.found:
            self.until = time.monotonic() + SHRINKING_S
            _say(*findings, name)
        self.found[name] = findings


def searched(trial: Trial, number: int) -> None:
    @seed(number)
    @settings(
        max_examples=AT_ONCE,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(histories, st.booleans())
    def at_rest(history: list[Step], can_read: bool) -> None:  # noqa: FBT001 - drawn
        assert trial.findings(history, can_read=can_read) == []

    at_rest()


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def drawn(figures: dict[str, Counter[str]]) -> Table:
    table = Table("", *figures, "both")
    for name in figures["SQLite"] | figures["PostgreSQL"]:
        numbers = [each[name] for each in figures.values()]
        table.add_row(name, *(f"{number:,}" for number in (*numbers, sum(numbers))))
    return table


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="the first one")
    asked = parser.parse_args()
    disks.do_not_wait()
    once.statements()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = {"SQLite": f"sqlite:///{folder / 'syncbot.db'}"}
        urls["PostgreSQL"] = stack.enter_context(created(started_server()))
        for each in urls.values():
            migrate(each)
        soak = Soak(urls, time.monotonic() + 60 * asked.minutes)
        soak.run(asked.seed)
    Console().print(drawn(soak.figures))
    sys.stdout.write(f"from seed {asked.seed} on; wrong: {soak.wrong or 'none'}\n")
    return int(bool(soak.wrong))


if __name__ == "__main__":
    sys.exit(main())
