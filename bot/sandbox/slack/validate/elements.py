"""Block elements, and which of them a block takes.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Mapping

from bot.sandbox.slack.validate.objects import (
    CONFIRM,
    DISPATCH,
    FILTER,
    IMAGE,
    OPTION_GROUPS,
    OVERFLOW_OPTION,
    PLAIN_OPTION,
    RICH_OPTION,
    SELECT_OPTIONS,
    STYLE,
    URL,
    WEB_ADDRESS,
    initial_among_options,
    options,
    plain,
)
from bot.sandbox.slack.validate.rule import (
    Rule,
    exactly_one,
    flag,
    listing,
    one_of,
    shape,
    string,
    whole,
)

ACTION_ID = string(255)
DATE = string(10, pattern=r"\d{4}-\d\d-\d\d")
TIME = string(5, pattern=r"\d\d:\d\d")
TEN_DIGITS = whole(10**9, 10**10 - 1)
PLACEHOLDER = plain(150)
LONGEST_INPUT = 3_000
Fields = Mapping[str, Rule]

_ACTION: Fields = {"action_id": ACTION_ID, "confirm": CONFIRM}
_PICK: Fields = {**_ACTION, "focus_on_load": flag, "placeholder": PLACEHOLDER}
_SEVERAL: Fields = {**_PICK, "max_selected_items": whole(1, 1_000)}
_TYPED: Fields = {
    "action_id": ACTION_ID,
    "focus_on_load": flag,
    "placeholder": PLACEHOLDER,
    "dispatch_action_config": DISPATCH,
}
_LISTS: Fields = {"options": SELECT_OPTIONS, "option_groups": OPTION_GROUPS}
_CHOSEN = listing(PLAIN_OPTION, 100)
_IDS = listing(string(255), 1_000)


def _element(kind: str, required: Fields, optional: Fields, *extra: Rule) -> Rule:
    return shape({"type": one_of(kind), **required}, optional, *extra)


def _static(kind: str, optional: Fields) -> Rule:
    either = exactly_one("options", "option_groups")
    return _element(kind, {}, {**_LISTS, **optional}, either, initial_among_options)


def _listed(kind: str, optional: Fields) -> Rule:
    """Radio buttons and check boxes: at most ten options, whose text may be mrkdwn."""
    fields: Fields = {**_ACTION, "focus_on_load": flag, **optional}
    return _element(kind, {"options": options(RICH_OPTION, 10)}, fields, initial_among_options)


ELEMENTS: Mapping[str, Rule] = {
    "image": IMAGE,
    "button": _element(
        "button",
        {"text": plain(75)},
        {
            **_ACTION,
            "url": string(URL, pattern=WEB_ADDRESS),
            "value": string(2_000),
            "style": STYLE,
            "accessibility_label": string(75),
        },
    ),
    "overflow": _element("overflow", {"options": options(OVERFLOW_OPTION, 5)}, _ACTION),
    "radio_buttons": _listed("radio_buttons", {"initial_option": RICH_OPTION}),
    "checkboxes": _listed("checkboxes", {"initial_options": listing(RICH_OPTION, 10)}),
    "static_select": _static("static_select", {**_PICK, "initial_option": PLAIN_OPTION}),
    "multi_static_select": _static("multi_static_select", {**_SEVERAL, "initial_options": _CHOSEN}),
    "external_select": _element(
        "external_select", {}, {**_PICK, "initial_option": PLAIN_OPTION, "min_query_length": whole(0, 1_000)}
    ),
    "multi_external_select": _element(
        "multi_external_select",
        {},
        {**_SEVERAL, "initial_options": _CHOSEN, "min_query_length": whole(0, 1_000)},
    ),
    "users_select": _element("users_select", {}, {**_PICK, "initial_user": string(255)}),
    "multi_users_select": _element("multi_users_select", {}, {**_SEVERAL, "initial_users": _IDS}),
    "channels_select": _element(
        "channels_select", {}, {**_PICK, "initial_channel": string(255), "response_url_enabled": flag}
    ),
    "multi_channels_select": _element("multi_channels_select", {}, {**_SEVERAL, "initial_channels": _IDS}),
    "conversations_select": _element(
        "conversations_select",
        {},
        {
            **_PICK,
            "initial_conversation": string(255),
            "default_to_current_conversation": flag,
            "response_url_enabled": flag,
            "filter": FILTER,
        },
    ),
    "multi_conversations_select": _element(
        "multi_conversations_select",
        {},
        {
            **_SEVERAL,
            "initial_conversations": _IDS,
            "default_to_current_conversation": flag,
            "filter": FILTER,
        },
    ),
    "datepicker": _element("datepicker", {}, {**_PICK, "initial_date": DATE}),
    "timepicker": _element("timepicker", {}, {**_PICK, "initial_time": TIME, "timezone": string(100)}),
    "datetimepicker": _element(
        "datetimepicker", {}, {**_ACTION, "focus_on_load": flag, "initial_date_time": TEN_DIGITS}
    ),
    "plain_text_input": _element(
        "plain_text_input",
        {},
        {
            **_TYPED,
            "initial_value": string(LONGEST_INPUT, least=0),
            "multiline": flag,
            "min_length": whole(0, LONGEST_INPUT),
            "max_length": whole(1, LONGEST_INPUT),
        },
    ),
    "email_text_input": _element("email_text_input", {}, {**_TYPED, "initial_value": string(LONGEST_INPUT)}),
    "url_text_input": _element("url_text_input", {}, {**_TYPED, "initial_value": string(LONGEST_INPUT)}),
    "number_input": _element(
        "number_input",
        {"is_decimal_allowed": flag},
        {**_TYPED, "initial_value": string(255), "min_value": string(255), "max_value": string(255)},
    ),
}

MENUS = frozenset(
    f"{several}{kind}_select"
    for several in ("", "multi_")
    for kind in ("static", "external", "users", "channels", "conversations")
)
CHOICES = MENUS | {"radio_buttons", "checkboxes", "datepicker", "timepicker"}
# https://docs.slack.dev/reference/block-kit/blocks : the table of compatible elements on each block's page.
ACCESSORIES = CHOICES | {"button", "overflow", "image"}
IN_ACTIONS = CHOICES | {"button", "overflow", "datetimepicker"}
TEXT_INPUTS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
IN_INPUT = CHOICES | TEXT_INPUTS | {"datetimepicker"}


def allowed(kinds: frozenset[str]) -> Mapping[str, Rule]:
    return {kind: rule for kind, rule in ELEMENTS.items() if kind in kinds}
