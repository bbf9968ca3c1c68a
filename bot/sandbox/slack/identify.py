"""Gives the ids that Slack gives to blocks and elements whose author left them out."""

import copy

from bot.sandbox.slack.elements import walk
from bot.sandbox.slack.mint import Mint
from bot.sandbox.slack.model import Json


def _elements(block: Json) -> list[Json]:
    found = [block.get("accessory"), block.get("element")]
    if block["type"] in {"actions", "context_actions"}:
        found += block.get("elements", [])
    if block["type"] == "card":
        found += block.get("actions", [])
    return [element for element in found if element and element.get("type") != "image"]


def identified_attachments(attachments: list[Json], mint: Mint) -> list[Json]:
    return [
        one | {"blocks": identified(one["blocks"], mint)} if one.get("blocks") else one for one in attachments
    ]


def identified(blocks: list[Json], mint: Mint) -> list[Json]:
    """A copy of the blocks in which every block has a block_id and every interactive element an action_id."""
    copied = copy.deepcopy(blocks)
    for block in walk(copied):
        block.setdefault("block_id", mint.id("b"))
        for element in _elements(block):
            element.setdefault("action_id", mint.id("a"))
    return copied
