"""Each limit of Block Kit: at the limit it passes, one more is refused, with the path of the fault."""

from collections.abc import Callable
from typing import Literal

import pytest

from bot.sandbox.slack.model import Json
from bot.sandbox.slack.validate import check_blocks, check_view
from tests.unit.sandbox.slack.validate import samples as s

Make = Callable[[int], Json]
Surface = Literal["message", "modal", "home"]


def listed(kind: str) -> Make:
    return lambda n: s.accessory(type=kind, options=s.options(n))


def typed(kind: str, **more: object) -> Make:
    return lambda n: s.form(type=kind, placeholder=s.plain(n), **more)


BLOCK_LIMITS: list[tuple[str, int, Make, str]] = [
    ("section text", 3_000, lambda n: s.section(text=s.mrkdwn(n)), "/text/text"),
    ("section fields", 10, lambda n: s.section(fields=[s.mrkdwn()] * n), "/fields"),
    ("section field text", 2_000, lambda n: s.section(fields=[s.plain(n)]), "/fields/0/text"),
    ("header", 150, lambda n: {"type": "header", "text": s.plain(n)}, "/text/text"),
    ("context elements", 10, lambda n: {"type": "context", "elements": [s.mrkdwn()] * n}, "/elements"),
    (
        "context text",
        2_000,
        lambda n: {"type": "context", "elements": [s.mrkdwn(n)]},
        "/elements/0/text",
    ),
    ("actions elements", 25, lambda n: s.actions(*s.buttons(n)), "/elements"),
    ("block_id", 255, lambda n: s.section(block_id="b" * n), "/block_id"),
    ("action_id", 255, lambda n: s.actions(s.button(action_id="a" * n)), "/elements/0/action_id"),
    ("button text", 75, lambda n: s.actions(s.button(text=s.plain(n))), "/elements/0/text/text"),
    ("button value", 2_000, lambda n: s.actions(s.button(value="v" * n)), "/elements/0/value"),
    (
        "button url",
        3_000,
        lambda n: s.actions(s.button(url="https://a.example/".ljust(n, "x"))),
        "/elements/0/url",
    ),
    (
        "accessibility_label",
        75,
        lambda n: s.actions(s.button(accessibility_label="l" * n)),
        "/elements/0/accessibility_label",
    ),
    ("confirm title", 100, lambda n: s.confirm(title=s.plain(n)), "/elements/0/confirm/title/text"),
    ("confirm text", 300, lambda n: s.confirm(text=s.mrkdwn(n)), "/elements/0/confirm/text/text"),
    ("confirm button", 30, lambda n: s.confirm(confirm=s.plain(n)), "/elements/0/confirm/confirm/text"),
    ("confirm deny", 30, lambda n: s.confirm(deny=s.plain(n)), "/elements/0/confirm/deny/text"),
    ("select options", 100, listed("static_select"), "/accessory/options"),
    ("multi-select options", 100, listed("multi_static_select"), "/accessory/options"),
    ("overflow options", 5, listed("overflow"), "/accessory/options"),
    ("radio options", 10, listed("radio_buttons"), "/accessory/options"),
    ("checkbox options", 10, listed("checkboxes"), "/accessory/options"),
    (
        "option text",
        75,
        lambda n: s.accessory(type="static_select", options=[s.option(text=s.plain(n))]),
        "/accessory/options/0/text/text",
    ),
    (
        "option value",
        150,
        lambda n: s.accessory(type="static_select", options=[s.option(value="v" * n)]),
        "/accessory/options/0/value",
    ),
    (
        "option description",
        75,
        lambda n: s.accessory(type="static_select", options=[s.option(description=s.plain(n))]),
        "/accessory/options/0/description/text",
    ),
    (
        "option groups",
        100,
        lambda n: s.accessory(
            type="static_select", option_groups=[{"label": s.plain(), "options": s.options(1)}] * n
        ),
        "/accessory/option_groups",
    ),
    (
        "option group label",
        75,
        lambda n: s.accessory(
            type="static_select", option_groups=[{"label": s.plain(n), "options": s.options(1)}]
        ),
        "/accessory/option_groups/0/label/text",
    ),
    ("placeholder", 150, typed("plain_text_input"), "/element/placeholder/text"),
    ("input label", 2_000, lambda n: s.form(type="plain_text_input") | {"label": s.plain(n)}, "/label/text"),
    ("input hint", 2_000, lambda n: s.form(type="plain_text_input") | {"hint": s.plain(n)}, "/hint/text"),
    (
        "input max_length",
        3_000,
        lambda n: s.form(type="plain_text_input", max_length=n),
        "/element/max_length",
    ),
    ("image alt text", 2_000, lambda n: s.image(alt_text="a" * n), "/alt_text"),
    ("image title", 2_000, lambda n: s.image(title=s.plain(n)), "/title/text"),
    ("container children", 10, s.container, "/child_blocks"),
    ("container title", 150, lambda n: s.container(title=s.plain(n)), "/title/text"),
    ("container subtitle", 150, lambda n: s.container(subtitle=s.mrkdwn(n)), "/subtitle/text"),
    ("table rows", 100, s.table, "/rows"),
    ("table columns", 20, lambda n: s.table(1, n), "/rows/0"),
    (
        "table column settings",
        20,
        lambda n: s.table(column_settings=[{"align": "left"}] * n),
        "/column_settings",
    ),
    ("table characters", 10_000, lambda n: s.table() | {"rows": [[s.cell(n)]]}, "/rows"),
    ("data table rows", 101, s.data_table, "/rows"),
    ("data table columns", 20, lambda n: s.data_table(2, n), "/rows/0"),
    ("data table page size", 100, lambda n: s.data_table(page_size=n), "/page_size"),
    ("card title", 150, lambda n: s.card(title=s.mrkdwn(n)), "/title/text"),
    ("card subtitle", 150, lambda n: s.card(subtitle=s.mrkdwn(n)), "/subtitle/text"),
    ("card body", 200, lambda n: s.card(body=s.mrkdwn(n)), "/body/text"),
    ("card buttons", 3, lambda n: s.card(actions=s.buttons(n)), "/actions"),
    ("carousel cards", 10, s.carousel, "/elements"),
    ("plan tasks", 50, s.plan, "/tasks"),
    ("chart title", 50, lambda n: s.pie(title=n), "/title"),
    ("pie segments", 6, s.pie, "/chart/segments"),
    ("chart label", 20, lambda n: s.pie(label=n), "/chart/segments/0/label"),
    ("chart points", 20, s.line, "/chart/series/0/data"),
    ("chart series", 6, lambda n: s.line(1, n), "/chart/series"),
    ("chart axis label", 50, lambda n: s.line(x_label="x" * n), "/chart/axis_config/x_label"),
    ("markdown", 12_000, lambda n: {"type": "markdown", "text": "x" * n}, "/text"),
]


@pytest.mark.parametrize(
    ("limit", "make", "path"), [row[1:] for row in BLOCK_LIMITS], ids=[r[0] for r in BLOCK_LIMITS]
)
def test_a_block_at_its_limit_passes_and_one_over_is_refused(limit: int, make: Make, path: str) -> None:
    assert check_blocks([make(limit)], "message") == []
    assert f"/blocks/0{path}" in {fault.path for fault in check_blocks([make(limit + 1)], "message")}


@pytest.mark.parametrize("level", ["default", "info", "warning", "error", "success"])
def test_an_alert_holds_200_characters_at_every_level(level: str) -> None:
    alert = {"type": "alert", "level": level, "text": s.mrkdwn(200)}
    assert check_blocks([alert], "modal") == []
    assert check_blocks([alert | {"text": s.mrkdwn(201)}], "modal")[0].path == "/blocks/0/text/text"


@pytest.mark.parametrize(("surface", "limit"), [("message", 50), ("modal", 100), ("home", 100)])
def test_a_surface_has_only_so_many_blocks(surface: Surface, limit: int) -> None:
    divider = {"type": "divider"}
    assert check_blocks([divider] * limit, surface) == []
    assert [fault.path for fault in check_blocks([divider] * (limit + 1), surface)] == ["/blocks"]


def test_an_emoji_counts_twice() -> None:
    header = {"type": "header", "text": {"type": "plain_text", "text": "🙂" * 75}}
    assert check_blocks([header], "message") == []
    longer = {"type": "header", "text": {"type": "plain_text", "text": "🙂" * 76}}
    assert [fault.path for fault in check_blocks([longer], "message")] == ["/blocks/0/text/text"]


def test_a_message_has_13000_characters_in_all() -> None:
    full = [s.section(text=s.mrkdwn(2_600)) for _ in range(5)]
    assert check_blocks(full, "message") == []
    faults = check_blocks([*full, s.section(text=s.mrkdwn(1))], "message")
    assert [fault.reason for fault in faults] == ["msg_blocks_too_long"]
    assert check_blocks([*full, s.section(text=s.mrkdwn(1))], "modal") == []


VIEW_LIMITS: list[tuple[str, int, Make, str]] = [
    ("title", 24, lambda n: s.modal(title=s.plain(n)), "/view/title/text"),
    ("submit", 24, lambda n: s.modal(submit=s.plain(n)), "/view/submit/text"),
    ("close", 24, lambda n: s.modal(close=s.plain(n)), "/view/close/text"),
    ("private_metadata", 3_000, lambda n: s.modal(private_metadata="m" * n), "/view/private_metadata"),
    ("callback_id", 255, lambda n: s.modal(callback_id="c" * n), "/view/callback_id"),
    ("external_id", 255, lambda n: s.modal(external_id="e" * n), "/view/external_id"),
    ("home metadata", 3_000, lambda n: s.home(private_metadata="m" * n), "/view/private_metadata"),
    ("modal blocks", 100, lambda n: s.modal(*[s.section()] * n), "/view/blocks"),
]


@pytest.mark.parametrize(
    ("limit", "make", "path"), [row[1:] for row in VIEW_LIMITS], ids=[r[0] for r in VIEW_LIMITS]
)
def test_a_view_at_its_limit_passes_and_one_over_is_refused(limit: int, make: Make, path: str) -> None:
    assert check_view(make(limit)) == []
    assert path in {fault.path for fault in check_view(make(limit + 1))}
