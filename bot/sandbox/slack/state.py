"""What a person has typed or chosen in a view, in the form of `view.state.values`.

https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
"""

from bot.sandbox.slack.elements import STATELESS, VALUE_KEYS, Placed, interactive
from bot.sandbox.slack.model import Json


def _initial_entry(element: Json) -> Json:
    key = VALUE_KEYS[element["type"]]
    empty: object = [] if key.endswith("s") else None
    start = element.get(key.replace("selected_", "initial_"), element.get(f"initial_{key}", empty))
    return {"type": element["type"], key: start}


def _keeps_value(placed: Placed) -> bool:
    kind = placed.element["type"]
    return kind not in STATELESS and kind in VALUE_KEYS


def initial(blocks: list[Json]) -> Json:
    values: Json = {}
    for placed in filter(_keeps_value, interactive(blocks)):
        block_id, action_id = placed.key
        values.setdefault(block_id, {})[action_id] = _initial_entry(placed.element)
    return values


def carried_over(old: Json, blocks: list[Json]) -> Json:
    """The initial state of the new blocks, with what was typed into elements that are still there."""
    values = initial(blocks)
    for block_id, actions in values.items():
        for action_id, entry in actions.items():
            kept = old.get(block_id, {}).get(action_id)
            if kept and kept["type"] == entry["type"]:
                actions[action_id] = kept
    return values
