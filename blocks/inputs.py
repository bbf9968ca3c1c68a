"""Inputs of forms. Each has the id of its action for its block, too: it is where an error is told.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Iterable, Sequence
from datetime import time
from typing import Final

from blocks import limits
from blocks.actions import Action
from blocks.kit import Block, Element, plain
from blocks.text import units

MOST_CHOSEN: Final = 100


def asked(label: str, element: Element, *, hint: str | None = None, optional: bool = True) -> Block:
    block: Block = {
        "type": "input",
        "block_id": element["action_id"],
        "label": plain(label, limits.INPUT_LABEL),
        "element": element,
        "optional": optional,
    }
    return block | {"hint": plain(hint, limits.INPUT_HINT)} if hint else block


def option(text: str, value: str, note: str | None = None) -> Element:
    made: Element = {"text": plain(text, limits.OPTION), "value": value}
    return made | {"description": plain(note, limits.OPTION_NOTE)} if note else made


def offered(options: Iterable[Element]) -> list[Element]:
    """As many as a select takes, without those whose value would not come back whole."""
    fitting = [each for each in options if 0 < units(each["value"]) <= limits.OPTION_VALUE]
    return fitting[: limits.SELECT_OPTIONS]


def several(
    action: Action, options: Iterable[Element], chosen: Iterable[Element], placeholder: str
) -> Element:
    """Any number of the options."""
    return _chosen(_select("multi_static_select", action, placeholder), chosen) | {
        "options": offered(options)
    }


def searched(
    action: Action,
    chosen: Iterable[Element],
    placeholder: str,
    *,
    least_typed: int = 0,
    most: int = MOST_CHOSEN,
) -> Element:
    """Any number of options that are asked for while somebody types; `most` = 1 makes it a choice that can
    be taken back, which a single select does not let people do.
    """
    made = _select("multi_external_select", action, placeholder)
    return _chosen(made, chosen) | {"min_query_length": least_typed, "max_selected_items": most}


def found(action: Action, chosen: Element, placeholder: str, *, least_typed: int = 0) -> Element:
    """One option of those that are asked for while somebody types."""
    made = _select("external_select", action, placeholder)
    return made | {"initial_option": chosen, "min_query_length": least_typed}


def one(action: Action, options: Sequence[Element], chosen: str) -> Element:
    made: Element = {"type": "static_select", "action_id": action.value, "options": list(options)}
    return made | _initially(options, chosen)


def listed(action: Action, options: Sequence[Element], chosen: str) -> Element:
    """One of a few, all to be seen at once."""
    shown = list(options)[: limits.LISTED_OPTIONS]
    return {"type": "radio_buttons", "action_id": action.value, "options": shown} | _initially(shown, chosen)


def ticked(action: Action, only: Element, *, on: bool) -> Element:
    made: Element = {"type": "checkboxes", "action_id": action.value, "options": [only]}
    return made | {"initial_options": [only]} if on else made


def clock(action: Action, at: time) -> Element:
    return {"type": "timepicker", "action_id": action.value, "initial_time": f"{at:%H:%M}"}


def person(action: Action, chosen: str | None, placeholder: str) -> Element:
    """At most one: as a list, since it can be taken back."""
    made = _select("multi_users_select", action, placeholder) | {"max_selected_items": 1}
    return made | {"initial_users": [chosen]} if chosen else made


def _select(kind: str, action: Action, placeholder: str) -> Element:
    return {"type": kind, "action_id": action.value, "placeholder": plain(placeholder, limits.PLACEHOLDER)}


def _chosen(element: Element, chosen: Iterable[Element]) -> Element:
    initial = offered(chosen)
    return element | {"initial_options": initial} if initial else element


def _initially(options: Sequence[Element], chosen: str) -> Element:
    return {"initial_option": next(each for each in options if each["value"] == chosen)}
