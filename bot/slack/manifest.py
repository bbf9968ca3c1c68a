"""The app manifest, generated from the commands and shortcuts that are registered, so that it cannot drift.

Reference: docs.slack.dev, "App manifest reference".
"""

from typing import Any

import yaml

from blocks.actions import Callback
from handlers.grammar import SLASH

SLACK_PATH = "/slack/events"

REQUIRED_SCOPES = ("commands", "chat:write")
OPTIONAL_SCOPES = (
    "channels:history",
    "groups:history",
    "usergroups:read",
    "users:read",
    "users:read.email",
    "files:write",
)
"""An alert whose answer was lost is looked for; roles by user group; the address of a message's author;
errors as CSV by direct message.

Listed among the bot's scopes as well: marking one optional does not ask for it
(github.com/slackapi/slack-cli, pull request 517).
"""

EVENTS = ("app_home_opened",)
"""Needs no scope: docs.slack.dev/reference/events/app_home_opened"""

USAGE_HINT = (
    "status [email] | list | history email | errors email | failures | retry email | run email | "
    "search text | subscribe | unsubscribe | subscriptions | mute | unmute | audit [email] | digest | "
    "policies | policy name enable | health | access | whoami | help"
)


def manifest(url: str | None = None) -> dict[str, Any]:
    """The manifest for Socket Mode, or, with the public address of the bot, for HTTP."""
    endpoint = url.rstrip("/") + SLACK_PATH if url else None
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": "syncbot",
            "description": "See and mend the sync of every mailbox",
            "background_color": "#1d4f91",
        },
        "features": {
            "bot_user": {"display_name": "syncbot", "always_online": True},
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "slash_commands": [_with_url(_COMMAND, endpoint)],
            "shortcuts": [_LOOK_UP, _CHECK],
        },
        "oauth_config": {
            "scopes": {"bot": [*REQUIRED_SCOPES, *OPTIONAL_SCOPES], "bot_optional": list(OPTIONAL_SCOPES)}
        },
        "settings": {
            "event_subscriptions": _with_url({"bot_events": list(EVENTS)}, endpoint, "request_url"),
            "interactivity": _with_url(
                {"is_enabled": True}, endpoint, "request_url", "message_menu_options_url"
            ),
            "org_deploy_enabled": False,
            "socket_mode_enabled": endpoint is None,
            "token_rotation_enabled": False,
        },
    }


def as_yaml(url: str | None = None) -> str:
    return yaml.safe_dump(manifest(url), sort_keys=False, allow_unicode=True, width=100)


_COMMAND = {
    "command": SLASH,
    "description": "Look up a mailbox's sync, and retry what failed",
    "usage_hint": USAGE_HINT,
    "should_escape": True,  # else people and channels arrive as names, which Slack gives no way to look up
}
_LOOK_UP = {
    "name": "Look up a mailbox",
    "type": "global",
    "callback_id": Callback.MAILBOX_LOOK_UP.value,
    "description": "Find a mailbox while you type, and see its sync",
}
_CHECK = {
    "name": "Check sync status",
    "type": "message",
    "callback_id": Callback.SYNC_CHECK_STATUS.value,
    "description": "Show the sync of who this message is about",
}


def _with_url(part: dict[str, Any], endpoint: str | None, *keys: str) -> dict[str, Any]:
    return part | (dict.fromkeys(keys or ("url",), endpoint) if endpoint else {})
