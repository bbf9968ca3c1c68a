"""Fills the Directory port: people, user groups and addresses, cached, since Slack allows few such calls."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.addresses import parse_address
from bot.domain.standing import Membership, Person
from bot.slack.errors import TROUBLE, named

FRESH: Final = timedelta(minutes=5)
"""How long an answer is believed. One call tells all user groups (20 a minute), another one person (100)."""

STALE: Final = timedelta(hours=24)
"""How long what was known of a person is believed while Slack does not say: few become guests."""

DOUBT: Final = timedelta(seconds=5)
"""How long Slack is not asked again after it did not say."""

_MOST_PEOPLE: Final = 10_000
_UNTOLD, _UNKNOWN = Person(Membership.UNTOLD), Person(Membership.UNKNOWN)
_WITHOUT_ANSWER: Final = {"missing_scope": _UNTOLD, "user_not_visible": Person(Membership.OUTSIDER)}
"""What Slack's refusals say of a person: https://docs.slack.dev/reference/methods/users.info#errors"""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Groups:
    """Members by group id, and ids by handle."""

    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    handles: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """`until` it is not asked again; `at` is when Slack said it."""

    person: Person
    at: datetime
    until: datetime


@dataclass(slots=True)
class SlackDirectory:
    web: AsyncWebClient
    now: Callable[[], datetime]
    _groups: tuple[datetime, _Groups] | None = None
    _asking_groups: asyncio.Lock = field(default_factory=asyncio.Lock)
    _people: dict[str, _Known] = field(default_factory=dict)
    _asking: dict[str, asyncio.Lock] = field(default_factory=dict)
    _home: str | None = None

    async def groups_of(self, user: str, groups: Collection[str]) -> frozenset[str]:
        if not groups:
            return frozenset()
        members = (await self._all_groups()).members
        return frozenset(group for group in groups if user in members.get(group, ()))

    async def members_of(self, group: str) -> frozenset[str]:
        return (await self._all_groups()).members.get(group, frozenset())

    async def handles(self) -> Mapping[str, str] | None:
        return (await self._all_groups()).handles

    async def email_of(self, user: str) -> str | None:
        """None, too, where the scopes `users:read` and `users:read.email` are not granted."""
        try:
            answer = await self.web.users_info(user=user)
        except TROUBLE as error:
            _log.info("address of a user unknown", user=user, reason=named(error))
            return None
        profile = (answer.get("user") or {}).get("profile") or {}
        return parse_address(str(profile.get("email") or ""))

    async def person(self, user: str) -> Person:
        """Believed for a while. Of many who want to know at once, one asks."""
        async with self._asking.setdefault(user, asyncio.Lock()):
            known = self._people.get(user)
            if known is None or self.now() >= known.until:
                self._make_room()
                known = self._people[user] = await self._asked_of(user, known)
            return known.person

    async def _asked_of(self, user: str, before: _Known | None) -> _Known:
        try:
            person = await self._told_of(user)
        except TROUBLE as error:
            refusal = named(error)
            if refusal not in _WITHOUT_ANSWER:
                _log.warning("membership of a user unknown", user=user, reason=refusal)
                return self._doubted(before)
            person = _WITHOUT_ANSWER[refusal]
        return _Known(person, self.now(), self.now() + FRESH)

    def _doubted(self, before: _Known | None) -> _Known:
        now = self.now()
        if before is None or now >= before.at + STALE:
            return _Known(_UNKNOWN, now, now + DOUBT)
        return _Known(before.person, before.at, now + DOUBT)

    async def _told_of(self, user: str) -> Person:
        answer = await self.web.users_info(user=user)
        if self._home is None:
            self._home = str((await self.web.auth_test()).get("team_id") or "") or None
        return _person(answer.get("user") or {}, self._home)

    def _make_room(self) -> None:
        if len(self._people) >= _MOST_PEOPLE:
            self._people.clear()
            self._asking = {user: lock for user, lock in self._asking.items() if lock.locked()}

    async def _all_groups(self) -> _Groups:
        async with self._asking_groups:
            if self._groups is None or self.now() >= self._groups[0]:
                self._groups = await self._asked_groups()
            return self._groups[1]

    async def _asked_groups(self) -> tuple[datetime, _Groups]:
        """Nobody is in any where Slack does not say (fail closed)."""
        try:
            answer = await self.web.usergroups_list(include_users=True)
        except TROUBLE as error:
            _log.warning("members of user groups unknown", reason=named(error))
            return self.now() + DOUBT, _Groups()
        listed = [each for each in answer.get("usergroups") or () if isinstance(each, dict)]
        members = {str(each.get("id")): frozenset(map(str, each.get("users") or ())) for each in listed}
        handles = {str(each.get("handle")): str(each.get("id")) for each in listed}
        return self.now() + FRESH, _Groups(members, handles)


def _person(told: Mapping[str, Any], home: str | None) -> Person:
    zone = told.get("tz")
    return Person(_membership(told, home), zone if isinstance(zone, str) and zone else None)


def _membership(told: Mapping[str, Any], home: str | None) -> Membership:
    """A user of an organisation may be of several of its workspaces.

    Fields: https://docs.slack.dev/reference/objects/user-object
    """
    if not told:
        return Membership.UNKNOWN
    teams = (told.get("team_id"), *((told.get("enterprise_user") or {}).get("teams") or ()))
    if told.get("is_stranger") or (home is not None and home not in teams):
        return Membership.OUTSIDER
    is_guest = told.get("is_restricted") or told.get("is_ultra_restricted")
    return Membership.GUEST if is_guest else Membership.MEMBER
