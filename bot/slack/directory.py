"""Fills the ports Directory and Members: groups cached, since Slack allows few such calls."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.addresses import parse_address
from bot.slack.errors import TROUBLE, named

FRESH = timedelta(minutes=5)
"""How long a group's members are believed: `usergroups.users.list` may be called 20 times a minute."""

DOUBT = timedelta(seconds=5)
"""How long Slack is not asked again after it did not say."""

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class SlackDirectory:
    web: AsyncWebClient
    now: Callable[[], datetime]
    _members: dict[str, tuple[datetime, frozenset[str]]] = field(default_factory=dict)
    """Until when they are believed, and who they are."""
    _handles: tuple[datetime, Mapping[str, str] | None] | None = None
    """Until when they are believed, and the id of each group by its handle."""
    _asking: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def groups_of(self, user: str, groups: Collection[str]) -> frozenset[str]:
        members = await asyncio.gather(*map(self.members_of, groups))
        return frozenset(group for group, known in zip(groups, members, strict=True) if user in known)

    async def email_of(self, user: str) -> str | None:
        """None, too, where the scopes `users:read` and `users:read.email` are not granted."""
        profile = (await self._user(user)).get("profile") or {}
        return parse_address(str(profile.get("email") or ""))

    async def zone_of(self, user: str) -> str | None:
        """https://docs.slack.dev/reference/objects/user-object : `tz`, for which `users:read` will do."""
        return str((await self._user(user)).get("tz") or "") or None

    async def _user(self, user: str) -> dict[str, Any]:
        """Nothing where Slack does not say."""
        try:
            answer = await self.web.users_info(user=user)
        except TROUBLE as error:
            _log.info("user unknown", user=user, reason=named(error))
            return {}
        return answer.get("user") or {}

    async def handles(self) -> Mapping[str, str] | None:
        if self._handles is None or self._handles[0] <= self.now():
            self._handles = await self._asked_handles()
        return self._handles[1]

    async def _asked_handles(self) -> tuple[datetime, Mapping[str, str] | None]:
        """https://docs.slack.dev/reference/methods/usergroups.list : without groups that were disabled."""
        try:
            answer = await self.web.usergroups_list()
        except TROUBLE as error:
            _log.info("user groups unknown", reason=named(error))
            return self.now() + DOUBT, None
        listed = [each for each in answer.get("usergroups") or () if isinstance(each, dict)]
        return self.now() + FRESH, {str(each.get("handle")): str(each.get("id")) for each in listed}

    async def members_of(self, group: str) -> frozenset[str]:
        """Believed for a while. Of many who want to know them at once, one asks."""
        async with self._asking.setdefault(group, asyncio.Lock()):
            until, members = self._members.get(group, (self.now(), frozenset[str]()))
            if self.now() < until:
                return members
            self._members[group] = await self._asked(group)
            return self._members[group][1]

    async def _asked(self, group: str) -> tuple[datetime, frozenset[str]]:
        """Nobody where Slack does not say (fail closed)."""
        try:
            answer = await self.web.usergroups_users_list(usergroup=group)
        except TROUBLE as error:
            _log.warning("members of a user group unknown", group=group, reason=named(error))
            return self.now() + DOUBT, frozenset()
        return self.now() + FRESH, frozenset(str(member) for member in answer.get("users") or ())
