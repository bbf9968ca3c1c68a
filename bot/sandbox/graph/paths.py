"""A path of Graph taken apart: segments in any case, and a key either after a slash or in parentheses."""

import re
from dataclasses import dataclass

KEYED = re.compile(r"([^(]+)\('([^']*)'\)")
PREFIX = "/v1.0"


@dataclass(frozen=True, slots=True)
class Target:
    """`kind` as in Call; empty when Graph has no such resource here."""

    kind: str = ""
    user: str = ""
    folder: str = ""
    message: str | None = None


_PLAIN = {
    ("users",): "user",
    ("users", "mailfolders"): "folders",
    ("users", "mailfolders", "delta"): "folder-delta",
    ("users", "mailfolders", "messages", "delta"): "delta",
    ("users", "messages"): "message",
    ("users", "messages", "$value"): "value",
    ("users", "mailfolders", "messages", "$value"): "folder-value",
    ("$batch",): "batch",
}
_VALUE_PARTS = 6
_WITH_KEY = frozenset({"users", "mailfolders", "messages"})


def target(path: str) -> Target:
    """`path` begins after the version."""
    parts = path.split("/")
    if len(parts) == _VALUE_PARTS and parts[1] == "users" and parts[3] == "messages" and parts[5] == "$value":
        return Target("value", parts[2], "", parts[4])
    return _read(parts)


def _read(parts: list[str]) -> Target:
    names: list[str] = []
    keys: dict[str, str] = {}
    pieces = [piece for part in parts if part for piece in _pieces(part)]
    at = 0
    while at < len(pieces):
        name = _name(pieces[at])
        names.append(name)
        at += 1
        if name in _WITH_KEY and at < len(pieces) and _name(pieces[at]) != "delta":
            keys[name] = pieces[at]
            at += 1
    return _target(tuple(names), keys)


def _pieces(part: str) -> tuple[str, ...]:
    if not part.endswith(")"):
        return (part,)
    found = KEYED.fullmatch(part)
    return (found[1], found[2]) if found else (part,)


def _name(piece: str) -> str:
    name = piece.lower()
    return "delta" if name in {"microsoft.graph.delta", "microsoft.graph.delta()", "delta()"} else name


def _target(names: tuple[str, ...], keys: dict[str, str]) -> Target:
    kind = _PLAIN.get(names, "")
    if names[:1] == ("users",) and "users" not in keys:
        return Target()
    if kind == "folders" and "mailfolders" in keys:
        kind = "folder"
    if kind in {"delta", "folder-value"} and "mailfolders" not in keys:
        return Target()
    if kind in {"message", "value", "folder-value"} and "messages" not in keys:
        return Target()
    return Target(kind, keys.get("users", ""), keys.get("mailfolders", ""), keys.get("messages"))
