"""Who the admins are, one by one, for whoever has to tell them something."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from bot.domain.access import Grants
from bot.domain.standing import is_group
from bot.domain.values import Role
from bot.ports.delivery import Members


@dataclass(frozen=True, slots=True)
class GrantedAdmins:
    """Fills the Admins port from the grants, with the members of user groups as Slack knows them."""

    grants: Callable[[], Awaitable[Grants]]
    members: Members

    async def people(self) -> Collection[str]:
        granted = (await self.grants()).holders[Role.ADMIN]
        groups = [await self.members.members_of(who) for who in granted if is_group(who)]
        return frozenset(who for who in granted if not is_group(who)).union(*groups)
