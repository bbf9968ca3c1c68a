"""What every card says reads well, however many there are of what it counts."""

import re

import pytest

from blocks import words
from tests.gallery.catalogue import catalogue
from tests.unit.blocks.reading import objects

NOUNS = (
    "address|alert|byte|cause|change|channel|day|entry|error|failure|hour|item|line|mailbox|message|minute|mute"
    "|page|policy|problem|retry|run|second|subscription"
)
PLURALS = "|".join(words.plural(2, noun) for noun in NOUNS.split("|"))
TIME = re.compile(r"<!date[^>]*>")
WRONG = {
    "one of many": re.compile(rf"(?<![\d,.:/])1 (?:[a-z]+ )?(?:{PLURALS})\b"),
    "many of one": re.compile(rf"(?:\b0|[2-9]|\d[\d,]*\d(?<!\b1)) (?:[a-z]+ )?(?:{NOUNS})\b(?!-)"),
    "no separators": re.compile(r"(?<![\w:/,.^<@#-])\d{4,}(?![\w:/-]| bytes\b)(?<!\b20\d\d)"),
    "a value of Python's": re.compile(r"\b(?:None|True|False|nan|datetime)\b(?! (?:of|is)\b)|[{}]|<\w+\.\w+"),
    "blanks and stops": re.compile(r"\w  \w|\w [.,;:](?:\s|$)|[a-z]\.\.(?:\s|$)|\(\)"),
}
TEXTS = sorted(
    {
        (shot.card, TIME.sub("TIME", text))
        for shot in catalogue()
        if not shot.is_extreme
        for one in objects(shot.payload["blocks"])
        if one.get("type") in {"mrkdwn", "plain_text"} and isinstance(text := one.get("text"), str)
    }
)


@pytest.mark.parametrize("fault", WRONG)
def test_nothing_reads(fault: str) -> None:
    assert [(card, text, found[0]) for card, text in TEXTS if (found := WRONG[fault].search(text))] == []


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("one of many", "1 failures"),
        ("one of many", "1 sync failures"),
        ("many of one", "0 mailbox"),
        ("many of one", "40 sync failure"),
        ("many of one", "1,000,000 mailbox"),
        ("no separators", "of 1000000 items"),
        ("a value of Python's", "Policy: None"),
        ("blanks and stops", "Done ."),
    ],
)
def test_what_would_read_badly_is_found(fault: str, text: str) -> None:
    assert WRONG[fault].search(text)


@pytest.mark.parametrize(
    "text", ["1 failure", "0 failures", "1,000,000 items", "23 November 2026", "21 mailboxes"]
)
def test_what_reads_well_is_not(text: str) -> None:
    assert [fault for fault, pattern in WRONG.items() if pattern.search(text)] == []
