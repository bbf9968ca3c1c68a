"""Addresses are found in every form in which Slack hands them over, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.addresses import LONGEST, find_addresses, parse_address

ADA = "ada@org.com"

FORMS = [
    "ada@org.com",
    "  ada@org.com  ",
    "ADA@Org.COM",
    "<mailto:ada@org.com|ada@org.com>",
    "<mailto:Ada@org.com|Ada Keller>",
    "<MAILTO:ada@org.com>",
    "<ada@org.com>",
    '"ada@org.com"',
    "“ada@org.com”",
    "\N{LEFT SINGLE QUOTATION MARK}ada@org.com\N{RIGHT SINGLE QUOTATION MARK}",
    "'ada@org.com'",
    "`ada@org.com`",
    "*ada@org.com*",
    "_ada@org.com_",
    "~ada@org.com~",
    "*_ada@org.com_*",
    "(ada@org.com)",
    "ada@org.com,",
    "ada@org.com.",
]

ODD_BUT_REAL = [
    "o'brien@org.com",
    "_service@org.com",
    "ada+sync@org.com",
    "a@b.co",
    "ada.keller@mail.eu.org.com",
    "ada@xn--mller-kva.de",
    "1234@5678.org",
]

NO_ADDRESS = [
    "",
    "   ",
    "ada",
    "@",
    "ada@",
    "@org.com",
    "ada@org",
    "ada @org.com",
    "ada@org .com",
    "ada@-org.com",
    ".ada@org.com",
    "ada.@org.com",
    "a..da@org.com",
    "ada@bob@org.com",
    "ada@org.com@evil.example",
    "müller@org.com",
    "ada@orgü.com",
    "ada@a.b.comü",
    "<@U0ADA>",
    "<!channel>",
    "<https://org.com|ada>",
    "a" * 65 + "@org.com",
    "ada@" + "o" * LONGEST + ".com",
]

MORE_THAN_AN_ADDRESS = [
    "ada@org.com bob@org.com",
    "ada@org.com;bob@org.com",
    "ada@org.com|<!channel>",
    "<mailto:ada@org.com><mailto:bob@org.com>",
    "mailto:ada@org.com",
    "ada@org.com?subject=x",
    "ada@org.com\n<!here>",
    "call ada@org.com",
]


@pytest.mark.parametrize("word", FORMS)
def test_one_address_is_read_in_every_form(word: str) -> None:
    assert parse_address(word) == ADA
    assert find_addresses(f"Please look at {word} today") == (ADA,)


@pytest.mark.parametrize("address", ODD_BUT_REAL)
def test_unusual_addresses_are_addresses(address: str) -> None:
    assert parse_address(address) == address


@pytest.mark.parametrize("word", NO_ADDRESS)
def test_what_is_no_address_is_none(word: str) -> None:
    assert parse_address(word) is None
    assert find_addresses(word) == ()


@pytest.mark.parametrize("word", MORE_THAN_AN_ADDRESS)
def test_a_word_that_holds_more_than_one_address_stands_for_none(word: str) -> None:
    assert parse_address(word) is None
    assert find_addresses(word)


def test_addresses_come_in_order_and_each_once() -> None:
    text = "bob@org.com, <mailto:ada@org.com|Ada>; BOB@org.com and *eve@org.com*."
    assert find_addresses(text) == ("bob@org.com", "ada@org.com", "eve@org.com")


def test_the_label_of_a_link_does_not_hide_its_address() -> None:
    assert find_addresses("<mailto:ada@org.com|boss@org.com>") == ("ada@org.com",)


@given(st.text(max_size=300))
def test_whatever_is_found_parses_as_itself(text: str) -> None:
    for address in find_addresses(text):
        assert parse_address(address) == address


@given(st.text(alphabet="a@.<>|:-_*' \n", max_size=200))
def test_a_parsed_address_has_one_at_sign_and_a_dotted_domain(text: str) -> None:
    address = parse_address(text)
    if address is not None:
        local, _, domain = address.partition("@")
        assert local
        assert "@" not in domain
        assert "." in domain
        assert len(address) <= LONGEST


@pytest.mark.parametrize(
    "hostile", ["a" * 200_000, "a@" * 100_000, "a." * 100_000 + "@", "a@" + "b-" * 100_000 + "@"]
)
def test_long_hostile_text_is_read_without_finding_anything(hostile: str) -> None:
    assert find_addresses(hostile) == ()
