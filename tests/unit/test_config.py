"""Settings come from the environment; what is wrong with one is told by its name, never by its value."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import PREFIX, LogFormat, Settings, SlackMode, SubjectsFor, load_settings
from bot.domain.values import Role
from bot.errors import BadSettings


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def put_all(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(PREFIX + name.upper(), value)
    return load_settings()


def test_without_any_setting_the_defaults_hold() -> None:
    settings = load_settings()
    assert settings.database_url == "sqlite:///var/syncbot.db"
    assert settings.slack_mode is SlackMode.SOCKET
    assert settings.subjects_for is SubjectsFor.OPERATORS
    assert settings.retry_patience == timedelta(minutes=10)
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert not settings.grants.groups()
    assert not any(settings.grants.holders.values())


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = put_all(
        monkeypatch,
        slack_mode="http",
        slack_api_url="http://127.0.0.1:1/api",
        slack_safe_blocks="true",
        alert_channel="C0ALERTS",
        admins="U0ADA, S0ADMINS ,,",
        operators="U0OMAR",
        subjects_for="never",
        events_secrets="whsec_b25l, whsec_dHdv",
        retry_patience="00:05:00",
        port="0",
        log_format="json",
    )
    assert settings.slack_mode is SlackMode.HTTP
    assert settings.slack_api_url == "http://127.0.0.1:1/api/"
    assert settings.slack_safe_blocks
    assert settings.grants.holders[Role.ADMIN] == {"U0ADA", "S0ADMINS"}
    assert settings.grants.holders[Role.OPERATOR] == {"U0OMAR"}
    assert [secret.get_secret_value() for secret in settings.events_secrets] == ["whsec_b25l", "whsec_dHdv"]
    assert settings.retry_patience == timedelta(minutes=5)
    assert settings.port == 0
    assert settings.log_format is LogFormat.JSON


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = put_all(monkeypatch, port="", alert_channel="", admins="", slack_bot_token="")
    assert settings == load_settings()
    assert (settings.port, settings.alert_channel, settings.slack_bot_token) == (8080, None, None)


def test_settings_are_read_from_a_file_too_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("SYNCBOT_PORT=1234\nSYNCBOT_HOST=0.0.0.0\nOTHER=x\n", encoding="utf-8")
    settings = put_all(monkeypatch, port="4321")
    assert (settings.host, settings.port) == ("0.0.0.0", 4321)
    other = tmp_path / "other.env"
    other.write_text("SYNCBOT_HOST=::1\n", encoding="utf-8")
    assert load_settings(other).host == "::1"


def test_a_file_that_is_no_text_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"SYNCBOT_HOST=\xff\xfe")
    with pytest.raises(BadSettings, match="not UTF-8"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "hunter2"),
        ("port", "70000"),
        ("slack_mode", "hunter2"),
        ("alert_channel", "#hunter2"),
        ("admins", "ada@hunter2.example"),
        ("admins", "U0ADA,hunter2"),
        ("operators", "u0hunter2"),
        ("viewers", "B0HUNTER2"),
        ("viewers", "UÄHUNTER2"),
        ("subjects_for", "hunter2"),
        ("engine_url", "hunter2.example"),
        ("retry_patience", "hunter2"),
        ("retry_patience", "00:00:00"),
        ("retry_patience", "-PT1M"),
        ("history_days", "0"),
        ("log_level", "hunter2"),
        ("log_addresses", "hunter2"),
        ("support_contact", "hunter2" * 100),
    ],
)
def test_a_bad_setting_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(BadSettings) as bad:
        put_all(monkeypatch, **{name: value})
    assert PREFIX + name.upper() in bad.value.sentence
    assert "hunter2" not in bad.value.sentence.lower()


def test_every_bad_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadSettings) as bad:
        put_all(monkeypatch, port="x", admins="x", log_level="x")
    for name in ("PORT", "ADMINS", "LOG_LEVEL"):
        assert PREFIX + name in bad.value.sentence


def test_an_entry_of_a_list_is_told_by_its_position(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadSettings, match="entry 2"):
        put_all(monkeypatch, admins="U0ADA,ada")


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]),
        ({"slack_bot_token": "x"}, ["SLACK_APP_TOKEN"]),
        ({"slack_mode": "http"}, ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]),
        ({"slack_mode": "http", "slack_bot_token": "x", "slack_app_token": "x"}, ["SLACK_SIGNING_SECRET"]),
    ],
)
def test_slack_needs_what_its_mode_needs(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], missing: list[str]
) -> None:
    with pytest.raises(BadSettings) as bad:
        put_all(monkeypatch, **given).require_slack()
    assert f"Not set: {' and '.join(PREFIX + name for name in missing)}." in bad.value.sentence


@pytest.mark.parametrize(
    "given",
    [
        {"slack_bot_token": "x", "slack_app_token": "y"},
        {"slack_mode": "http", "slack_bot_token": "x", "slack_signing_secret": "y"},
    ],
)
def test_slack_is_content_with_that(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    put_all(monkeypatch, **given).require_slack()


def test_no_secret_shows_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = put_all(
        monkeypatch,
        slack_bot_token="hunter2",
        slack_app_token="hunter2",
        slack_signing_secret="hunter2",
        events_secrets="hunter2",
        engine_secret="hunter2",
        database_url="postgresql://syncbot:hunter2@db.example/syncbot",
    )
    assert "hunter2" not in repr(settings)
    assert "hunter2" not in str(settings)
