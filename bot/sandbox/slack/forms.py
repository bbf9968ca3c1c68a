"""What Slack's client checks before it submits a modal.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Iterator

from bot.sandbox.slack.elements import VALUE_KEYS, walk
from bot.sandbox.slack.model import Json, View

MISSING = "Please complete this required field."


def complaints(view: View) -> dict[str, str]:
    """By block_id, what the person is told; empty where the modal may be submitted."""
    found = ((block["block_id"], _complaint(block, _entered(view, block))) for block in _inputs(view))
    return {block_id: sentence for block_id, sentence in found if sentence}


def _inputs(view: View) -> Iterator[Json]:
    return (block for block in walk(view.payload["blocks"]) if block["type"] == "input")


def _entered(view: View, block: Json) -> object:
    element = block["element"]
    entry = view.state.get(block["block_id"], {}).get(element["action_id"], {})
    return entry.get(VALUE_KEYS.get(element["type"], "value"))


def _complaint(block: Json, value: object) -> str | None:
    if not value:
        return None if block.get("optional") else MISSING
    return _length(block["element"], value) if isinstance(value, str) else None


def _length(element: Json, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3_000)
    if len(value) < least:
        return f"Please enter at least {least} characters."
    return f"Please enter at most {most} characters." if len(value) > most else None
