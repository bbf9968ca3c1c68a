"""What Block Kit refuses whatever its length: unknown things, things in the wrong place, things twice."""

from typing import Literal, get_args

import pytest

from bot.sandbox.slack.model import Json
from bot.sandbox.slack.validate import Fault, check_blocks, check_view
from tests.unit.sandbox.slack.validate import samples as s

Surface = Literal["message", "modal", "home"]
EVERYWHERE = get_args(Surface)

PLACES: list[tuple[Json, tuple[Surface, ...]]] = [
    ({"type": "divider"}, EVERYWHERE),
    ({"type": "header", "text": s.plain()}, EVERYWHERE),
    (s.section(), EVERYWHERE),
    (s.actions(s.button()), EVERYWHERE),
    (s.image(), EVERYWHERE),
    (s.rich_text(), EVERYWHERE),
    (s.form(type="plain_text_input"), EVERYWHERE),
    (s.table(), ("message",)),
    (s.container(), ("message",)),
    ({"type": "alert", "text": s.plain()}, ("modal",)),
    (s.card(), ("message",)),
    (s.carousel(1), ("message",)),
    (s.task(), ("message",)),
    (s.plan(1), ("message",)),
    (s.data_table(), ("message", "home")),
    (s.pie(), ("message", "home")),
    ({"type": "markdown", "text": "x"}, ("message",)),
]


@pytest.mark.parametrize(("block", "places"), PLACES, ids=[str(row[0]["type"]) for row in PLACES])
def test_a_block_stands_only_where_slack_says_so(block: Json, places: tuple[Surface, ...]) -> None:
    for surface in EVERYWHERE:
        expected = [] if surface in places else ["/blocks/0/type"]
        assert [fault.path for fault in check_blocks([block], surface)][:1] == expected, surface


REFUSED: list[tuple[str, Json, str]] = [
    ("an unknown block", {"type": "banner"}, "/type"),
    ("a block without a type", {"text": s.plain()}, "/type"),
    ("a file", {"type": "file", "external_id": "F1", "source": "remote"}, "/type"),
    ("an unknown key", s.section(colour="red"), "/colour"),
    ("a section of nothing", {"type": "section"}, ""),
    ("an empty text", s.section(text=s.mrkdwn(0)), "/text/text"),
    ("emoji in mrkdwn", s.section(text=s.mrkdwn() | {"emoji": True}), "/text/emoji"),
    ("a mrkdwn header", {"type": "header", "text": s.mrkdwn()}, "/text/type"),
    ("a mrkdwn button", s.actions(s.button(text=s.mrkdwn())), "/elements/0/text/type"),
    (
        "a mrkdwn option",
        s.accessory(type="static_select", options=[s.option(text=s.mrkdwn())]),
        "/accessory/options/0/text/type",
    ),
    ("no elements", s.actions(), "/elements"),
    ("an unknown element", s.actions({"type": "slider"}), "/elements/0/type"),
    ("an input element among actions", s.actions({"type": "plain_text_input"}), "/elements/0/type"),
    ("an image among actions", s.actions(s.image()), "/elements/0/type"),
    ("a text input as accessory", s.accessory(type="plain_text_input"), "/accessory/type"),
    ("a button in an input", s.form(type="button", text=s.plain()), "/element/type"),
    ("a button in a context", {"type": "context", "elements": [s.button()]}, "/elements/0/type"),
    ("an unknown style", s.actions(s.button(style="warning")), "/elements/0/style"),
    ("half a confirmation", s.actions(s.button(confirm={"title": s.plain()})), "/elements/0/confirm"),
    (
        "options and groups",
        s.accessory(type="static_select", options=s.options(1), option_groups=[]),
        "/accessory",
    ),
    ("neither options nor groups", s.accessory(type="static_select"), "/accessory"),
    ("no options", s.accessory(type="overflow", options=[]), "/accessory/options"),
    (
        "two options of one value",
        s.accessory(type="overflow", options=[s.option(), s.option()]),
        "/accessory/options/1/value",
    ),
    (
        "a url on a select option",
        s.accessory(type="static_select", options=[s.option(url="https://a.example")]),
        "/accessory/options/0/url",
    ),
    (
        "a start that is no option",
        s.accessory(type="static_select", options=s.options(2), initial_option=s.option(7)),
        "/accessory/initial_option",
    ),
    ("an image without alt text", {"type": "image", "image_url": "https://a.example/b.png"}, ""),
    ("an image without a picture", {"type": "image", "alt_text": "A"}, ""),
    ("an image from nowhere", s.image(image_url="a.png"), "/image_url"),
    ("two elements of one action_id", s.actions(s.button(), s.button()), "/elements/1/action_id"),
    ("a container in a container", s.container(child_blocks=[s.container()]), "/child_blocks/0/type"),
    ("rich text in a container", s.container(child_blocks=[s.rich_text()]), "/child_blocks/0/type"),
    (
        "an input in a container",
        s.container(child_blocks=[s.form(type="plain_text_input")]),
        "/child_blocks/0/type",
    ),
    ("a container without a title", {"type": "container", "child_blocks": [s.section()]}, ""),
    ("an empty container", s.container(0), "/child_blocks"),
    ("collapsed without collapsible", s.container(default_collapsed=True), "/default_collapsed"),
    ("rows of unequal length", {"type": "table", "rows": [[s.cell()], [s.cell(), s.cell()]]}, "/rows/1"),
    ("mrkdwn in a table", {"type": "table", "rows": [[s.mrkdwn()]]}, "/rows/0/0/type"),
    ("a data table of a header only", s.data_table(1), "/rows"),
    ("rich text in a header row", s.data_table() | {"rows": [[s.rich_text()], [s.cell()]]}, "/rows/0/0/type"),
    ("an unknown task state", s.task(status="done"), "/status"),
    ("an unknown alert level", {"type": "alert", "text": s.plain(), "level": "fatal"}, "/level"),
    ("an empty card", {"type": "card"}, ""),
    ("a select on a card", s.card(actions=[{"type": "static_select"}]), "/actions/0/type"),
    (
        "a slice of nothing",
        s.pie() | {"chart": {"type": "pie", "segments": [{"label": "a", "value": 0}]}},
        "/chart/segments/0/value",
    ),
    ("points off the axis", s.line(2, categories=["p1", "p0"]), "/chart/series/0/data"),
    ("a true where a text belongs", s.section(text=True), "/text/type"),
    (
        "a picture in preformatted text",
        s.rich_text({"type": "rich_text_preformatted", "elements": [{"type": "emoji", "name": "x"}]}),
        "/elements/0/elements/0/type",
    ),
]


@pytest.mark.parametrize(("block", "path"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused_in_a_message(block: Json, path: str) -> None:
    assert f"/blocks/0{path}" in {fault.path for fault in check_blocks([block], "message")}


ACCEPTED: list[tuple[str, Json]] = [
    ("a mrkdwn radio button", s.accessory(type="radio_buttons", options=[s.option(text=s.mrkdwn())])),
    ("a link in a menu", s.accessory(type="overflow", options=[s.option(url="https://a.example")])),
    ("a date picker", s.actions({"type": "datepicker", "initial_date": "2026-11-23"})),
    ("an external select", s.form(type="external_select", min_query_length=0)),
    ("a folded container", s.container(is_collapsible=True, default_collapsed=True)),
    (
        "a container with a rich title",
        {"type": "container", "rich_text_title": s.rich_text(), "child_blocks": [s.table()]},
    ),
    (
        "numbers in a data table",
        s.data_table() | {"rows": [[s.cell()], [{"type": "raw_number", "value": 3}]]},
    ),
    (
        "a date in rich text",
        s.rich_text(
            {"type": "rich_text_section", "elements": [{"type": "date", "timestamp": 1, "format": "{time}"}]}
        ),
    ),
    (
        "a list",
        s.rich_text({"type": "rich_text_list", "style": "bullet", "elements": s.rich_text()["elements"]}),
    ),
]


@pytest.mark.parametrize("block", [row[1] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED])
def test_accepted_in_a_message(block: Json) -> None:
    assert check_blocks([block], "message") == []


def test_a_block_id_is_unique_in_the_message_even_inside_containers() -> None:
    inner = s.container(child_blocks=[s.section(block_id="same")])
    faults = check_blocks([s.section(block_id="same"), inner], "message")
    assert [fault.path for fault in faults] == ["/blocks/1/child_blocks/0/block_id"]


def test_a_message_has_one_table_even_inside_containers() -> None:
    faults = check_blocks([s.table(), s.container(child_blocks=[s.table()])], "message")
    assert [fault.path for fault in faults] == ["/blocks/1/child_blocks/0"]


def test_a_message_has_two_charts() -> None:
    assert check_blocks([s.pie(), s.pie()], "message") == []
    assert [fault.path for fault in check_blocks([s.pie()] * 3, "message")] == ["/blocks/2"]


def test_blocks_are_a_list() -> None:
    assert check_blocks({}, "message") == [Fault("/blocks", "must be a list")]
    assert check_blocks([None], "message")[0].path == "/blocks/0/type"


def test_a_fault_reads_as_slack_writes_it() -> None:
    assert str(Fault("/blocks/0/text", "unknown")) == "unknown [json-pointer:/blocks/0/text]"


REFUSED_VIEWS: list[tuple[str, Json, str]] = [
    ("no view", {}, "/view/type"),
    ("a modal without a title", {"type": "modal", "blocks": [s.section()]}, "/view"),
    ("a modal without blocks", {"type": "modal", "title": s.plain()}, "/view"),
    ("an empty modal", {"type": "modal", "title": s.plain(), "blocks": []}, "/view/blocks"),
    ("a mrkdwn title", s.modal(title=s.mrkdwn()), "/view/title/type"),
    ("an input without submit", s.modal(s.form(type="plain_text_input")), "/view/submit"),
    ("a Home tab with a title", s.home(title=s.plain()), "/view/title"),
    ("a table in a modal", s.modal(s.table()), "/view/blocks/0/type"),
    ("a container on Home", s.home(s.container()), "/view/blocks/0/type"),
    (
        "two elements that want the focus",
        s.modal(*[s.accessory(type="users_select", focus_on_load=True)] * 2),
        "/view/blocks/1/accessory/focus_on_load",
    ),
]


@pytest.mark.parametrize(
    ("view", "path"), [row[1:] for row in REFUSED_VIEWS], ids=[row[0] for row in REFUSED_VIEWS]
)
def test_refused_views(view: Json, path: str) -> None:
    assert path in {fault.path for fault in check_view(view)}
