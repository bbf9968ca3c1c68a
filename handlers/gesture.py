"""One thing that a person did in Slack, whatever kind of payload told of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import ValidationError

from blocks.values import alert_of
from bot.domain.access import Asker
from bot.domain.values import AlertId
from bot.errors import StaleButton
from handlers.payloads import (
    HomeEvent,
    Interaction,
    OpenView,
    Pressed,
    SlackMessage,
    SlashCommand,
    Suggestion,
)

P = TypeVar("P", SlashCommand, Interaction, Suggestion, HomeEvent)


class Origin(StrEnum):
    """Where the person's hand was, which decides where the answer goes."""

    COMMAND = "command"
    OWN_MESSAGE = "own message"
    """An ephemeral message, which only this person sees."""
    CHANNEL_MESSAGE = "channel message"
    VIEW = "view"
    SUBMISSION = "submission"
    SHORTCUT = "shortcut"
    HOME = "home"
    """A click on the Home tab."""
    HOME_OPENED = "home opened"
    SUGGESTION = "suggestion"
    """Typing into a select that asks for its options: nothing is said in answer."""


@dataclass(frozen=True, slots=True)
class Clicked:
    alert: AlertId
    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Gesture:
    asker: Asker
    origin: Origin
    trigger_id: str
    response_url: str | None = None
    channel: str | None = None
    text: str = ""
    callback_id: str = ""
    view: OpenView | None = None
    pressed: Pressed | None = None
    message: SlackMessage | None = None
    team: str | None = None
    """The asker's own workspace."""
    message_ts: str | None = None
    """The message in `channel` that the control, or the shortcut, was on."""

    def seen_from(self, home: str | None) -> "Gesture":
        """With whoever is not of the workspace `home`, where the app is installed, marked as an outsider."""
        if home is None or self.team is None or self.team == home:
            return self
        return replace(self, asker=replace(self.asker, is_outsider=True))

    @property
    def clicked(self) -> Clicked | None:
        """The alert's message that this is a click on, if it is."""
        alert = alert_of(self.pressed.carried) if self.pressed else None
        is_in_channel = self.origin is Origin.CHANNEL_MESSAGE
        if alert is None or not is_in_channel or self.channel is None or self.message is None:
            return None
        return Clicked(AlertId(alert), self.channel, self.message.ts)

    @classmethod
    def of_command(cls, body: Mapping[str, Any]) -> "Gesture":
        sent = _checked(SlashCommand, body)
        return cls(
            asker=Asker(sent.user_id),
            origin=Origin.COMMAND,
            trigger_id=sent.trigger_id,
            response_url=sent.response_url,
            channel=sent.channel_id,
            text=sent.text,
            team=sent.team_id,
        )

    @classmethod
    def of_interaction(cls, body: Mapping[str, Any]) -> "Gesture":
        sent = _checked(Interaction, body)
        return cls(
            asker=Asker(sent.user.id, is_outsider=_is_outsider(sent)),
            origin=_origin(sent),
            trigger_id=sent.trigger_id,
            response_url=sent.response_url,
            channel=sent.channel.id if sent.channel else None,
            callback_id=sent.view.callback_id if sent.view else sent.callback_id,
            view=None if _is_home(sent) else sent.view,
            pressed=sent.actions[0] if sent.actions else None,
            message=sent.message,
            team=sent.user.team_id,
            message_ts=_message_ts(sent),
        )

    @classmethod
    def of_submission(cls, body: Mapping[str, Any]) -> "Gesture":
        return replace(cls.of_interaction(body), origin=Origin.SUBMISSION)

    @classmethod
    def of_home_opened(cls, body: Mapping[str, Any]) -> "Gesture | None":
        """None for another tab. Whose workspace the person is of, Slack does not say here."""
        opened = _checked(HomeEvent, body).event
        return cls(Asker(opened.user), Origin.HOME_OPENED, "") if opened.tab == "home" else None

    @classmethod
    def of_suggestion(cls, body: Mapping[str, Any]) -> "Gesture":
        """`pressed` carries what was typed so far."""
        sent = _checked(Suggestion, body)
        return cls(
            asker=Asker(sent.user.id, is_outsider=_is_outsider(sent)),
            origin=Origin.SUGGESTION,
            trigger_id="",
            view=sent.view,
            pressed=Pressed(action_id=sent.action_id, value=sent.value),
            team=sent.user.team_id,
        )


def _checked(kind: type[P], body: Mapping[str, Any]) -> P:
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        raise StaleButton("Slack sent something that syncbot does not understand. Try it again.") from error


def _is_outsider(sent: Interaction | Suggestion) -> bool:
    """Slack Connect: the person's own workspace is not the one that the app is installed in."""
    return bool(sent.team and sent.user.team_id and sent.user.team_id != sent.team.id)


def _is_home(sent: Interaction) -> bool:
    """Not a modal: what is answered there stands on top of it."""
    return sent.view is not None and sent.view.type == "home"


def _message_ts(sent: Interaction) -> str | None:
    if sent.container and sent.container.message_ts:
        return sent.container.message_ts
    return sent.message.ts if sent.message else None


def _origin(sent: Interaction) -> Origin:
    if sent.type in ("message_action", "shortcut"):
        return Origin.SHORTCUT
    if sent.view:
        return Origin.HOME if _is_home(sent) else Origin.VIEW
    is_own = sent.container is not None and sent.container.is_ephemeral
    return Origin.OWN_MESSAGE if is_own else Origin.CHANNEL_MESSAGE
