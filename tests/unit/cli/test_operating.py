"""The command line: what it prints, and what its exit codes mean."""

import json
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bot import cli
from bot.config import PREFIX, Settings
from bot.slack.manifest import as_yaml

runner = CliRunner()
POLICY = {
    "policy": "p1",
    "name": "Gold",
    "active": True,
    "services": ["email"],
    "frequency": {"every": 6, "unit": "hour"},
}
MAILBOX = {"mailbox": "m1", "source": "ada@org.com", "destination": "ada@org.net", "policy": "p1"}


@pytest.fixture(autouse=True)
def own_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", f"sqlite:///{tmp_path}/syncbot.db")
    monkeypatch.setattr("bot.logs.configure", lambda *_, **__: None)
    monkeypatch.chdir(tmp_path)


def event(number: int, kind: str, data: object) -> str:
    return json.dumps(
        {"specversion": "1.0", "id": str(number), "source": "engine", "type": kind, "data": data}
    )


def file_of(folder: Path, *lines: str) -> str:
    file = folder / "events.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)


def called(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """The exit code of `syncbot WORDS`."""
    monkeypatch.setattr(sys, "argv", ["syncbot", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_without_a_command_the_help_is_shown() -> None:
    said = runner.invoke(cli.app, [])
    assert "manifest" in said.output
    assert said.exit_code in (0, 2)


def test_the_manifest_is_printed_as_it_stands_in_app_yaml() -> None:
    said = runner.invoke(cli.app, ["manifest"])
    assert (said.exit_code, said.output) == (0, as_yaml())


def test_the_manifest_for_http_carries_the_address() -> None:
    said = runner.invoke(cli.app, ["manifest", "--url", "https://bot.example/"])
    assert said.exit_code == 0
    urls = yaml.safe_load(said.output)["settings"]["interactivity"]
    assert urls["request_url"] == "https://bot.example/slack/events"


@pytest.mark.parametrize("url", ["bot.example", "http://bot.example", "", "ftp://bot.example"])
def test_the_manifest_for_an_address_that_slack_would_not_call_is_refused(url: str) -> None:
    said = runner.invoke(cli.app, ["manifest", "--url", url])
    assert said.exit_code == cli.BAD_USE
    assert "https" in said.output


def test_events_are_taken_in_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = file_of(tmp_path, event(1, "policy.upserted", POLICY), event(2, "mailbox.upserted", MAILBOX))
    assert called(monkeypatch, "import", file) == 0
    assert "2 taken in, 0 known already" in capsys.readouterr().out
    assert called(monkeypatch, "import", file) == 0
    assert "0 taken in, 2 known already" in capsys.readouterr().out


def test_bad_events_are_listed_by_line_and_the_rest_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = file_of(
        tmp_path, event(1, "policy.upserted", POLICY), "nonsense", event(3, "mailbox.upserted", {})
    )
    assert called(monkeypatch, "import", file) == cli.SOME_REJECTED
    said = capsys.readouterr()
    assert "1 taken in" in said.out
    assert "2 refused" in said.out
    assert f"{file}:2: " in said.err
    assert f"{file}:3: " in said.err


def test_a_file_that_is_not_there_is_bad_use(monkeypatch: pytest.MonkeyPatch) -> None:
    assert called(monkeypatch, "import", "nowhere.jsonl") == cli.BAD_USE


def test_migrating_says_when_it_is_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for _ in range(2):
        assert called(monkeypatch, "migrate") == 0
        assert "up to date" in capsys.readouterr().out
    assert (tmp_path / "syncbot.db").exists()


@pytest.mark.parametrize("command", ["run", "migrate"])
def test_bad_settings_are_one_sentence_and_exit_code_two(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.setenv(f"{PREFIX}PORT", "hunter2")
    assert called(monkeypatch, command) == cli.BAD_USE
    said = capsys.readouterr().err
    assert said.startswith("syncbot: ")
    assert "SYNCBOT_PORT" in said
    assert "hunter2" not in said
    assert len(said.splitlines()) == 1


def test_running_without_slacks_tokens_names_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(f"{PREFIX}PORT", "0")
    assert called(monkeypatch, "run") == cli.BAD_USE
    said = capsys.readouterr().err
    assert "SYNCBOT_SLACK_BOT_TOKEN and SYNCBOT_SLACK_APP_TOKEN" in said
    assert len(said.splitlines()) == 1


def test_an_unknown_command_is_bad_use(monkeypatch: pytest.MonkeyPatch) -> None:
    assert called(monkeypatch, "dance") == cli.BAD_USE
