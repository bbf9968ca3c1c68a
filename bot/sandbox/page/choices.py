"""What a select, a radio group or checkboxes offer, and what is chosen in them now.

https://docs.slack.dev/reference/block-kit/block-elements
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.page.names import Names
from bot.sandbox.slack.elements import VALUE_KEYS

Json = dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """`option` is the object as Slack would send it back; `label` the same as plain words, for search."""

    option: Json
    value: str
    label: str

    @property
    def packed(self) -> str:
        return json.dumps(self.option, ensure_ascii=False)


@dataclass(frozen=True)
class Group:
    label: Json | None
    choices: list[Choice]


def groups(element: Json, names: Names) -> list[Group]:
    """Empty for external selects: theirs come with each query."""
    kind = str(element.get("type", ""))
    if "users_select" in kind:
        return [Group(None, _named(names.users, "@"))]
    if "channels_select" in kind or "conversations_select" in kind:
        return [Group(None, _named(names.channels, "#"))]
    if "option_groups" in element:
        return [Group(one.get("label"), _choices(one.get("options"))) for one in element["option_groups"]]
    return [Group(None, _choices(element.get("options")))]


def current(element: Json, entry: Json | None) -> object:
    """What was typed or chosen (a state entry), else the initial value."""
    key = VALUE_KEYS.get(str(element.get("type")), "value")
    if entry is not None:
        return entry.get(key)
    start = key.replace("selected_", "initial_") if key.startswith("selected_") else f"initial_{key}"
    return element.get(start)


def chosen(element: Json, entry: Json | None, names: Names) -> list[Choice]:
    value = current(element, entry)
    listed = value if isinstance(value, list) else [value] if value else []
    known = {choice.value: choice for group in groups(element, names) for choice in group.choices}
    return [
        _choice(one) if isinstance(one, dict) else known.get(str(one)) or _bare(str(one)) for one in listed
    ]


def _choices(options: list[Json] | None) -> list[Choice]:
    return [_choice(option) for option in options or []]


def _choice(option: Json) -> Choice:
    return Choice(option, str(option.get("value", "")), str((option.get("text") or {}).get("text", "")))


def _named(names: Mapping[str, str], sign: str) -> list[Choice]:
    return [_bare(key, f"{sign}{name}") for key, name in names.items()]


def _bare(value: str, label: str | None = None) -> Choice:
    text = {"type": "plain_text", "text": label or value}
    return _choice({"text": text, "value": value})
