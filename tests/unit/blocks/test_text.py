"""Foreign text stays text, and what is cut is cut between characters."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks import text
from blocks.text import DASH
from tests.unit.blocks.worst import text as any_text

FAMILY = "👩‍👩‍👧"
WALES = "🏴󠁧󠁢󠁷󠁬󠁳󠁿"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("<https://evil.example|Pay here>", "&lt;https://evil.example|Pay here&gt;"),
        ("R&D", "R&amp;D"),
        ("one\r\ntwo\u2028three", "one two three"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("\u202eexe.pdf\u202c", "exe.pdf"),
        ("\u2066x\u2069", "x"),
        ("\ud800x", "x"),
        ("", DASH),
        (" \t\n", DASH),
        ("\u200b\u2060", DASH),
        ("مرحبا", "مرحبا"),
        ("*bold* ~gone~ `code`", "\u2217bold\u2217 \u223cgone\u223c \u02cbcode\u02cb"),
        (
            "_slanted_ a_b@x.example __init__",
            "\u02cdslanted\u02cd a_b@x.example \u02cd\u02cdinit\u02cd\u02cd",
        ),
    ],
)
def test_foreign_text_is_inert(written: str, shown: str) -> None:
    assert text.foreign(written) == shown


@pytest.mark.parametrize(
    ("whole", "limit", "cut"),
    [
        ("hello", 5, "hello"),
        ("hello!", 5, "hell…"),
        ("hell  o", 6, "hell…"),
        (f"ab{FAMILY}", 6, "ab…"),
        ("ab👍🏽c", 6, "ab…"),
        ("abe\u0301f", 4, "ab…"),
        ("a🇩🇪🇫🇷", 8, "a🇩🇪…"),
        (f"a{WALES}", 6, "a…"),
        ("☎️☎️", 3, "☎️…"),
        ("😀😀", 3, "😀…"),
        ("😀😀", 4, "😀😀"),
        ("a" + "\u0301" * 9, 5, "…"),
    ],
)
def test_a_cut_never_splits_what_reads_as_one_character(whole: str, limit: int, cut: str) -> None:
    assert text.clip(whole, limit) == cut


@pytest.mark.parametrize(
    ("markup", "limit", "cut"),
    [
        ("see &lt;b&gt;", 8, "see…"),
        ("at <!date^1^{time}|x>", 12, "at…"),
        ("<@U1> did", 8, "<@U1> d…"),
        ("R&amp;D and", 8, "R&amp;D…"),
        ("*bold words*", 8, "*bold…*"),
        ("*bold* and", 9, "*bold* a…"),
        ("see `code words`", 12, "see `code…`"),
        ("*b*", 2, "…"),
    ],
)
def test_a_cut_in_markup_leaves_no_broken_token(markup: str, limit: int, cut: str) -> None:
    assert text.clip_markup(markup, limit).replace(" …", "…") == cut


@given(any_text(), st.integers(2, 300))
def test_nothing_is_longer_than_its_limit(written: str, limit: int) -> None:
    assert text.units(text.one_line(written, limit)) <= limit
    assert text.units(text.clip_markup(text.escape(text.clean(written)), limit)) <= limit


@pytest.mark.parametrize(
    ("actor", "shown"),
    [("U0ADA", "<@U0ADA>"), ("System", "System"), ("U1> <!channel", "U1&gt; &lt;!channel"), ("", DASH)],
)
def test_only_a_user_id_becomes_a_mention(actor: str, shown: str) -> None:
    assert text.person(actor) == shown


@pytest.mark.parametrize(
    ("actors", "shown"),
    [
        ((), ""),
        (("System",), "System"),
        (("U0ADA", "System"), "<@U0ADA> and System"),
        (("a", "b", "c"), "a, b and c"),
        (tuple("abcdefg"), "a, b, c, d, e and 2 more"),
    ],
)
def test_people_are_listed_as_one_would_say_it(actors: tuple[str, ...], shown: str) -> None:
    assert text.people(actors) == shown


def test_a_time_is_shown_in_the_zone_of_the_reader_and_else_in_utc() -> None:
    at = datetime(2026, 11, 23, 22, 45, tzinfo=UTC)
    assert text.when(at) == "<!date^1795473900^{date_short_pretty} {time}|2026-11-23 22:45 UTC>"
