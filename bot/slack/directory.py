"""Fills the Directory port: user groups and addresses, cached, since Slack allows few such calls."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.addresses import parse_address
from bot.slack.errors import TROUBLE, named

FRESH = timedelta(minutes=5)
"""How long a group's members are believed: `usergroups.users.list` may be called 20 times a minute."""

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class SlackDirectory:
    web: AsyncWebClient
    now: Callable[[], datetime]
    _members: dict[str, tuple[datetime, frozenset[str]]] = field(default_factory=dict)

    async def groups_of(self, user: str, groups: Collection[str]) -> frozenset[str]:
        return frozenset([group for group in groups if user in await self._members_of(group)])

    async def email_of(self, user: str) -> str | None:
        """None, too, where the scopes `users:read` and `users:read.email` are not granted."""
        try:
            answer = await self.web.users_info(user=user)
        except TROUBLE as error:
            _log.info("address of a user unknown", user=user, reason=named(error))
            return None
        profile = (answer.get("user") or {}).get("profile") or {}
        return parse_address(str(profile.get("email") or ""))

    async def _members_of(self, group: str) -> frozenset[str]:
        """The members, believed for a while; nobody where Slack does not say (fail closed)."""
        known_at, members = self._members.get(group, (None, frozenset[str]()))
        if known_at is not None and self.now() - known_at < FRESH:
            return members
        try:
            answer = await self.web.usergroups_users_list(usergroup=group)
        except TROUBLE as error:
            _log.warning("members of a user group unknown", group=group, reason=named(error))
            return frozenset()
        members = frozenset(str(member) for member in answer.get("users") or ())
        self._members[group] = (self.now(), members)
        return members
