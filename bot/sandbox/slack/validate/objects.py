"""Composition objects: text, options, confirmation dialogs, images.

https://docs.slack.dev/reference/block-kit/composition-objects
"""

from collections.abc import Iterator

from bot.sandbox.slack.validate.fault import Fault
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

URL = 3_000
TEXT = 3_000
WEB_ADDRESS = r"https?://\S+"


def plain(most: int = TEXT) -> Rule:
    kind = one_of("plain_text")
    return by_type(
        {"plain_text": shape({"type": kind, "text": string(most)}, {"emoji": flag})}, "text object"
    )


def text(most: int = TEXT) -> Rule:
    """Either kind. `verbatim` belongs to mrkdwn, `emoji` to plain text."""
    marked = shape({"type": one_of("mrkdwn"), "text": string(most)}, {"verbatim": flag})
    return by_type({"plain_text": plain(most), "mrkdwn": marked}, "text object")


# https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)

STYLE = one_of("primary", "danger")
# https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object
SLACK_FILE = shape({}, {"id": string(255), "url": string(URL)}, exactly_one("id", "url"))


def option(text_rule: Rule, **more: Rule) -> Rule:
    """https://docs.slack.dev/reference/block-kit/composition-objects/option-object"""
    return shape({"text": text_rule, "value": string(150)}, {"description": plain(75), **more})


PLAIN_OPTION = option(plain(75))
RICH_OPTION = option(text(75))
OVERFLOW_OPTION = option(plain(75), url=string(URL, pattern=WEB_ADDRESS))


def options(one: Rule, most: int) -> Rule:
    return every(listing(one, most), unique_values("value"))


# https://docs.slack.dev/reference/block-kit/composition-objects/option-group-object
OPTION_GROUPS = listing(shape({"label": plain(75), "options": options(PLAIN_OPTION, 100)}), 100)
SELECT_OPTIONS = options(PLAIN_OPTION, 100)

# https://docs.slack.dev/reference/block-kit/composition-objects/dispatch-action-configuration-object
DISPATCH = shape(
    {"trigger_actions_on": listing(one_of("on_enter_pressed", "on_character_entered"), 2)},
)

# https://docs.slack.dev/reference/block-kit/composition-objects/conversation-filter-object
FILTER = shape(
    {},
    {
        "include": listing(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
    at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users"),
)

# https://docs.slack.dev/reference/block-kit/block-elements/image-element
IMAGE_FIELDS = {"image_url": string(URL, pattern=WEB_ADDRESS), "slack_file": SLACK_FILE}
IMAGE = shape(
    {"type": one_of("image"), "alt_text": string(2_000)}, IMAGE_FIELDS, exactly_one("image_url", "slack_file")
)


def _all_options(element: dict[str, object]) -> list[object]:
    groups = element.get("option_groups")
    grouped = (
        [group.get("options") for group in groups if isinstance(group, dict)]
        if isinstance(groups, list)
        else []
    )
    lists = [element.get("options"), *grouped]
    return [one for some in lists if isinstance(some, list) for one in some]


def initial_among_options(value: object, path: str) -> Iterator[Fault]:
    """What is chosen at the start must be one of the options, word for word."""
    if not isinstance(value, dict):
        return
    offered, several = _all_options(value), value.get("initial_options")
    if "initial_option" in value and value["initial_option"] not in offered:
        yield Fault(f"{path}/initial_option", "must be one of the options")
    for index, chosen in enumerate(several if isinstance(several, list) else []):
        if chosen not in offered:
            yield Fault(f"{path}/initial_options/{index}", "must be one of the options")
