"""The manifest is what Slack accepts, and holds every command and shortcut that has a listener."""

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.slack.manifest import OPTIONAL_SCOPES, REQUIRED_SCOPES, as_yaml, manifest
from handlers.grammar import COMMANDS, SLASH
from handlers.lookups import SHORTCUTS

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = ROOT.parent / "shared" / "data" / "slack-manifest.schema.2.0.0.json"
URL = "https://bot.example"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    if not SCHEMA.exists():
        missing = "Slack's JSON schema of manifests is not beside this checkout"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    loaded: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("url", [None, URL, f"{URL}/"])
def test_slacks_own_schema_accepts_it(schema: dict[str, Any], url: str | None) -> None:
    jsonschema.validate(yaml.safe_load(as_yaml(url)), schema)


def test_the_schema_would_notice_a_drift(schema: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(manifest() | {"surprise": True}, schema)


def test_app_yaml_is_the_generated_one() -> None:
    assert (ROOT / "app.yaml").read_text(encoding="utf-8") == as_yaml(), "run `make manifest`"


def test_every_command_and_shortcut_that_has_a_listener_is_in_it() -> None:
    features = manifest()["features"]
    assert [command["command"] for command in features["slash_commands"]] == [SLASH]
    assert {shortcut["callback_id"] for shortcut in features["shortcuts"]} == set(SHORTCUTS)


def test_its_hint_names_every_verb() -> None:
    [command] = manifest()["features"]["slash_commands"]
    hinted = {part.split()[0] for part in command["usage_hint"].split(" | ")}
    assert hinted == set(COMMANDS)


def test_optional_scopes_are_asked_for_as_well_as_marked_optional() -> None:
    scopes = manifest()["oauth_config"]["scopes"]
    assert set(scopes["bot"]) == {*REQUIRED_SCOPES, *OPTIONAL_SCOPES}
    assert set(scopes["bot_optional"]) == set(OPTIONAL_SCOPES)


def test_socket_mode_needs_no_address() -> None:
    assert manifest()["settings"]["socket_mode_enabled"] is True
    assert "http" not in as_yaml()


@pytest.mark.parametrize("url", [URL, f"{URL}/"])
def test_over_http_every_request_goes_to_the_one_endpoint(url: str) -> None:
    written = manifest(url)
    assert written["settings"]["socket_mode_enabled"] is False
    interactivity = written["settings"]["interactivity"]
    assert interactivity["request_url"] == interactivity["message_menu_options_url"] == f"{URL}/slack/events"
    assert [each["url"] for each in written["features"]["slash_commands"]] == [f"{URL}/slack/events"]
