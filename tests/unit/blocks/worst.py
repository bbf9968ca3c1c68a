"""The worst that the world can put into one field of a view model."""

from datetime import UTC, datetime
from typing import TypeVar

from hypothesis import strategies as st

from bot.domain import values as v

T = TypeVar("T")

HOSTILE = (
    "",
    " \t\n",
    "\u200b\u2060",
    "\x00\x07\x1b[31m",
    "<!channel> <!here> <!everyone>",
    "<https://evil.example|Click here>",
    "<mailto:ceo@evil.example|it@example.com>",
    "<@U0EVIL> <#C0EVIL> <!subteam^S0EVIL>",
    "&lt;!channel&gt; &amp;amp;",
    "*bold* _italic_ ~strike~ `code` ```fence```",
    "\u202eexe.tnemyap\u202c \u2066left\u2069",
    "\ud800 lone surrogate \udfff",
    "e\u0301" * 400,
    "👩‍👩‍👧‍👦" * 300,
    "🇩🇪🇫🇷" * 300,
    "👍🏽" * 300,
    "a" + "\u0301" * 4_000,
    "请尽快付款给我们的供应商" * 200,
    "مرحبا بكم في صندوق البريد",
    "line one\r\nline two\u2028line three\v\f",
    "> quoted\n• listed",
    "&" * 5_000,
    "<" * 5_000,
    "<!channel>" * 5_000,
    "x" * 50_000,
)


def text() -> st.SearchStrategy[str]:
    return st.sampled_from(HOSTILE) | st.text(max_size=60)


def times() -> st.SearchStrategy[datetime]:
    return st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - made aware by `timezones`


def numbers() -> st.SearchStrategy[int]:
    return st.sampled_from((0, 1, 2, 5, 1_000_000, 10**15))


def ids() -> st.SearchStrategy[int]:
    return st.integers(0, 2**63 - 1)


def actors() -> st.SearchStrategy[str]:
    return st.sampled_from((v.SYSTEM, "U0ADA", "W012345")) | text()


def tuples(of: st.SearchStrategy[T], most: int) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(of, max_size=most).map(tuple)
