"""Models with what nobody wants in them: text that tries to be markup, and more of everything than fits."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

T = TypeVar("T")

HOSTILE = "<!channel> *bold* `code` <https://evil.example|click> & @here\u202egnp.exe 👩‍👩‍👧‍👦 </script>"
WORD = "Überführungsunterlagen/漢字/"
LONG = WORD * 60
MANY = 120


def hostile(model: T) -> T:
    """Every text that somebody else wrote, by one that would do harm as markup."""
    changed: T = _changed(model, lambda _text: HOSTILE, lambda items: items)
    return changed


def long(model: T) -> T:
    """Every text far longer than Slack takes, and far more entries than fit."""
    changed: T = _changed(model, lambda text: f"{text} {LONG}", lambda items: items * MANY)
    return changed


Texts = Callable[[str], str]
Items = Callable[[tuple[Any, ...]], tuple[Any, ...]]


def _changed(node: Any, texts: Texts, items: Items) -> Any:
    if isinstance(node, tuple):
        return items(tuple(_changed(one, texts, items) for one in node))
    if isinstance(node, str) and not isinstance(node, Enum):
        return texts(node)
    if is_dataclass(node) and not isinstance(node, type) and not isinstance(node, datetime):
        return replace(
            node, **{f.name: _field(f.name, getattr(node, f.name), texts, items) for f in fields(node)}
        )
    return node


OURS = frozenset({"actor", "by", "key", "batch", "zone", "channel", "mention", "code", "entry"})
"""Fields that hold ids, keys and codes of ours, which are checked before they get into a model."""


def _field(name: str, value: Any, texts: Texts, items: Items) -> Any:
    if name in OURS or name.endswith("_by"):
        return value
    if name in {"progress", "codes", "parts"}:
        return value
    return _changed(value, texts, items)
