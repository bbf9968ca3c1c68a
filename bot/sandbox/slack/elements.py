"""Finds the interactive elements of stored blocks, wherever Slack lets them be."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.slack.model import Json

# https://docs.slack.dev/reference/block-kit/block-elements : what keeps a value, and under which key.
VALUE_KEYS = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
# A button and an overflow menu act, but keep nothing.
STATELESS = frozenset({"button", "overflow", "workflow_button", "icon_button", "feedback_buttons"})
NESTS = {"container": "child_blocks", "carousel": "elements"}


@dataclass(frozen=True)
class Placed:
    """An element and the block it sits in."""

    block: Json
    element: Json

    @property
    def key(self) -> tuple[str, str]:
        return str(self.block.get("block_id", "")), str(self.element.get("action_id", ""))


def walk(blocks: list[Json]) -> Iterator[Json]:
    """Every block, those inside others too."""
    for block in blocks:
        yield block
        yield from walk(block.get(NESTS.get(block.get("type", ""), ""), []))


def _of(block: Json) -> Iterator[Json]:
    single = [block.get("accessory"), block.get("element")]
    listed = block.get("elements", []) if block["type"] in {"actions", "context_actions"} else []
    on_card = block.get("actions", []) if block["type"] == "card" else []
    yield from (element for element in [*single, *listed, *on_card] if element and "action_id" in element)


def interactive(blocks: list[Json]) -> Iterator[Placed]:
    for block in walk(blocks):
        for element in _of(block):
            yield Placed(block, element)


def find(blocks: list[Json], block_id: str, action_id: str) -> Placed | None:
    return next((placed for placed in interactive(blocks) if placed.key == (block_id, action_id)), None)


def options_of(element: Json) -> list[Json]:
    grouped = [option for group in element.get("option_groups", []) for option in group["options"]]
    return [*element.get("options", []), *grouped]


def initial_options(element: Json) -> list[Json]:
    one = element.get("initial_option")
    return [*([one] if one else []), *element.get("initial_options", [])]
