"""Fills the ports Directory, Members and Handles: cached, since Slack allows few such calls."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.addresses import parse_address
from bot.slack.errors import TROUBLE, named
from bot.views.routing import Named

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
    _groups: tuple[datetime, tuple[Named, ...]] | None = None
    """Until when the list of groups is believed, and the list."""
    _asking: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def groups_of(self, user: str, groups: Collection[str]) -> frozenset[str]:
        members = await asyncio.gather(*map(self.members_of, groups))
        return frozenset(group for group, known in zip(groups, members, strict=True) if user in known)

    async def email_of(self, user: str) -> str | None:
        """None, too, where the scopes `users:read` and `users:read.email` are not granted."""
        try:
            answer = await self.web.users_info(user=user)
        except TROUBLE as error:
            _log.info("address of a user unknown", user=user, reason=named(error))
            return None
        profile = (answer.get("user") or {}).get("profile") or {}
        return parse_address(str(profile.get("email") or ""))

    async def zone_of(self, user: str) -> str | None:
        """None, too, where the scope `users:read` is not granted."""
        try:
            answer = await self.web.users_info(user=user)
        except TROUBLE as error:
            _log.info("time zone of a user unknown", user=user, reason=named(error))
            return None
        zone = str((answer.get("user") or {}).get("tz") or "")
        return zone if zone in available_timezones() else None

    async def groups(self) -> tuple[Named, ...]:
        """None, where the scope `usergroups:read` is not granted."""
        if self._groups is None or self._groups[0] <= self.now():
            self._groups = await self._all_groups()
        return self._groups[1]

    async def _all_groups(self) -> tuple[datetime, tuple[Named, ...]]:
        try:
            answer = await self.web.usergroups_list()
        except TROUBLE as error:
            _log.info("user groups unknown", reason=named(error))
            return self.now() + DOUBT, ()
        listed = answer.get("usergroups") or ()
        return self.now() + FRESH, tuple(_group(each) for each in listed if not each.get("date_delete"))

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


def _group(listed: dict[str, Any]) -> Named:
    """https://docs.slack.dev/reference/objects/usergroup-object"""
    return Named(str(listed["id"]), str(listed["id"]), str(listed["handle"]))
