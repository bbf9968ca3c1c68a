"""Every card in every state can be read by ear, without colours, and whatever stands where."""

import re
from collections import Counter
from collections.abc import Iterator

from tests.gallery.catalogue import catalogue
from tests.gallery.shots import Json, Shot
from tests.unit.blocks.reading import objects

ALL = catalogue()
SHOTS = [shot for shot in ALL if not shot.is_extreme]
"""Where text is hostile, what it says is not ours."""

EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")
WORD = re.compile(r"[^\W\d_]{2}")
WHERE_IT_STANDS = re.compile(r"\b(below|above|on the (?:left|right)|click here|this button)\b", re.IGNORECASE)

IN_CHANNELS = {"alert", "incident", "credential", "digest", "reply", "orphan", "undelivered"}
MANY = 5
"""Blocks from which on a card needs a title."""

BEFORE_A_FOLD = 12
"""About ten. What people asked for themselves may be longer: a modal scrolls, and lists have pages."""


def of_type(shot: Shot, *types: str) -> Iterator[Json]:
    return (one for one in objects(shot.payload["blocks"]) if one.get("type") in types)


def texts(shot: Shot) -> list[str]:
    return [one["text"] for one in objects(shot.payload["blocks"]) if isinstance(one.get("text"), str)]


def heard(button: Json) -> str:
    label: str = button.get("accessibility_label") or button["text"]["text"]
    return label


def test_every_message_is_told_in_words_too() -> None:
    """Notifications and screen readers get the text alone."""
    silent = [shot.name for shot in ALL if shot.surface == "message" and len(shot.payload["text"]) < 10]
    assert silent == []


def test_what_a_colour_or_an_emoji_says_is_said_in_words() -> None:
    coloured = ("button", "alert", "mrkdwn", "plain_text", "header")
    wordless = [
        (shot.name, text)
        for shot in SHOTS
        for one in of_type(shot, *coloured)
        if (text := _words(one)) is not None and not WORD.search(EMOJI.sub("", text))
    ]
    assert wordless == []


def _words(one: Json) -> str | None:
    text = one.get("text")
    return text if isinstance(text, str) or text is None else text["text"]


def test_emoji_only_decorate_and_come_after_a_word() -> None:
    wrong = [(shot.name, text) for shot in SHOTS for text in texts(shot) if _shouts(text)]
    assert wrong == []


def _shouts(text: str) -> bool:
    """More than one in a line, or one that begins a line."""
    return any(len(EMOJI.findall(line)) > 1 or EMOJI.match(line) for line in text.splitlines())


def test_a_button_says_what_it_does_to_what() -> None:
    """On its face or, beside what it is about, to those who hear it."""
    short = {heard(button) for shot in SHOTS for button in of_type(shot, "button") if not _says(button)}
    assert short == set()


def _says(button: Json) -> bool:
    return len(heard(button).split()) > 1 or "@" in heard(button)


def test_buttons_that_look_alike_are_told_apart_by_screen_readers() -> None:
    assert {shot.name: alike for shot in SHOTS if (alike := _alike(shot))} == {}


def _alike(shot: Shot) -> list[str]:
    times = Counter(heard(button) for button in of_type(shot, "button"))
    return [label for label, n in times.items() if n > 1]


def test_every_picture_has_a_text() -> None:
    assert [shot.name for shot in ALL for one in of_type(shot, "image") if not one.get("alt_text")] == []


def test_every_chart_has_a_title_and_its_numbers_in_words() -> None:
    charts = [(shot, chart) for shot in SHOTS for chart in of_type(shot, "data_visualization")]
    assert charts
    for shot, chart in charts:
        assert chart["title"], shot.name
        said = shot.payload.get("text") or "\n".join(texts(shot))
        missing = [point for point in _points(chart) if not _is_said(point, said)]
        assert missing == [], shot.name


def _points(chart: Json) -> list[Json]:
    return [point for series in chart["chart"]["series"] for point in series["data"] if point["value"]]


def _is_said(point: Json, said: str) -> bool:
    """Its number stands in the same part of a sentence as its label."""
    part = re.escape(point["label"]) + r"[^;\n]*?\b" + re.escape(f"{point['value']:,}") + r"\b"
    return re.search(part, said) is not None


def test_what_is_long_has_a_title() -> None:
    """A modal has one of its own."""
    long = [shot for shot in SHOTS if shot.surface != "modal" and len(shot.payload["blocks"]) >= MANY]
    assert [shot.name for shot in long if not any(of_type(shot, "header"))] == []
    assert [shot.name for shot in ALL if shot.surface == "modal" and not shot.payload["title"]["text"]] == []


def test_nothing_is_named_by_where_it_stands() -> None:
    wrong = [(shot.name, text) for shot in SHOTS for text in texts(shot) if WHERE_IT_STANDS.search(text)]
    assert wrong == []


def test_what_everybody_in_a_channel_reads_is_short_before_it_folds() -> None:
    long = {
        shot.name: n for shot in SHOTS if shot.card in IN_CHANNELS and (n := _unfolded(shot)) > BEFORE_A_FOLD
    }
    assert long == {}


def _unfolded(shot: Shot) -> int:
    kinds = [block["type"] for block in shot.payload["blocks"]]
    return kinds.index("container") if "container" in kinds else len(kinds)
