"""One Web API call: its arguments, read strictly."""

import json
from dataclasses import dataclass

from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Channel, Json
from bot.sandbox.slack.world import World


@dataclass(frozen=True)
class Call:
    method: str
    args: Json
    backend: Backend

    @property
    def world(self) -> World:
        return self.backend.world

    def text(self, name: str) -> str | None:
        value = self.args.get(name)
        return None if value is None or value == "" else str(value)

    def required(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise SlackError("invalid_arguments", [f"missing required field: {name}"])
        return value

    def flag(self, name: str) -> bool:
        return self.args.get(name) in (True, "true", "True", "1")

    def structured(self, name: str, error: str = "invalid_arguments") -> object:
        """An object or a list: as such in a JSON body, as a JSON string in a form."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            parsed: object = json.loads(value) if value else None
        except ValueError as problem:
            raise SlackError(error, [f"{name} is no valid JSON"]) from problem
        return parsed

    def channel(self, name: str = "channel") -> Channel:
        found = self.world.channels.get(self.required(name))
        if found is None or (found.im_user is None and self._hidden(found)):
            raise SlackError("channel_not_found")
        return found

    def _hidden(self, channel: Channel) -> bool:
        """A private channel is unknown to an app outside of it; the stand-in has public ones only."""
        return channel.id.startswith("G") and self.world.bot_user.id not in channel.members
