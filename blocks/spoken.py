"""Blocks as running text: what notifications, screen readers and the plain form of a message say."""

import re
from collections.abc import Callable, Iterable, Sequence

from blocks.kit import Block, Element
from blocks.text import escape

_DATE = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
_BOLD = re.compile(r"(?<!\w)\*([^*\n]+)\*(?!\w)")
_BAR = re.compile(r"^[█░]+\n", re.MULTILINE)
_BADGE = re.compile(r"`([^`\n]+)`")


def spoken(blocks: Iterable[Block]) -> str:
    """Without controls and headers: the first cannot be used there, the second repeat the first sentence."""
    lines = (_READERS[block["type"]](block) for block in blocks if block["type"] in _READERS)
    return "\n".join(line for line in lines if line)


def said(markup: str) -> str:
    """Our markup without what only looks: times in UTC, no bold, no badges, no bars."""
    return _BAR.sub("", _BADGE.sub(r"\1", _BOLD.sub(r"\1", _DATE.sub(r"\1", markup))))


def _markup(text: Element) -> str:
    return said(text["text"] if text["type"] == "mrkdwn" else escape(text["text"]))


def _section(block: Block) -> str:
    texts = [_markup(block["text"])] if "text" in block else []
    return "\n".join((*texts, *(_markup(f).replace("\n", ": ", 1) for f in block.get("fields", ()))))


def _context(block: Block) -> str:
    return " · ".join(_markup(element) for element in block["elements"])


def _alert(block: Block) -> str:
    return _markup(block["text"])


def _rich_text(block: Block) -> str:
    return "\n".join("".join(map(_rich_element, part["elements"])) for part in block["elements"])


def _rich_element(element: Element) -> str:
    return escape(element["fallback"] if element["type"] == "date" else element["text"])


def _table(block: Block) -> str:
    head, *rows = ([escape(cell["text"]) for cell in row] for row in block["rows"])
    return "\n".join(
        ", ".join(f"{name}: {value}" for name, value in zip(head, row, strict=False)) for row in rows
    )


def _chart(block: Block) -> str:
    """Where there is something, point by point, as `Mon 2: Failed 3, Healed 1`."""
    series = block["chart"]["series"]
    rows = [
        _point(points, [one["name"] for one in series]) for points in zip(*map(_data, series), strict=True)
    ]
    return f"{escape(block['title'])}: {'; '.join(filter(None, rows))}"


def _data(series: Element) -> list[Element]:
    data: list[Element] = series["data"]
    return data


def _point(points: Sequence[Element], names: Sequence[str]) -> str:
    if not any(point["value"] for point in points):
        return ""
    named = [f"{escape(name)} {point['value']:,}" for name, point in zip(names, points, strict=True)]
    told = named if len(points) > 1 else [f"{points[0]['value']:,}"]
    return f"{escape(points[0]['label'])}: {', '.join(told)}"


def _container(block: Block) -> str:
    """The title alone: details are for those who open it."""
    return _rich_text(block["rich_text_title"])


def _plan(block: Block) -> str:
    return "\n".join(escape(text) for text in (block["title"], *(task["title"] for task in block["tasks"])))


_READERS: dict[str, Callable[[Block], str]] = {
    "section": _section,
    "context": _context,
    "alert": _alert,
    "rich_text": _rich_text,
    "table": _table,
    "container": _container,
    "data_visualization": _chart,
    "plan": _plan,
}
