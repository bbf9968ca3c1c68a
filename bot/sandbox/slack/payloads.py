"""What Slack sends to an app, complete: https://docs.slack.dev/reference/interaction-payloads"""

import copy
from typing import Any

from bot.sandbox.slack import shapes
from bot.sandbox.slack.elements import Placed
from bot.sandbox.slack.model import Channel, Json, Message, User, View
from bot.sandbox.slack.world import World

# Deprecated by Slack, and still sent: https://docs.slack.dev/authentication/verifying-requests-from-slack
TOKEN = "sandbox-verification"


class Payloads:
    def __init__(self, world: World) -> None:
        self._world = world

    def _team(self) -> Json:
        return {"id": self._world.team_id, "domain": self._world.team_domain}

    def _person(self, user: User) -> Json:
        return {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id}

    def _interaction(self, kind: str, user: User, trigger_id: str | None) -> Json:
        payload: Json = {
            "type": kind,
            "user": self._person(user),
            "api_app_id": self._world.app_id,
            "token": TOKEN,
            "team": self._team(),
            "enterprise": None,
            "is_enterprise_install": False,
        }
        return payload | ({"trigger_id": trigger_id} if trigger_id else {})

    def _channel(self, channel: Channel) -> Json:
        return {"id": channel.id, "name": channel.name}

    def command(self, user: User, channel: Channel, command: str, text: str, **made: str) -> Json:
        """https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling"""
        return {
            "token": TOKEN,
            "team_id": user.team_id,
            "team_domain": self._world.team_domain,
            "channel_id": channel.id,
            "channel_name": channel.name,
            "user_id": user.id,
            "user_name": user.name,
            "command": command,
            "text": text,
            "api_app_id": self._world.app_id,
            "is_enterprise_install": "false",
            **made,
        }

    def _in_message(self, message: Message) -> Json:
        """An ephemeral message comes without its content: only its container is named."""
        channel = self._world.channels[message.channel]
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": message.ephemeral_for is not None,
        }
        where: Json = {"container": container, "channel": self._channel(channel)}
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        if not message.ephemeral_for:
            where["message"] = shapes.message(message, self._world)
        return where

    def _in_view(self, view: View) -> Json:
        container = {"type": "view", "view_id": view.id}
        return {"container": container, "view": shapes.view(view, self._world)}

    def _where(self, where: Message | View) -> Json:
        return self._in_message(where) if isinstance(where, Message) else self._in_view(where)

    def action(self, user: User, where: Message | View, placed: Placed, chosen: Json, **made: str) -> Json:
        """https://docs.slack.dev/reference/interaction-payloads/block_actions-payload"""
        payload = self._interaction("block_actions", user, made["trigger_id"]) | self._where(where)
        if isinstance(where, Message):
            payload |= {"response_url": made["response_url"]}
        payload["state"] = {"values": copy.deepcopy(self._values(where, placed, chosen))}
        return payload | {"actions": [self._acted(placed, chosen)]}

    def _values(self, where: Message | View, placed: Placed, chosen: Json) -> Json:
        if isinstance(where, View):
            return where.state
        block_id, action_id = placed.key
        return {} if placed.element["type"] in {"button", "overflow"} else {block_id: {action_id: chosen}}

    def _acted(self, placed: Placed, chosen: Json) -> Json:
        block_id, action_id = placed.key
        kept = ("text", "value", "placeholder", "confirm", "style")
        shown = {key: placed.element[key] for key in kept if key in placed.element}
        made = {"block_id": block_id, "action_id": action_id, "action_ts": self._world.mint.ts()}
        return copy.deepcopy(shown) | copy.deepcopy(chosen) | made

    def suggestion(self, user: User, where: Message | View, placed: Placed, query: str) -> Json:
        """https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload"""
        block_id, action_id = placed.key
        asked = {"block_id": block_id, "action_id": action_id, "value": query}
        return self._interaction("block_suggestion", user, None) | self._where(where) | asked

    def submission(self, user: User, view: View, trigger_id: str) -> Json:
        """https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload"""
        payload = self._interaction("view_submission", user, trigger_id)
        return payload | {"view": shapes.view(view, self._world), "response_urls": []}

    def closed(self, user: User, view: View, *, cleared: bool) -> Json:
        payload = self._interaction("view_closed", user, None)
        return payload | {"view": shapes.view(view, self._world), "is_cleared": cleared}

    def message_shortcut(self, user: User, message: Message, callback_id: str, **made: str) -> Json:
        """https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload"""
        channel = self._world.channels[message.channel]
        return self._interaction("message_action", user, None) | {
            "callback_id": callback_id,
            "action_ts": self._world.mint.ts(),
            "message_ts": message.ts,
            "message": shapes.message(message, self._world),
            "channel": self._channel(channel),
            **made,
        }

    def global_shortcut(self, user: User, callback_id: str, trigger_id: str) -> Json:
        named = {"callback_id": callback_id, "action_ts": self._world.mint.ts()}
        return self._interaction("shortcut", user, trigger_id) | named

    def event(self, event: Json) -> Json:
        """https://docs.slack.dev/apis/events-api/#event-type-structure"""
        world = self._world
        authorization = {
            "enterprise_id": None,
            "team_id": world.team_id,
            "user_id": world.bot_user.id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": TOKEN,
            "team_id": world.team_id,
            "api_app_id": world.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": world.mint.id("Ev"),
            "event_time": int(world.clock()),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
            "event_context": world.mint.id("EC"),
        }

    def home_opened(self, user: User, channel: Channel, view: View | None) -> Json:
        """https://docs.slack.dev/reference/events/app_home_opened"""
        event: Json = {
            "type": "app_home_opened",
            "user": user.id,
            "channel": channel.id,
            "tab": "home",
            "event_ts": self._world.mint.ts(),
        }
        return event | ({"view": shapes.view(view, self._world)} if view else {})

    def said(self, message: Message, kind: str, channel_type: str) -> Json:
        """https://docs.slack.dev/reference/events/message"""
        world = self._world
        event: dict[str, Any] = shapes.message(message, world) | {
            "type": kind,
            "channel": message.channel,
            "event_ts": message.ts,
        }
        return event | ({"channel_type": channel_type} if kind == "message" else {})


def challenge(word: str) -> Json:
    """https://docs.slack.dev/reference/events/url_verification"""
    return {"token": TOKEN, "challenge": word, "type": "url_verification"}
