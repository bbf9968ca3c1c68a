"""The terminal: its width, its colours, and foreign text that cannot drive it."""

import os
import sys
from collections.abc import Iterable, Sequence
from io import TextIOWrapper

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len, set_cell_size
from rich.console import Console, JustifyMethod, RenderableType
from rich.table import Table
from rich.text import Text

from blocks.text import one_line

PIPED_WIDTH = 240
"""Columns where there is no terminal: rows stay on one line, as filters of lines want them."""

ADDRESSES = "Source"
"""The column of them."""

_OF_ADDRESSES = 0.35
"""The share of the width that they may take before they are folded."""

_FOREIGN = 1_000
_HEADING = "bold"


def console() -> Console:
    """Standard output. What its encoding lacks is shown as `?`."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    screen = Console(highlight=False, markup=False, emoji=False)
    if not screen.is_terminal and "COLUMNS" not in os.environ:
        screen.width = PIPED_WIDTH
    return screen


class Plain(str):
    """Lines that are written as they are: fast, and neither folded nor coloured."""

    __slots__ = ()


def foreign(text: str, style: str = "") -> Text:
    """What somebody else wrote: on one line, without control characters or markup."""
    return Text(one_line(text, _FOREIGN), style, overflow="fold")


def heading(text: str) -> Text:
    return Text(one_line(text, _FOREIGN), _HEADING)


def lines(parts: Iterable[Text | str | None]) -> Text:
    """One below the other; those that are None or empty are left out."""
    return Text("\n").join(part if isinstance(part, Text) else Text(part) for part in parts if part)


def pairs(rows: Iterable[tuple[str, RenderableType | None]]) -> Table:
    """Names and values; those without a value are left out."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in rows:
        if value is not None:
            grid.add_row(name, value)
    return grid


def listing(
    columns: Sequence[str],
    rows: Iterable[Sequence[RenderableType]],
    *,
    numbers: Sequence[str] = (),
    apart: bool = False,
) -> Table:
    """`numbers` are the columns whose values stand at the right; `apart`: rows of several lines.

    Addresses at the left stay on one line, to be copied, where that leaves room enough for the rest.
    """
    table = Table(box=SIMPLE_HEAD, header_style=_HEADING, show_edge=False, pad_edge=False, leading=int(apart))
    shown, room = list(rows), console().width * _OF_ADDRESSES
    for number, column in enumerate(columns):
        longest = max((cell_len(str(row[number])) for row in shown), default=0)
        is_whole = column == ADDRESSES and longest <= room
        justify: JustifyMethod = "right" if column in numbers else "left"
        table.add_column(column, justify=justify, overflow="fold", no_wrap=is_whole)
    for row in shown:
        table.add_row(*row)
    return table


def plain_listing(columns: Sequence[str], rows: Iterable[Sequence[Text | str]]) -> Plain:
    """As `listing`, for more rows than anybody reads: a table that folds costs a millisecond a row."""
    told = [tuple(columns), *(tuple(str(cell) for cell in row) for row in rows)]
    widths = [max(map(cell_len, column)) for column in zip(*told, strict=True)]
    return Plain(
        "\n".join(
            "   ".join(set_cell_size(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in told
        )
    )
