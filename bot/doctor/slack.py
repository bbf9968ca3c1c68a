"""Slack: the tokens, what they may do, and the channel for alerts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import PREFIX, Settings, SlackMode
from bot.doctor.course import Check, Course
from bot.doctor.findings import AGAIN, REACH, Verdict, fine, skipped, wrong
from bot.slack.errors import TROUBLE, named
from bot.slack.manifest import OPTIONAL_SCOPES, REQUIRED_SCOPES
from bot.slack.scopes import granted_scopes

_BOT, _APP = f"{PREFIX}SLACK_BOT_TOKEN", f"{PREFIX}SLACK_APP_TOKEN"
_GROUPS: Final = "usergroups:read"
_NO_MESSAGE: Final = "1.000000"
"""The ts of a message that no channel has."""

_COPY: Final = "Copy it again from the app's page; docs/how-to/slack-setup.md says where."
_REMEDIES: Final[Mapping[str, str]] = {
    "account_inactive": "The app was uninstalled, or its user is gone: install it again, and copy the token.",
    "invalid_auth": f"The token is none of Slack's. {_COPY}",
    "not_allowed_token_type": f"This is a token of another kind. {_COPY}",
    "not_authed": f"The token is none of Slack's. {_COPY}",
    "ratelimited": AGAIN,
    "token_expired": f"The token has expired; turn token rotation off in the app. {_COPY}",
    "token_revoked": "The token was revoked: install the app again, and copy the new token.",
}
"""https://docs.slack.dev/reference/methods/auth.test#errors"""


@dataclass(slots=True)
class SlackCheckup:
    """`settings` with what the tenant file gave."""

    web: AsyncWebClient
    settings: Settings
    _granted: frozenset[str] = field(default_factory=frozenset)

    @property
    def courses(self) -> tuple[Course, ...]:
        bot = (
            Check("bot token", self._bot_token, is_ground=True),
            Check("scopes", self._scopes),
            Check("alert channel", self._channel),
        )
        return Course("Slack", bot), Course("Slack", (Check("app-level token", self._app_token),))

    async def _bot_token(self) -> Verdict:
        if not self.settings.slack_bot_token:
            return skipped(f"{_BOT} is not set.")
        try:
            answer = await self.web.auth_test()
        except TROUBLE as error:
            return refused(error)
        self._granted = granted_scopes(answer)
        if not answer.get("bot_id"):
            return wrong(
                f"{_BOT} holds the token of a person.", f"It must be that of the bot (xoxb-). {_COPY}"
            )
        return fine(f"Signed in as {answer.get('user')} in {answer.get('team')}.")

    async def _scopes(self) -> Verdict:
        if not self._granted:
            return skipped("Slack did not say which scopes are granted.")
        lacking = [scope for scope in REQUIRED_SCOPES if scope not in self._granted]
        if self._uses_groups and _GROUPS not in self._granted:
            lacking.append(f"{_GROUPS} (roles are given to user groups, which have nobody without it)")
        if lacking:
            return wrong(
                f"Not granted: {', '.join(lacking)}.",
                "Paste app.yaml under *App Manifest*, then install the app again.",
            )
        spare = [scope for scope in OPTIONAL_SCOPES if scope not in self._granted]
        notes = (f"Not granted, and optional: {', '.join(spare)}.",) if spare else ()
        return fine("All that are needed are granted.", *notes)

    async def _channel(self) -> Verdict:
        channel = self.settings.alert_channel
        if channel is None:
            return skipped("There is none, so there are no alerts.", f"Set {PREFIX}ALERT_CHANNEL.")
        try:
            answer = await self.web.conversations_info(channel=channel)
        except TROUBLE as error:
            if named(error) == "missing_scope":
                return await self._channel_seen(channel)
            return _channel_refused(channel, error)
        return _membership(channel, answer.get("channel") or {})

    async def _channel_seen(self, channel: str) -> Verdict:
        """The manifest asks for no right to look at channels; asking for a message's link needs none.

        https://docs.slack.dev/reference/methods/chat.getPermalink
        """
        try:
            await self.web.chat_getPermalink(channel=channel, message_ts=_NO_MESSAGE)
        except TROUBLE as error:
            if named(error) != "message_not_found":
                return _channel_refused(channel, error)
        return skipped(
            f"Slack knows {channel}, but only tells apps with channels:read or groups:read who is in it.",
            "If no alerts come, type `/invite @syncbot` there.",
        )

    async def _app_token(self) -> Verdict:
        """Opens no connection: what is answered is an address that expires unused."""
        token = self.settings.slack_app_token
        if self.settings.slack_mode is SlackMode.HTTP:
            return skipped("HTTP mode uses the signing secret, which shows with Slack's first request only.")
        if token is None:
            return skipped(f"{_APP} is not set.")
        try:
            await self.web.apps_connections_open(app_token=token.get_secret_value())
        except TROUBLE as error:
            if named(error) == "missing_scope":
                return wrong(
                    f"{_APP} lacks connections:write.", "Generate another app-level token with that scope."
                )
            return refused(error)
        return fine("Socket Mode may be used.")

    @property
    def _uses_groups(self) -> bool:
        settings = self.settings
        return any(id_.startswith("S") for id_ in (*settings.admins, *settings.operators, *settings.viewers))


def refused(error: Exception) -> Verdict:
    """What Slack or the way to it has against a call."""
    code = named(error)
    if isinstance(error, SlackApiError):
        return wrong(f"Slack answers {code}.", _REMEDIES.get(code, "Slack's documentation has this code."))
    return wrong(f"Slack was not reached, or answers what is none of its answers ({code}).", REACH)


def _membership(channel: str, told: Mapping[str, Any]) -> Verdict:
    if told.get("is_archived"):
        return wrong(f"{channel} is archived.", f"Restore it, or set {PREFIX}ALERT_CHANNEL to another one.")
    if not told.get("is_member"):
        return wrong(f"The bot is not in {channel}.", "Type `/invite @syncbot` there.")
    return fine(f"The bot is in {channel}.")


def _channel_refused(channel: str, error: Exception) -> Verdict:
    if named(error) == "channel_not_found":
        return wrong(
            f"Slack shows no channel {channel} to the bot.",
            "Its id is at the end of the channel's details; if it is private, type `/invite @syncbot` there.",
        )
    return refused(error)
