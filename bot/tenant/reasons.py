"""What pydantic finds wrong with a tenant file, in our words and without the values."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.tenant.schema import (
    KINDS,
    AccessPart,
    ListPart,
    MailboxPart,
    Part,
    PolicyPart,
    SlackPart,
    TenantPart,
)
from bot.wire.reasons import closest, did_you_mean

YamlPath: TypeAlias = tuple[str | int, ...]

_PARTS: dict[str, type[Part]] = {
    "policies": PolicyPart,
    "mailboxes": MailboxPart,
    "mailboxes_from": ListPart,
    "slack": SlackPart,
}
_WORDS = {
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "list_type": "must be a list: one entry a line, each beginning with `- `",
    "tuple_type": "must be a list: one entry a line, each beginning with `- `",
    "dict_type": "must hold keys, each followed by `: ` and its value",
    "model_type": "must hold keys, each followed by `: ` and its value",
    "model_attributes_type": "must hold keys, each followed by `: ` and its value",
    "string_pattern_mismatch": "begins with a letter or digit, and may hold letters, digits, `.`, `_`, `-`",
}


def reasons(error: ValidationError) -> Iterator[tuple[YamlPath, str]]:
    """Each mistake with the path of the value that it concerns."""
    found = error.errors(include_url=False, include_input=False)
    misspelt = set(_misspelt(found))
    for detail in found:
        path = _path(detail)
        if not (detail["type"] == "missing" and path in misspelt):
            yield path, f"`{_shown(path)}` {_sentence(detail, path)}"


def _misspelt(found: Sequence[ErrorDetails]) -> Iterator[YamlPath]:
    """Keys that were given under a name close to theirs: to call them missing, too, says nothing new."""
    for detail in found:
        path = _path(detail)
        near = closest(str(path[-1]), _keys(path[:-1])) if detail["type"] == "extra_forbidden" else None
        if near:
            yield (*path[:-1], near)


def _path(detail: ErrorDetails) -> YamlPath:
    """Without what pydantic adds: the kind of a connection, and `[key]` for a key itself."""
    steps = [step for step in detail["loc"] if step != "[key]"]
    if len(steps) > 2 and steps[0] == "connections" and steps[2] in KINDS:  # noqa: PLR2004 - its place
        del steps[2]
    return (*steps, "kind") if detail["type"].startswith("union_tag") else tuple(steps)


def _sentence(detail: ErrorDetails, path: YamlPath) -> str:
    context = detail.get("ctx", {})
    match detail["type"]:
        case "missing" | "union_tag_not_found":
            return "is missing"
        case "extra_forbidden":
            keys = _keys(path[:-1])
            return "is not a key here" + (did_you_mean(str(path[-1]), keys) or _known(keys))
        case "union_tag_invalid":
            return _choice(KINDS, str(context.get("tag", "")))
        case "enum":
            return "must be " + str(context.get("expected", "")).replace("'", "`")
        case "value_error":
            return str(context.get("error", detail["msg"]))
    return _WORDS.get(detail["type"]) or _pydantics(detail["msg"])


def _choice(words: Iterable[str], given: str) -> str:
    return f"must be {' or '.join(f'`{word}`' for word in words)}{did_you_mean(given, words)}"


def _known(keys: Sequence[str]) -> str:
    return f"; known are {', '.join(f'`{key}`' for key in keys)}" if keys else ""


def _pydantics(message: str) -> str:
    said = message.removeprefix("Input ").removeprefix("String ")
    return f"{said[0].lower()}{said[1:]}"


def _keys(path: YamlPath) -> list[str]:
    """The keys that a part at `path` may hold."""
    if path[:1] == ("connections",):
        return list(dict.fromkeys(key for kind in KINDS.values() for key in kind.model_fields))
    part = _part(path)
    return list(part.model_fields) if part else []


def _part(path: YamlPath) -> type[BaseModel] | None:
    match path:
        case ():
            return TenantPart
        case ("slack",):
            return SlackPart
        case ("slack", "access"):
            return AccessPart
        case (str(section), _):
            return _PARTS.get(section)
    return None


def _shown(path: YamlPath) -> str:
    """As a reader of YAML writes it: mailboxes[2].policy. Keys are foreign text, hence bounded."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step[:64]}"
    return text.lstrip(".") or "the file"
