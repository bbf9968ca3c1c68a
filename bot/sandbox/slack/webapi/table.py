"""Every method: what runs it, the scope it needs, how often it may be called, whether it takes JSON.

https://docs.slack.dev/reference/methods : the facts at the top of each method's page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.sandbox.slack.model import Json
from bot.sandbox.slack.rates import TIER_2, TIER_3, TIER_4
from bot.sandbox.slack.webapi import app, chat, conversations, files, people, views
from bot.sandbox.slack.webapi.call import Call


@dataclass(frozen=True)
class Method:
    """`per_minute` is None where Slack says special limits apply. Reading methods take forms only."""

    run: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    per_minute: int | None = None
    takes_json: bool = False
    token: Literal["bot", "app", "none"] = "bot"


METHODS: dict[str, Method] = {
    "api.test": Method(app.api_test, takes_json=True, token="none"),
    "auth.test": Method(app.auth_test, takes_json=True),
    "apps.connections.open": Method(app.open_connection, per_minute=TIER_3, takes_json=True, token="app"),
    "chat.postMessage": Method(chat.post_message, ("chat:write",), None, takes_json=True),
    "chat.update": Method(chat.update, ("chat:write",), TIER_3, takes_json=True),
    "chat.delete": Method(chat.delete, ("chat:write",), TIER_3, takes_json=True),
    "chat.postEphemeral": Method(chat.post_ephemeral, ("chat:write",), TIER_4, takes_json=True),
    "chat.getPermalink": Method(chat.permalink),
    "files.getUploadURLExternal": Method(files.upload_url, ("files:write",), TIER_4),
    "files.completeUploadExternal": Method(files.complete, ("files:write",), TIER_4, takes_json=True),
    "views.open": Method(views.open_, (), TIER_4, takes_json=True),
    "views.push": Method(views.push, (), TIER_4, takes_json=True),
    "views.update": Method(views.update, (), TIER_4, takes_json=True),
    "views.publish": Method(views.publish, (), TIER_4, takes_json=True),
    "users.info": Method(people.info, ("users:read",), TIER_4),
    "users.list": Method(people.list_, ("users:read",), TIER_2),
    "users.lookupByEmail": Method(people.lookup_by_email, ("users:read.email",), TIER_3),
    "usergroups.list": Method(people.groups, ("usergroups:read",), TIER_2),
    "usergroups.users.list": Method(people.group_members, ("usergroups:read",), TIER_2),
    "conversations.open": Method(conversations.open_, ("im:write",), TIER_3, takes_json=True),
    "conversations.info": Method(conversations.info, (), TIER_3),
    "conversations.list": Method(conversations.list_, (), TIER_2),
    "conversations.history": Method(conversations.history, (), TIER_3),
    "conversations.join": Method(conversations.join, ("channels:join",), TIER_3, takes_json=True),
}

TIERS = {name: method.per_minute for name, method in METHODS.items() if method.per_minute}
