"""What a mailbox is found by, and what is like what somebody typed."""

import pytest

from bot.domain.finding import likeness, resembling, terms


def test_a_mailbox_is_found_by_the_pieces_of_its_names_and_by_its_domains() -> None:
    assert terms("ann@old.example", "ann@new.example") == {
        "<an", "ann", "nn@", "@old.example", "@new.example",
    }  # fmt: skip


def test_a_name_of_one_letter_and_a_word_without_a_domain_have_pieces() -> None:
    assert terms("a@b.c") == {"<a@", "@b.c"}
    assert terms("room") == {"<ro", "roo", "oom", "om@"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("jhon", "john.smith@org.com"),
        ("smiht", "john.smith@org.com"),
        ("jonh.smith@org.com", "john.smith@org.com"),
        ("annna", "anna@org.com"),
        ("lovlace", "ada.lovelace@org.com"),
        ("ada lovelace", "ada.lovelace@org.com"),
    ],
)
def test_a_typo_shares_a_piece_with_what_was_meant_and_is_like_it(typed: str, meant: str) -> None:
    assert resembling(typed) & terms(meant)
    assert likeness(typed, meant) >= 0.6


@pytest.mark.parametrize("other", ["bob@org.com", "ann.marie.smith@far.example", ""])
def test_another_name_is_not_like_it(other: str) -> None:
    assert likeness("zebedee@org.com", other) == 0


def test_a_long_text_has_as_many_pieces_as_letters() -> None:
    assert len(resembling("abcdefghijklmnopqrstuvwxyz" * 10)) <= 260
