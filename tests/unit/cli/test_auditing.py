"""The audit log at the command line: as a table, as JSON, and as CSV that no spreadsheet obeys."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from blocks.sheet import cell, sheet
from bot.cli.auditing import CHUNK, HEAD
from bot.domain.values import Severity
from bot.store.tables import audit
from tests.integration.store.words import Store, at
from tests.unit.cli.conftest import Pauses, Terminal


def write(terminal: Terminal, *messages: str, minute: int = 30) -> None:
    rows = [
        {
            "at": at(minute),
            "actor": "U0ADA",
            "severity": Severity.WARNING,
            "event": "muted",
            "message": message,
        }
        for message in messages
    ]

    async def write_all(store: Store) -> None:
        await store.database.write(lambda connection: connection.execute(insert(audit), rows))

    terminal.stored(write_all)


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_table_has_who_did_what_when_and_how_bad_it_was(company: Terminal, pauses: Pauses) -> None:
    company("retry", "m1@old.example", "--all")
    said = company("audit", "m1@old.example")
    assert said.exit_code == 0
    newest = said.stdout.splitlines()[2]
    for shown in (
        "cli:ada",
        "Information",
        "Retry requested",
        "m1@old.example: retry of 2 items",
        "command line",
    ):
        assert shown in newest
    assert "m2@old.example" not in said.stdout
    assert "Sync failed" in company("audit").stdout


def test_json_has_each_line_whole(company: Terminal) -> None:
    [line] = company.json("audit", "m2@old.example", "--limit", "1")["audit"]
    assert line | {"id": 0} == {
        "id": 0,
        "at": "2026-03-02T08:06:00+00:00",
        "actor": "System",
        "severity": "Error",
        "event": "sync failed",
        "message": "m2@old.example: source_auth",
        "via": None,
        "channel": None,
        "message_ts": None,
    }


def test_lines_are_limited_by_number_and_by_time(company: Terminal) -> None:
    write(company, *(f"line {number}" for number in range(60)))
    assert len(company.json("audit")["audit"]) == 50
    assert len(company.json("audit", "--limit", "7")["audit"]) == 7
    for since in ("2026-03-02T09:30", "2026-03-02T08:30:00+00:00", "30m"):
        assert len(read(company("audit", "--csv", "--since", since).stdout)) == 62, since
    assert read(company("audit", "--csv", "--since", "2026-03-03").stdout) == []


def test_csv_has_all_lines_however_many(company: Terminal) -> None:
    write(company, *(f"line {number}" for number in range(2 * CHUNK)), minute=55)
    rows = read(company("audit", "--csv").stdout)
    assert [row["message"] for row in rows[: 2 * CHUNK]] == [
        f"line {n}" for n in range(2 * CHUNK - 1, -1, -1)
    ]
    assert rows[0]["timestamp"] == "2026-03-02T08:55:00+00:00"
    assert (rows[0]["actor"], rows[0]["severity"], rows[0]["event"]) == ("U0ADA", "Warning", "muted")
    assert len(read(company("audit", "--csv", "--limit", str(CHUNK + 5)).stdout)) == CHUNK + 5


@pytest.mark.parametrize(
    "words", [["--csv", "--json"], ["--since", "yesterday"], ["--limit", "0"], ["nonsense"]]
)
def test_bad_use_is_refused(company: Terminal, words: list[str]) -> None:
    assert company("audit", *words).exit_code == 2


def test_an_empty_log_is_told(terminal: Terminal) -> None:
    assert "nothing" in terminal("audit").stdout
    assert terminal("audit", "--csv").stdout == ",".join(HEAD) + "\n"


@pytest.mark.parametrize(
    "formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "=cmd|' /C calc'!A0"]
)
def test_no_cell_is_a_formula(company: Terminal, formula: str) -> None:
    write(company, formula)
    row = next(row for row in read(company("audit", "--csv").stdout) if row["event"] == "muted")
    assert row["message"].startswith("'")


@given(st.lists(st.lists(st.text() | st.none(), min_size=2, max_size=4), max_size=4))
def test_whatever_is_in_a_row_stays_one_row_of_inert_cells(rows: list[list[str | None]]) -> None:
    told = list(csv.reader(io.StringIO(sheet(rows))))
    assert [len(row) for row in told] == [len(row) for row in rows]
    assert all(not text.startswith(("=", "+", "-", "@", "\t", "\r")) for row in told for text in row)


def test_an_empty_cell_stays_empty() -> None:
    assert (cell(None), cell(""), cell("plain")) == ("", "", "plain")
