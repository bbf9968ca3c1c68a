"""Numbers and states as one would say them."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

import blocks
from blocks import words
from bot.domain.values import Frequency, MailboxStatus, Unit

COUNTED = re.compile(r'(?:count|more|plural|turn)\([^"\n]*, "([a-z ]+)"\)')
NOUNS = {
    noun
    for path in Path(blocks.__path__[0]).glob("*.py")
    for noun in COUNTED.findall(path.read_text(encoding="utf-8"))
}
"""All that the cards count."""


@pytest.mark.parametrize(
    ("n", "noun", "said"),
    [
        (0, "item", "0 items"),
        (1, "item", "1 item"),
        (1_000_000, "failed item", "1,000,000 failed items"),
        (2, "mailbox", "2 mailboxes"),
        (1, "more entry", "1 more entry"),
        (3, "more entry", "3 more entries"),
        (2, "policy", "2 policies"),
    ],
)
def test_counts(n: int, noun: str, said: str) -> None:
    assert words.count(n, noun) == said


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1,023 bytes"),
        (1024, "1 KB"),
        (1536, "1.5 KB"),
        (1_000_000, "977 KB"),
        (38 * 1024**2, "38 MB"),
        (1024**3, "1 GB"),
        (5000 * 1024**5, "5,000 PB"),
    ],
)
def test_sizes(n: int, said: str) -> None:
    assert words.size(n) == said


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(milliseconds=10), "less than a second"),
        (timedelta(seconds=-5), "less than a second"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(minutes=2, seconds=5), "2 minutes 5 seconds"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(days=1, seconds=5), "1 day"),
        (timedelta(days=1_000_000), "1,000,000 days"),
    ],
)
def test_durations(length: timedelta, said: str) -> None:
    assert words.duration(length) == said


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=-5), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(days=1_000_000), "1,000,000 days ago"),
    ],
)
def test_how_long_ago(length: timedelta, said: str) -> None:
    assert words.ago(length) == said


@pytest.mark.parametrize("n", [0, 1, 2, 1_000_000])
@pytest.mark.parametrize("noun", sorted(NOUNS))
def test_whatever_is_counted_has_the_plural_that_english_has(noun: str, n: int) -> None:
    said = words.count(n, noun)
    assert said.startswith(f"{n:,} ")
    assert said.endswith(noun if n == 1 else ("s", "ies", "xes"))
    assert not re.search(r"(?:[sxz]|[cs]h)s$|[^aeiou]ys$", said) or n == 1


@pytest.mark.parametrize(
    ("frequency", "said"),
    [
        (Frequency(1, Unit.HOUR), "every hour"),
        (Frequency(6, Unit.HOUR), "every 6 hours"),
        (Frequency(1, Unit.DAY), "every day"),
        (Frequency(2, Unit.WEEK), "every 2 weeks"),
        (Frequency(1_000_000, Unit.DAY), "every 1,000,000 days"),
    ],
)
def test_frequencies(frequency: Frequency, said: str) -> None:
    assert words.frequency(frequency) == said


@pytest.mark.parametrize(
    ("done", "total", "said"),
    [
        (0, None, "0 items so far"),
        (1, 0, "1 item so far"),
        (1, 1, "1 of 1 item (100%)"),
        (1_200, 4_000, "1,200 of 4,000 items (30%)"),
        (9, 4, "9 of 4 items (100%)"),
        (0, 1_000_000, "0 of 1,000,000 items (0%)"),
        (1_000_000, None, "1,000,000 items so far"),
    ],
)
def test_progress(done: int, total: int | None, said: str) -> None:
    assert words.progress(done, total) == said


@pytest.mark.parametrize("status", MailboxStatus)
def test_the_emoji_comes_after_words_that_say_it_all(status: MailboxStatus) -> None:
    assert words.marked_status(status).startswith(f"{status} ")


@pytest.mark.parametrize(
    ("text", "said"), [("too large", "Too large."), ("Why?", "Why?"), ("", "."), ("cut…", "Cut…")]
)
def test_sentences(text: str, said: str) -> None:
    assert words.sentence(text) == said
