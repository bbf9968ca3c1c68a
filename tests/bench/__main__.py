"""`make bench`: each figure is a ratio to a bare loop that does the same in the same run."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.config import LogFormat
from bot.heap import settle
from bot.logs import configure
from tests.bench import alerts, burst, engine, flat, ingest, lookup, memory, quota
from tests.bench.measuring import Figure

SECTIONS: Mapping[str, Callable[[Path], Awaitable[list[Figure]]]] = {
    "memory": memory.figures,
    "ingest": ingest.figures,
    "lookup": lookup.figures,
    "alerts": alerts.figures,
    "burst": burst.figures,
    "engine": engine.figures,
    "quota": quota.figures,
    "flat": flat.figures,
}
"""Memory first: its peak would hide under that of the others."""


def main() -> None:
    configure("ERROR", LogFormat.CONSOLE, addresses=False)
    settle()  # as `syncbot run` does; what is measured beside it gains as much
    console = Console(width=130)
    for name in _chosen(os.environ.get("ONLY", "")):
        with tempfile.TemporaryDirectory(prefix="syncbot-bench-") as folder:
            figures = asyncio.run(_measured(SECTIONS[name], Path(folder)))
        console.print(_table(name, figures))


async def _measured(section: Callable[[Path], Awaitable[list[Figure]]], folder: Path) -> list[Figure]:
    return await section(folder)


def _table(name: str, figures: list[Figure]) -> Table:
    table = Table("what", "syncbot", "bare", "ratio", title=f"syncbot bench: {name}", title_justify="left")
    for figure in figures:
        table.add_row(figure.what, figure.ours, figure.bare, figure.ratio)
    return table


def _chosen(only: str) -> list[str]:
    """In the order of the sections, whatever the order in which they are asked for."""
    wanted = only.replace(",", " ").split() or list(SECTIONS)
    unknown = sorted(set(wanted) - SECTIONS.keys())
    if unknown:
        sys.exit(f"No such section of the bench: {', '.join(unknown)}. There are {', '.join(SECTIONS)}.")
    return [name for name in SECTIONS if name in wanted]


if __name__ == "__main__":
    main()
