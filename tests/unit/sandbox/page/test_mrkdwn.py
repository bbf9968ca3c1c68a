"""Slack's mrkdwn as HTML."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.page.mrkdwn import mrkdwn, plain
from bot.sandbox.page.names import Names

NAMES = Names(
    users={"U1": "Ada Keller", "U2": "Omar <b>"},
    channels={"C1": "it-ops"},
    groups={"S1": "operators"},
    viewer="U1",
)
ALLOWED = ["b", "i", "s", "code", "pre", "blockquote", "br", "a", "span", "bdi", "time"]


def shown(text: str) -> str:
    return str(mrkdwn(text, NAMES))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold*", "<b>bold</b>"),
        ("_italic_ and ~strike~", "<i>italic</i> and <s>strike</s>"),
        ("*bold _and italic_*", "<b>bold <i>and italic</i></b>"),
        ("`a * b < c`", "<code>a * b &lt; c</code>"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
        ("* not bold * and ** neither", "* not bold * and ** neither"),
        ("*crossing _over* styles_", "<b>crossing _over</b> styles_"),
        ("*no\nbold over lines*", "*no<br>bold over lines*"),
        ("> quoted\n&gt; too\nnot", "<blockquote>quoted<br>too</blockquote>not"),
        ("```\nif a < b:\n  *c*\n```", "<pre>if a &lt; b:\n  *c*</pre>"),
        ("a :tada: b :no_such_emoji:", "a 🎉 b :no_such_emoji:"),
        ("_:large_green_circle:_", "<i>🟢</i>"),
        ("&amp;lt; &lt;b&gt; &quot;", "&amp;lt; &lt;b&gt; &amp;quot;"),
        ("", ""),
    ],
)
def test_text_is_styled_as_in_slack(text: str, html: str) -> None:
    assert shown(text) == html


def test_a_link_shows_its_label_and_opens_apart() -> None:
    assert shown("<https://a.example/?q=1&amp;r=2|the *page*>") == (
        '<a href="https://a.example/?q=1&amp;r=2" target="_blank" rel="noopener noreferrer">the *page*</a>'
    )


def test_a_bare_address_is_linked_without_the_full_stop() -> None:
    html = shown("See https://a.example/x.")
    assert 'href="https://a.example/x"' in html
    assert html.endswith("</a>.")


def test_a_mailto_link_without_label_shows_the_address() -> None:
    assert ">ada@a.example</a>" in shown("<mailto:ada@a.example>")


def test_a_link_that_could_run_script_stays_text() -> None:
    assert "<a" not in shown("<javascript:alert(1)|click> <data:text/html,x>")


def test_people_channels_and_groups_are_named() -> None:
    html = shown("<@U1> <#C1> <!subteam^S1>")
    assert "@Ada Keller" in html
    assert "#it-ops" in html
    assert "@operators" in html


def test_a_mention_of_the_reader_is_marked_as_theirs() -> None:
    assert "mention-own" in shown("<@U1>")
    assert "mention-own" not in shown("<@U2>")


def test_a_name_with_markup_in_it_is_escaped() -> None:
    assert "@Omar &lt;b&gt;" in shown("<@U2>")


@pytest.mark.parametrize("which", ["here", "channel", "everyone"])
def test_a_mention_of_everybody_is_marked_strongly(which: str) -> None:
    assert f"@{which}" in shown(f"<!{which}>")
    assert "mention-all" in shown(f"<!{which}>")


def test_an_escaped_mention_of_everybody_is_only_text() -> None:
    assert shown("&lt;!channel&gt;") == "&lt;!channel&gt;"


def test_a_date_carries_its_time_and_format_for_the_browser() -> None:
    html = shown("<!date^1392734382^{date_short_pretty} at {time}|2014-02-18 14:39 UTC>")
    assert 'data-epoch="1392734382"' in html
    assert 'data-format="{date_short_pretty} at {time}"' in html
    assert ">2014-02-18 14:39 UTC</time>" in html


def test_a_date_may_be_a_link() -> None:
    assert 'href="https://a.example/"' in shown("<!date^1392734382^{date}^https://a.example/|then>")


def test_a_date_that_is_none_shows_its_fallback() -> None:
    assert shown("<!date^soon^{date}|sometime>") == "sometime"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '"><svg onload=alert(1)>',
        '<https://a.example/"onmouseover=alert(1)|x>',
        '<@U9|"><b>>',
        "```</pre><script>x</script>```",
        "`</code><script>x</script>`",
    ],
)
def test_hostile_text_never_becomes_markup(text: str) -> None:
    assert_safe(shown(text))


PIECES = [*"<>&|*_~`:!@#^\"'/ \na", "http://x", "javascript:", "&lt;", "```", "!date^1^"]


@given(st.lists(st.sampled_from(PIECES)))
def test_no_text_at_all_becomes_foreign_markup(pieces: list[str]) -> None:
    assert_safe(shown("".join(pieces)))


def assert_safe(html: str) -> None:
    for tag in re.findall(r"</?([^\s>]*)", html):
        assert tag in ALLOWED
    for attributes in re.findall(r"<[a-z]+ ([^>]*)>", html):
        assert re.fullmatch(r'(?:[a-z-]+="[^"]*" ?)*', attributes)
        assert not re.search(r"(?:^|\s)on\w+=(?=\")", re.sub(r'"[^"]*"', '""', attributes))
    for address in re.findall(r'href="([^"]*)"', html):
        assert address.startswith(("http://", "https://", "mailto:"))


def test_right_to_left_marks_emoji_and_cjk_pass_unharmed() -> None:
    text = "\u202eevil\u202c שלום 👩‍👩‍👧 全部 *粗体*"
    assert "<b>粗体</b>" in shown(text)
    assert "👩‍👩‍👧" in shown(text)
    assert "\u202e" in shown(text)


@pytest.mark.parametrize("piece", ["*_~", "<", "`", "*a ", "> \n", "<!", "```", ":a", "_a*", "http://"])
def test_fifty_kilobytes_of_anything_are_shown_and_not_searched_without_end(piece: str) -> None:
    assert mrkdwn(piece * (50_000 // len(piece)))


def test_plain_text_knows_entities_and_emoji_and_nothing_else() -> None:
    assert str(plain("*no* &lt;b&gt; :tada:\n<@U1>")) == "*no* &lt;b&gt; 🎉<br>&lt;@U1&gt;"
    assert str(plain(":tada:", emoji=False)) == ":tada:"
