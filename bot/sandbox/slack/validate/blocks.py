"""The blocks, and where each of them may stand.

https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Iterator, Mapping
from typing import Literal

from bot.sandbox.slack.validate.elements import ACCESSORIES, IN_ACTIONS, IN_INPUT, allowed
from bot.sandbox.slack.validate.fault import Fault
from bot.sandbox.slack.validate.objects import IMAGE, IMAGE_FIELDS, plain, text
from bot.sandbox.slack.validate.rich_text import BLOCK_ID, ONE_LINE, RICH_TEXT
from bot.sandbox.slack.validate.rule import (
    Rule,
    at_least_one,
    by_type,
    every,
    exactly_one,
    flag,
    listing,
    one_of,
    shape,
    string,
    unique_values,
)
from bot.sandbox.slack.validate.tables import CHART, DATA_TABLE, TABLE

Surface = Literal["message", "modal", "home"]
Fields = Mapping[str, Rule]

MARKDOWN = 12_000
TASK_STATES = ("pending", "in_progress", "complete", "error")
LEVELS = ("default", "info", "warning", "error", "success")


def _block(kind: str, required: Fields, optional: Fields | None = None, *extra: Rule) -> Rule:
    return shape({"type": one_of(kind), **required}, {**BLOCK_ID, **(optional or {})}, *extra)


def collapsed_needs_collapsible(value: object, path: str) -> Iterator[Fault]:
    """https://docs.slack.dev/reference/block-kit/blocks/container-block"""
    if isinstance(value, dict) and value.get("default_collapsed") and not value.get("is_collapsible"):
        yield Fault(f"{path}/default_collapsed", "requires is_collapsible")


BUTTON = by_type(allowed(frozenset({"button"})), "element")
ACTION_ELEMENTS = every(listing(by_type(allowed(IN_ACTIONS), "element"), 25), unique_values("action_id"))
CARD = _block(
    "card",
    {},
    {
        "hero_image": IMAGE,
        "icon": IMAGE,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "actions": every(listing(BUTTON, 3), unique_values("action_id")),
    },
    at_least_one("hero_image", "title", "actions", "body"),
)
SOURCE = shape({"type": one_of("url"), "url": string(3_000), "text": string(3_000)})
TASK_CARD = _block(
    "task_card",
    {"task_id": string(255), "title": string(3_000), "status": one_of(*TASK_STATES)},
    {"details": RICH_TEXT, "output": RICH_TEXT, "sources": listing(SOURCE, 50, least=0)},
)

# The reference gives text objects 3,000; less is told of those in a context, so less is taken.
CONTEXT_TEXT = text(2_000)
CONTEXT_ELEMENT = by_type({"image": IMAGE, "plain_text": CONTEXT_TEXT, "mrkdwn": CONTEXT_TEXT}, "element")

PLAIN_BLOCKS: Mapping[str, Rule] = {
    "divider": _block("divider", {}),
    "header": _block("header", {"text": plain(150)}),
    "section": _block(
        "section",
        {},
        {
            "text": text(3_000),
            "fields": listing(text(2_000), 10),
            "accessory": by_type(allowed(ACCESSORIES), "accessory"),
            "expand": flag,
        },
        at_least_one("text", "fields"),
    ),
    "context": _block("context", {"elements": listing(CONTEXT_ELEMENT, 10)}),
    "actions": _block("actions", {"elements": ACTION_ELEMENTS}),
    "image": _block(
        "image",
        {"alt_text": string(2_000)},
        {**IMAGE_FIELDS, "title": plain(2_000)},
        exactly_one("image_url", "slack_file"),
    ),
    "table": TABLE,
}
# Sources disagree on what else a container takes, so nothing else is taken.
CONTAINER = _block(
    "container",
    {"child_blocks": listing(by_type(PLAIN_BLOCKS, "child block"), 10)},
    {
        "title": plain(150),
        "rich_text_title": ONE_LINE,
        "subtitle": text(150),
        "width": one_of("narrow", "standard", "wide", "full"),
        "icon": IMAGE,
        "is_collapsible": flag,
        "default_collapsed": flag,
        "has_header_divider": flag,
    },
    at_least_one("title", "rich_text_title"),
    collapsed_needs_collapsible,
)

BLOCKS: Mapping[str, Rule] = {
    **PLAIN_BLOCKS,
    "input": _block(
        "input",
        {"label": plain(2_000), "element": by_type(allowed(IN_INPUT), "input element")},
        {"hint": plain(2_000), "optional": flag, "dispatch_action": flag},
    ),
    "rich_text": RICH_TEXT,
    "markdown": _block("markdown", {"text": string(MARKDOWN)}),
    "container": CONTAINER,
    "alert": _block("alert", {"text": text(200)}, {"level": one_of(*LEVELS)}),
    "card": CARD,
    "carousel": _block("carousel", {"elements": listing(by_type({"card": CARD}, "carousel element"), 10)}),
    "task_card": TASK_CARD,
    "plan": _block(
        "plan", {"title": string(3_000), "tasks": listing(by_type({"task_card": TASK_CARD}, "task"), 50)}
    ),
    "data_table": DATA_TABLE,
    "data_visualization": CHART,
}

EVERYWHERE: frozenset[Surface] = frozenset({"message", "modal", "home"})
MESSAGES: frozenset[Surface] = frozenset({"message"})
# What no source settles (containers, cards and tables in views, alerts in messages) is refused.
ONLY_ON: Mapping[str, frozenset[Surface]] = {
    "table": MESSAGES,
    "container": MESSAGES,
    "alert": frozenset({"modal"}),
    "card": MESSAGES,
    "carousel": MESSAGES,
    "markdown": MESSAGES,
    "task_card": MESSAGES,
    "plan": MESSAGES,
    "data_table": frozenset({"message", "home"}),
    "data_visualization": frozenset({"message", "home"}),
}


def surfaces(kind: str) -> frozenset[Surface]:
    return ONLY_ON.get(kind, EVERYWHERE)
