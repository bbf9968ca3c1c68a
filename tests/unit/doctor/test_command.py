"""The command: lines for people, one document for programs, and an exit code."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.config import PREFIX
from bot.doctor.findings import Finding, fine, skipped, wrong

WELL = Finding("Database", "reachable", fine("It answers.", "It is slow."))
ILL = Finding("Slack", "scopes", wrong("Not granted:\nchat:write\x1b[31m.", "Install it again."))
UNASKED = Finding("Slack", "cards", skipped("Not set."))


@pytest.fixture(autouse=True)
def _here(clean_environment: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.logs.configure", lambda *_, **__: None)


def told(monkeypatch: pytest.MonkeyPatch, *words: str, found: tuple[Finding, ...]) -> Result:
    async def findings(*_: Any) -> AsyncIterator[Finding]:
        for finding in found:
            yield finding

    monkeypatch.setattr("bot.bootstrap.doctor.findings", findings)
    return CliRunner().invoke(cli.app, ["doctor", *words])


def test_each_check_is_a_line_with_what_to_do_below(monkeypatch: pytest.MonkeyPatch) -> None:
    result = told(monkeypatch, found=(WELL, ILL, UNASKED))
    assert result.stdout.splitlines() == [
        "✓ fine      Database: reachable. It answers.",
        "            Note: It is slow.",
        "✗ wrong     Slack: scopes. Not granted: chat:write[31m.",
        "            To do: Install it again.",
        "– skipped   Slack: cards. Not set.",  # noqa: RUF001 - a dash
        "",
        "1 fine, 1 wrong, 1 skipped.",
    ]


@pytest.mark.parametrize(("found", "code"), [((WELL, UNASKED), 0), ((WELL, ILL), 1)])
def test_the_exit_code_says_whether_anything_is_wrong(
    monkeypatch: pytest.MonkeyPatch, found: tuple[Finding, ...], code: int
) -> None:
    assert told(monkeypatch, found=found).exit_code == code
    assert told(monkeypatch, "--json", found=found).exit_code == code


def test_as_json_it_is_one_document(monkeypatch: pytest.MonkeyPatch) -> None:
    result = told(monkeypatch, "--json", found=(WELL, ILL))
    assert result.stdout.isascii()
    assert json.loads(result.stdout) == {
        "checks": [
            {
                "subject": "Database",
                "check": "reachable",
                "state": "fine",
                "text": "It answers.",
                "remedy": None,
                "notes": ["It is slow."],
            },
            {
                "subject": "Slack",
                "check": "scopes",
                "state": "wrong",
                "text": "Not granted:\nchat:write\x1b[31m.",
                "remedy": "Install it again.",
                "notes": [],
            },
        ],
        "fine": 1,
        "wrong": 1,
        "skipped": 0,
    }


def test_settings_that_cannot_be_read_are_all_named_and_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}PORT", "eighty")
    monkeypatch.setenv(f"{PREFIX}ADMINS", "ada")
    result = told(monkeypatch, found=())
    assert result.exit_code == 2
    assert f"{PREFIX}PORT" in result.stderr
    assert f"{PREFIX}ADMINS" in result.stderr
    as_json = told(monkeypatch, "--json", found=())
    assert as_json.exit_code == 2
    assert json.loads(as_json.stdout)["error"]["code"] == "bad_settings"


def test_it_runs_where_nothing_is_set_up_yet_and_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    monkeypatch.setenv(f"{PREFIX}PORT", "0")
    result = CliRunner().invoke(cli.app, ["doctor"])
    assert result.exit_code == 1
    assert "✗ wrong     Database: reachable. There is no file" in result.stdout
    assert list(tmp_path.iterdir()) == []
