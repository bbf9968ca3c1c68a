"""Whatever is put into a block, it is one that Slack takes."""

from datetime import UTC, datetime

import pytest

from blocks import kit, limits
from blocks.actions import Action
from blocks.surface import Message, Modal
from blocks.text import DASH, units
from blocks.values import MailboxValue
from bot.sandbox.slack.validate import check_blocks, check_view
from tests.unit.blocks.reading import objects, texts

AT = datetime(2026, 11, 23, tzinfo=UTC)
VALUE = MailboxValue(mailbox=3)


def some_button(label: str = "Go") -> kit.Element:
    return kit.button(label, Action.MAILBOX_CHOOSE, VALUE)


def test_a_row_of_the_same_action_is_numbered_and_a_single_one_is_not() -> None:
    row = kit.actions(some_button(), kit.button("Refresh", Action.CARD_REFRESH, VALUE), some_button())
    assert row is not None
    assert [e["action_id"] for e in row["elements"]] == [
        "mailbox.choose:1",
        "card.refresh",
        "mailbox.choose:2",
    ]


def test_a_row_without_controls_is_no_block() -> None:
    assert kit.actions(None) is None
    assert kit.fields(None) is None
    assert kit.context("") is None


def test_empty_text_becomes_a_dash() -> None:
    blocks = [kit.section(""), kit.header("\u200b"), kit.preformatted(""), kit.table(("A",), [("",)])]
    assert check_blocks(blocks, "message") == []
    assert texts(blocks).splitlines() == [DASH, DASH, DASH, "A", DASH]


def test_what_is_too_many_is_counted_instead() -> None:
    fields = kit.fields(*(f"*f{n}*" for n in range(30)))
    table = kit.table(("Name", "Value"), [(f"row {n}", "x") for n in range(500)])
    title = kit.dated_title(AT, "many")
    container = kit.container(title, [kit.section(f"child {n}") for n in range(30)])
    assert fields is not None
    assert fields["fields"][-1]["text"] == "and 21 more"
    assert [cell["text"] for cell in table["rows"][-1]] == ["and 402 more", DASH]
    assert container["child_blocks"][-1]["text"]["text"] == "and 21 more"
    assert check_blocks([fields, table, container], "message") == []


def test_a_message_with_too_many_blocks_says_how_many_are_left_out() -> None:
    message = Message.of("Many", [kit.section(f"part {n}") for n in range(120)])
    assert len(message.blocks) == limits.MESSAGE_BLOCKS
    assert "and 71 more parts" in texts(message.blocks)


def test_long_texts_are_clipped_until_the_message_fits_and_short_ones_stay() -> None:
    message = Message.of("Long", [kit.section("short"), *(kit.section("x" * 2_900) for _ in range(20))])
    assert sum(units(text) for text in texts(message.blocks).splitlines()) <= limits.MESSAGE_BUDGET
    assert len(message.blocks) == 21
    assert texts(message.blocks).startswith("short\nxxx")


def test_when_clipping_is_not_enough_parts_go_but_controls_stay() -> None:
    wide = [kit.fields(*("y" * 200 for _ in range(10))) for _ in range(45)]
    message = Message.of("Wide", kit.stack(*wide, kit.actions(some_button())))
    assert check_blocks(message.blocks, "message") == []
    assert "Shortened: some parts were too long to show." in texts(message.blocks)
    assert [n for n in objects(message.blocks) if n.get("type") == "button"]


def test_a_modal_keeps_to_its_title_and_its_hundred_blocks() -> None:
    view = Modal.of("A title that is much too long", [kit.section("x")] * 150).view
    assert view["title"]["text"] == "A title that is much to…"
    assert len(view["blocks"]) == limits.MODAL_BLOCKS
    assert check_view(view) == []


def test_markup_is_verbatim_so_that_slack_adds_no_links_or_mentions() -> None:
    assert kit.section("@channel https://evil.example")["text"]["verbatim"] is True


@pytest.mark.parametrize("label", ["", "x" * 500, "👩‍👩‍👧‍👦" * 100])
def test_any_label_fits_on_a_button(label: str) -> None:
    row = kit.actions(kit.button(label, Action.CARD_SHARE, VALUE, describe=label))
    assert row is not None
    assert check_blocks([row], "message") == []
