"""Each block of Block Kit as HTML."""

from typing import Any

import pytest

from bot.sandbox.page.names import Names
from bot.sandbox.page.paint import Painter

NAMES = Names(users={"U1": "Ada Keller", "U2": "Omar Haddad"}, channels={"C1": "it-ops"}, viewer="U1")
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)> <!channel> \u202e 全部 🎉'
Json = dict[str, Any]


def drawn(block: Json, state: Json | None = None) -> str:
    return str(Painter(NAMES, state or {}).block({"block_id": "b", **block}))


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str | None = None) -> Json:
    return {"text": plain(text), "value": value or text}


def element(**fields: object) -> Json:
    return {"type": "actions", "elements": [{"action_id": "a", **fields}]}


def raw(*cells: str) -> list[Json]:
    return [{"type": "raw_text", "text": cell} for cell in cells]


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def test_a_header_is_a_heading() -> None:
    html = drawn({"type": "header", "text": plain("Mailbox *sync*")})
    assert 'role="heading"' in html
    assert "Mailbox *sync*" in html


def test_a_section_shows_text_fields_and_accessory() -> None:
    button = {"type": "button", "action_id": "a", "text": plain("Retry")}
    html = drawn({"type": "section", "text": mrkdwn("*T*"), "fields": [plain("F")], "accessory": button})
    assert "<b>T</b>" in html
    assert ">F</div>" in html
    assert ">Retry</span>" in html


def test_a_context_mixes_pictures_and_text() -> None:
    picture = {"type": "image", "image_url": "https://a.example/i.png", "alt_text": "logo"}
    html = drawn({"type": "context", "elements": [picture, mrkdwn("_small_")]})
    assert 'alt="logo"' in html
    assert "<i>small</i>" in html


def test_a_divider_is_a_rule() -> None:
    assert drawn({"type": "divider"}).startswith("<hr")


def test_an_image_has_its_alternative_text_and_no_unsafe_address() -> None:
    html = drawn({"type": "image", "image_url": "javascript:alert(1)", "alt_text": "chart"})
    assert 'alt="chart"' in html
    assert "javascript" not in html


def test_rich_text_shows_every_kind_of_part() -> None:
    block = {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [{"type": "text", "text": "b", "style": {"bold": True}}],
            },
            {
                "type": "rich_text_list",
                "style": "ordered",
                "elements": [rich({"type": "text", "text": "x"})["elements"][0]],
            },
            {"type": "rich_text_quote", "elements": [{"type": "user", "user_id": "U1"}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a < b"}]},
        ],
    }
    html = drawn(block)
    for part in ("<b>b</b>", "<ol", "<li>", "<blockquote>", "@Ada Keller", "<pre>a &lt; b</pre>"):
        assert part in html


def test_rich_text_shows_every_kind_of_leaf() -> None:
    html = drawn(
        rich(
            {"type": "link", "url": "https://a.example", "text": "site"},
            {"type": "emoji", "name": "tada"},
            {"type": "channel", "channel_id": "C1"},
            {"type": "usergroup", "usergroup_id": "S9"},
            {"type": "broadcast", "range": "here"},
            {"type": "date", "timestamp": 1392734382, "format": "{date}", "fallback": "then"},
            {"type": "color", "value": "#112233"},
        )
    )
    for part in (">site</a>", "🎉", "#it-ops", "@S9", "mention-all", 'data-epoch="1392734382"', "#112233"):
        assert part in html


def test_a_button_carries_its_style_and_spoken_label() -> None:
    html = drawn(
        element(type="button", text=plain("Retry"), style="danger", accessibility_label="Retry item 4")
    )
    assert "btn-danger" in html
    assert 'aria-label="Retry item 4"' in html


def test_a_button_with_an_address_is_a_link() -> None:
    html = drawn(element(type="button", text=plain("Docs"), url="https://a.example"))
    assert '<a class="btn" href="https://a.example"' in html


def test_a_confirm_dialog_is_rendered_and_escaped_on_the_server() -> None:
    confirm = {
        "title": plain("Sure?"),
        "text": mrkdwn("*all* <b>"),
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }
    html = drawn(element(type="button", text=plain("Go"), confirm=confirm))
    assert "\\u003cb\\u003eall" in html or "&lt;b&gt;all&lt;/b&gt; &amp;lt;b&amp;gt;" in html


@pytest.mark.parametrize("kind", ["static_select", "multi_static_select"])
def test_a_select_lists_its_options_and_shows_what_is_chosen(kind: str) -> None:
    one = option("One")
    initial = {"initial_options": [one]} if kind.startswith("multi") else {"initial_option": one}
    html = drawn(element(type=kind, options=[one, option("Two")], **initial))
    assert html.count('role="option"') == 2
    assert html.count('class="chip"') == 1


def test_a_select_shows_the_labels_of_its_groups() -> None:
    groups = [{"label": plain("Causes"), "options": [option("Quota")]}]
    assert "Causes" in drawn(element(type="static_select", option_groups=groups))


def test_an_external_select_asks_for_options_after_its_shortest_query() -> None:
    html = drawn(element(type="external_select", min_query_length=2))
    assert 'data-external="2"' in html
    assert 'role="option"' not in html


def test_a_select_of_people_lists_the_people() -> None:
    html = drawn(element(type="users_select", initial_user="U2"))
    assert "@Ada Keller" in html
    assert '<span class="chip" data-option="{&#34;text' in html


def test_a_select_of_conversations_lists_the_channels() -> None:
    assert "#it-ops" in drawn(element(type="conversations_select"))


def test_an_overflow_menu_lists_its_options() -> None:
    html = drawn(element(type="overflow", options=[option("Mute"), option("Docs")]))
    assert html.count('role="menuitem"') == 2


@pytest.mark.parametrize(("kind", "box"), [("checkboxes", "checkbox"), ("radio_buttons", "radio")])
def test_choices_are_ticked_as_the_state_says(kind: str, box: str) -> None:
    key = "selected_options" if kind == "checkboxes" else "selected_option"
    held = [option("Mail")] if kind == "checkboxes" else option("Mail")
    block = element(type=kind, options=[option("Mail"), option("Calendar")])
    html = drawn(block, {"b": {"a": {"type": kind, key: held}}})
    assert html.count(f'type="{box}"') == 2
    assert html.count(" checked") == 1


@pytest.mark.parametrize(
    ("kind", "field", "shown"),
    [
        ("plain_text_input", {"initial_value": "hi"}, 'value="hi"'),
        ("email_text_input", {}, 'type="email"'),
        ("number_input", {"is_decimal_allowed": False}, 'type="number"'),
        ("plain_text_input", {"multiline": True}, "<textarea"),
        ("datepicker", {"initial_date": "2026-11-23"}, 'value="2026-11-23"'),
        ("timepicker", {"initial_time": "22:45"}, 'value="22:45"'),
        ("datetimepicker", {"initial_date_time": 1392734382}, 'data-epoch-value="1392734382"'),
    ],
)
def test_an_input_has_the_right_field_and_value(kind: str, field: Json, shown: str) -> None:
    block = {"type": "input", "label": plain("L"), "element": {"type": kind, "action_id": "a", **field}}
    html = drawn(block)
    assert shown in html
    assert "<label" in html


def test_what_was_typed_wins_over_the_initial_value() -> None:
    typed = {"b": {"a": {"type": "plain_text_input", "value": "typed"}}}
    field = {"type": "plain_text_input", "action_id": "a", "initial_value": "initial"}
    assert 'value="typed"' in drawn({"type": "input", "label": plain("L"), "element": field}, typed)


def test_an_optional_input_says_so() -> None:
    field = {"type": "plain_text_input", "action_id": "a"}
    assert "(optional)" in drawn({"type": "input", "label": plain("L"), "optional": True, "element": field})


def test_a_table_has_a_head_and_aligned_cells() -> None:
    html = drawn(
        {
            "type": "table",
            "rows": [raw("A", "B"), raw("1", "2")],
            "column_settings": [None, {"align": "right"}],
        }
    )
    assert html.count("<th ") == 2
    assert '<td class="right"' in html


def test_a_data_table_shows_its_first_page() -> None:
    html = drawn(
        {
            "type": "data_table",
            "caption": "C",
            "page_size": 2,
            "rows": [raw("A"), *[raw(str(n)) for n in range(5)]],
        }
    )
    assert "<caption>C</caption>" in html
    assert html.count("<tr hidden>") == 3
    assert "1–2 of 5" in html  # noqa: RUF001 - the dash of a range


def test_a_container_folds_when_it_is_collapsible() -> None:
    child = {"type": "section", "block_id": "c", "text": plain("inside")}
    block = {"type": "container", "title": plain("Run"), "subtitle": plain("ok"), "child_blocks": [child]}
    assert "<details" not in drawn(block)
    assert " open>" in drawn({**block, "is_collapsible": True})
    assert " open>" not in drawn({**block, "is_collapsible": True, "default_collapsed": True})


def test_a_container_title_may_be_rich_and_hold_a_date() -> None:
    title = rich({"type": "date", "timestamp": 1, "format": "{time}", "fallback": "x"})
    assert "<time" in drawn({"type": "container", "rich_text_title": title, "child_blocks": []})


@pytest.mark.parametrize("level", ["default", "info", "warning", "error", "success"])
def test_an_alert_has_its_level(level: str) -> None:
    assert f"alert-{level}" in drawn({"type": "alert", "level": level, "text": mrkdwn("*x*")})


def test_cards_stand_in_a_carousel() -> None:
    card = {
        "type": "card",
        "title": mrkdwn("T"),
        "actions": [{"type": "button", "action_id": "a", "text": plain("Open")}],
    }
    html = drawn({"type": "carousel", "elements": [card, card]})
    assert html.count("block-card") == 2


def test_a_plan_counts_its_complete_tasks_and_names_their_state() -> None:
    tasks = [
        {"task_id": "1", "title": "A", "status": "complete"},
        {"task_id": "2", "title": "B", "status": "error"},
    ]
    html = drawn({"type": "plan", "title": "Retry", "tasks": tasks})
    assert "1 of 2" in html
    assert 'aria-label="Error"' in html


@pytest.mark.parametrize(("kind", "mark"), [("bar", "<rect"), ("line", "<polyline"), ("area", "<polygon")])
def test_a_chart_is_drawn_with_its_numbers(kind: str, mark: str) -> None:
    series = [{"name": "Failed", "data": [{"label": "Mon", "value": 3}, {"label": "Tue", "value": 0}]}]
    chart = {"type": kind, "series": series, "axis_config": {"categories": ["Mon", "Tue"]}}
    html = drawn({"type": "data_visualization", "title": "Failures", "chart": chart})
    assert mark in html
    assert ">Tue</text>" in html


def test_a_pie_has_a_legend_with_the_numbers() -> None:
    chart = {"type": "pie", "segments": [{"label": "Quota", "value": 4}, {"label": "Size", "value": 1}]}
    assert "Quota: 4" in drawn({"type": "data_visualization", "title": "Causes", "chart": chart})


def test_a_markdown_block_shows_headings_lists_and_links() -> None:
    html = drawn({"type": "markdown", "text": "# Title\n- **one**\n[site](https://a.example)"})
    for part in ("md-heading", "<b>one</b>", ">site</a>"):
        assert part in html


def test_a_block_that_nobody_knows_says_so() -> None:
    assert "cannot be shown" in drawn({"type": "../shell"})
    assert "hologram" in drawn({"type": "hologram"})


HOSTILE_BLOCKS: list[Json] = [
    {"type": "header", "text": plain(HOSTILE)},
    {"type": "section", "text": mrkdwn(HOSTILE), "fields": [plain(HOSTILE)]},
    {"type": "context", "elements": [mrkdwn(HOSTILE)]},
    {"type": "image", "image_url": HOSTILE, "alt_text": HOSTILE, "title": plain(HOSTILE)},
    {"type": "alert", "level": HOSTILE, "text": plain(HOSTILE)},
    {"type": "container", "title": plain(HOSTILE), "width": HOSTILE, "child_blocks": []},
    {"type": "table", "rows": [raw(HOSTILE), raw(HOSTILE)], "column_settings": [{"align": HOSTILE}]},
    {"type": "data_table", "caption": HOSTILE, "rows": [raw(HOSTILE), raw(HOSTILE)]},
    {"type": "card", "title": plain(HOSTILE), "body": mrkdwn(HOSTILE)},
    {"type": "plan", "title": HOSTILE, "tasks": [{"task_id": HOSTILE, "title": HOSTILE, "status": HOSTILE}]},
    {"type": "markdown", "text": HOSTILE},
    {"type": "video", "title": plain(HOSTILE), "alt_text": HOSTILE},
    {"type": "file", "external_id": HOSTILE},
    {"type": HOSTILE},
    rich(
        {"type": "text", "text": HOSTILE},
        {"type": "link", "url": HOSTILE},
        {"type": "color", "value": HOSTILE},
    ),
    element(type="button", text=plain(HOSTILE), value=HOSTILE, accessibility_label=HOSTILE, url=HOSTILE),
    element(type="static_select", options=[option(HOSTILE)], placeholder=plain(HOSTILE)),
    element(type="overflow", options=[option(HOSTILE)]),
    element(type="checkboxes", options=[option(HOSTILE)]),
    element(type="plain_text_input", initial_value=HOSTILE, multiline=True),
]


@pytest.mark.parametrize("block", HOSTILE_BLOCKS, ids=lambda block: block["type"][:20])
def test_hostile_text_stays_text(block: Json) -> None:
    html = drawn({**block, "block_id": HOSTILE})
    assert "<script" not in html
    assert "<img src=x" not in html


def test_fifty_kilobytes_and_more_are_drawn() -> None:
    assert len(drawn({"type": "section", "text": mrkdwn(HOSTILE * 1_000)})) > 50_000
