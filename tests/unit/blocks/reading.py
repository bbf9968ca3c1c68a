"""A card as its reader sees it."""

from collections.abc import Iterable, Iterator
from typing import Any

from blocks.kit import Block


def texts(blocks: Iterable[Block]) -> str:
    """All that is shown, one text a line."""
    return "\n".join(node["text"] for node in objects(list(blocks)) if isinstance(node.get("text"), str))


def buttons(blocks: Iterable[Block]) -> dict[str, dict[str, Any]]:
    """Buttons by their label, in order; of those that look alike, the last one."""
    return {n["text"]["text"]: n for n in objects(list(blocks)) if n.get("type") == "button"}


def objects(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from objects(child)
