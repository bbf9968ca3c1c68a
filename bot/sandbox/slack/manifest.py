"""Reads what the stand-in needs from an app manifest.

https://docs.slack.dev/reference/app-manifest
"""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.model import Json


def _section(manifest: Json, *path: str) -> Json:
    found: Any = manifest
    for key in path:
        found = found.get(key) or {}
    return dict(found)


@dataclass(frozen=True)
class Manifest:
    """What Slack acts on. `refused` are scopes that the installer did not grant."""

    raw: Json
    refused: frozenset[str] = frozenset()

    @property
    def app_name(self) -> str:
        return str(_section(self.raw, "display_information").get("name", "app"))

    @property
    def bot_name(self) -> str:
        return str(_section(self.raw, "features", "bot_user").get("display_name", self.app_name))

    @property
    def scopes(self) -> frozenset[str]:
        scopes = _section(self.raw, "oauth_config", "scopes")
        return frozenset([*scopes.get("bot", []), *scopes.get("bot_optional", [])]) - self.refused

    @property
    def socket_mode(self) -> bool:
        return bool(_section(self.raw, "settings").get("socket_mode_enabled", False))

    @property
    def commands(self) -> list[Json]:
        return list(_section(self.raw, "features").get("slash_commands", []))

    @property
    def shortcuts(self) -> list[Json]:
        return list(_section(self.raw, "features").get("shortcuts", []))

    @property
    def bot_events(self) -> frozenset[str]:
        return frozenset(_section(self.raw, "settings", "event_subscriptions").get("bot_events", []))

    @property
    def home_tab(self) -> bool:
        return bool(_section(self.raw, "features", "app_home").get("home_tab_enabled", False))

    @property
    def interactive(self) -> bool:
        return bool(_section(self.raw, "settings", "interactivity").get("is_enabled", False))

    @property
    def interactivity_url(self) -> str | None:
        return _section(self.raw, "settings", "interactivity").get("request_url")

    @property
    def options_url(self) -> str | None:
        return _section(self.raw, "settings", "interactivity").get("message_menu_options_url")

    @property
    def events_url(self) -> str | None:
        return _section(self.raw, "settings", "event_subscriptions").get("request_url")

    def command(self, name: str) -> Json | None:
        return next((command for command in self.commands if command.get("command") == name), None)

    def shortcut(self, kind: str, callback_id: str) -> Json | None:
        wanted = {"type": kind, "callback_id": callback_id}
        return next((shortcut for shortcut in self.shortcuts if wanted.items() <= shortcut.items()), None)
