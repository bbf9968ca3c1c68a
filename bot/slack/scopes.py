"""Fills the port Scopes: what the app was granted, as Slack says with each answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.errors import TROUBLE
from bot.slack.manifest import REQUIRED_SCOPES

FRESH: Final = timedelta(minutes=5)


@dataclass(slots=True)
class SlackScopes:
    web: AsyncWebClient
    now: Callable[[], datetime]
    _lacking: tuple[str, ...] | None = field(default=None, init=False)
    _until: datetime | None = field(default=None, init=False)

    async def lacking(self) -> tuple[str, ...] | None:
        """Of those that syncbot cannot do without. Asked for once in a while."""
        if self._until is None or self.now() >= self._until:
            self._lacking, self._until = await self._asked(), self.now() + FRESH
        return self._lacking

    async def _asked(self) -> tuple[str, ...] | None:
        try:
            granted = granted_scopes(await self.web.auth_test())
        except TROUBLE:
            return None
        return tuple(scope for scope in REQUIRED_SCOPES if scope not in granted) if granted else None


def granted_scopes(answer: AsyncSlackResponse) -> frozenset[str]:
    """In a header of each answer: https://github.com/slack-ruby/slack-ruby-client/issues/378"""
    told = str(answer.headers.get("x-oauth-scopes") or "")
    return frozenset(scope.strip() for scope in told.split(",") if scope.strip())
