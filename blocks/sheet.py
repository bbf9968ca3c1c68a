"""Rows as CSV, of which no spreadsheet takes a cell for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from blocks.text import one_line

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet compute: https://owasp.org/www-community/attacks/CSV_Injection"""

_CELL = 4_000


def sheet(rows: Iterable[Sequence[str | None]]) -> str:
    """RFC 4180, but for the ends of lines, which are those of this system."""
    told = io.StringIO()
    csv.writer(told, lineterminator="\n").writerows([cell(text) for text in row] for row in rows)
    return told.getvalue()


def cell(text: str | None) -> str:
    """On one line; before what would be a formula stands an apostrophe, the spreadsheets' mark of text."""
    if not text:
        return ""
    inert = one_line(text, _CELL)
    return f"'{inert}" if text.startswith(_FORMULA) or inert.startswith(_FORMULA) else inert
