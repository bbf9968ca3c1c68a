"""`make bench`: each figure is a ratio to a bare loop that does the same in the same run."""

import asyncio
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.config import LogFormat
from bot.logs import configure
from tests.bench import ingest, lookup, memory
from tests.bench.measuring import Figure


def main() -> None:
    configure("ERROR", LogFormat.CONSOLE, addresses=False)
    console = Console(width=130)
    with tempfile.TemporaryDirectory(prefix="syncbot-bench-") as folder:
        figures = asyncio.run(_measured(Path(folder)))
    table = Table("what", "syncbot", "bare loop", "ratio", title="syncbot bench")
    for figure in figures:
        table.add_row(figure.what, figure.ours, figure.bare, figure.ratio)
    console.print(table)


async def _measured(folder: Path) -> list[Figure]:
    """Memory first: its peak would hide under that of the others."""
    return [
        *await memory.figures(folder),
        *await ingest.figures(folder),
        *await lookup.figures(folder / "lookup.db"),
    ]


if __name__ == "__main__":
    main()
