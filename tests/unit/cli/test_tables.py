"""What people read: as wide as there is room, foreign text inert, nothing lost."""

import re

import pytest

from tests.integration.store.words import item_failed, mailbox
from tests.unit.cli.conftest import Terminal

LONG = "a-very-long-name.of-somebody@a-long-department.of.an.example"


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize(
    "words", [["status"], ["list"], ["errors", "m1@old.example"], ["history", "m1@old.example"]], ids=" ".join
)
def test_tables_are_as_wide_as_the_terminal(
    company: Terminal, monkeypatch: pytest.MonkeyPatch, words: list[str], columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert max(map(len, company(*words).stdout.splitlines())) <= columns


def test_a_pipe_gets_rows_on_one_line(company: Terminal) -> None:
    company.record(mailbox(key="long", source=LONG))
    (row,) = [line for line in company("list").stdout.splitlines() if LONG in line]
    assert "Never Synced" in row


def test_long_lists_are_written_as_they_are(company: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.tables.READABLE", 2)
    monkeypatch.setenv("COLUMNS", "40")
    company.record(mailbox(key="long", source=LONG), mailbox(key="[b]", source="[b]@\N{SNOWMAN}.example"))
    head, *rows, told = company("list", "--all").stdout.splitlines()
    assert told == "7 mailboxes"
    assert [row for row in rows if LONG in row and row.endswith("0")]
    assert {row.index("Gold") for row in rows if "Gold" in row} == {head.index("Policy")}
    assert "[b]@" in "".join(rows)


@pytest.mark.parametrize("words", [["status"], ["list"]], ids=" ".join)
def test_an_address_stays_on_one_line_where_there_is_room(
    company: Terminal, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    address = "somebody.with-a-name@old.example"
    company.record(mailbox(key="long", source=address), item_failed(9, "i9", mailbox="long"))
    monkeypatch.setenv("COLUMNS", "100")
    assert address in company(*words).stdout


def test_an_address_is_folded_and_not_cut_where_there_is_no_room(
    company: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.record(mailbox(key="long", source=LONG))
    monkeypatch.setenv("COLUMNS", "60")
    said = company("status", LONG).stdout
    assert LONG in re.sub(r"\s", "", said)


def test_colour_is_for_terminals(company: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in company("status", "m2@old.example").stdout
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in company("status", "m2@old.example").stdout


def test_foreign_text_is_shown_and_does_nothing(company: Terminal) -> None:
    company.record(
        item_failed(9, "i3", subject="\x1b[2J[bold red]Hi\x07\u202e\nthere :smile:", folder="[/] \\[x]")
    )
    said = company("errors", "m1@old.example", "--subjects").stdout
    assert "[2J[bold red]Hi there :smile:" in said
    assert "[/] \\[x]" in said
    assert not [char for char in said if not char.isprintable() and char != "\n"]


def test_a_terminal_that_lacks_letters_gets_question_marks(company: Terminal) -> None:
    company.record(item_failed(9, "i3", folder="\N{SNOWMAN} Winter"))
    company.runner.charset = "latin-1"
    said = company("errors", "m1@old.example")
    assert said.exit_code == 1
    assert "? Winter" in said.stdout
