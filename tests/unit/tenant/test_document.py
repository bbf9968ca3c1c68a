"""YAML as it is written: with places, without surprises."""

from pathlib import Path

import pytest

from bot.tenant.document import read_yaml
from tests.unit.tenant.files import SMALL, mistakes


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("# nothing yet\n", "is empty"),
        ("a: 1\n\tb: 2\n", "2: a tab stands where only blanks may; indent with blanks"),
        ("slack: {}\nslack: {}\n", "2:1: `slack` stands here twice, first in line 1"),
        ("a: 'open\n\n", "this is not YAML"),
        ("a: b: c\n", "1:5: mapping values are not allowed"),
        ("a: {b: 1\n", "this is not YAML"),
        ("slack: {}\n---\nslack: {}\n", "a second document begins here; write one"),
        ("slack: &x {}\npolicies: *x\n", "2:11: `*` stands for a value from elsewhere"),
        ("slack: &x [*x]\n", "`*` stands for a value from elsewhere"),
        ("slack: !!python/name:os.system {}\n", "1:8: `!` begins a tag, which means nothing here"),
        ("? [a, b]\n: c\n", "a key must be a word"),
        ("a: \x01\n", "1: a control character stands here; remove it"),
        ("[" * 100_000, "this is nested too deeply"),
        ("a: " + "{a: " * 1_000, "this is nested too deeply"),
        ("- a\n- b\n", "1:1: `the file` must hold keys"),
        ("hello\n", "1:1: `the file` must hold keys"),
        (b"slack: {}\n# caf\xe9\n", "2: this is not UTF-8; save the file as UTF-8"),
        (SMALL.encode("utf-16"), "1: this is not UTF-8"),
    ],
)
def test_what_is_no_tenant_file_says_why(tmp_path: Path, text: str | bytes, says: str) -> None:
    assert says in "\n".join(mistakes(tmp_path, text))


def test_a_place_is_that_of_a_value_or_of_the_key_of_what_goes_on_over_lines() -> None:
    document = read_yaml("f", "a:\n  b: 1\n  c:\n    - x\n    - {d: 2}\n")
    places = {path: document.place(path)[1:] for path in [("a", "b"), ("a", "c"), ("a", "c", 1, "d")]}
    assert places == {("a", "b"): (2, 6), ("a", "c"): (3, 3), ("a", "c", 1, "d"): (5, 11)}


def test_the_place_of_what_is_missing_is_that_of_what_it_is_missing_in() -> None:
    document = read_yaml("f", "a:\n  b: {}\n")
    assert document.place(("a", "b", "gone", 3)) == ("f", 2, 3)
    assert document.place(()) == ("f", 1, 1)


def test_a_quoted_nothing_is_text_and_a_bare_one_is_left_out() -> None:
    assert read_yaml("f", "a: ~\nb: '~'\nc:\nd: ''\ne: [~, x]\n").plain == {
        "b": "~",
        "d": "",
        "e": [None, "x"],
    }
