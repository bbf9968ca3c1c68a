"""Roles given and taken in Slack, and who has which."""

import re
from dataclasses import dataclass

from bot.config import PREFIX
from bot.domain.access import Asker, Grants
from bot.domain.standing import Holding, Membership, Source, is_group
from bot.domain.values import Role
from bot.errors import NotGrantable
from bot.ports import Clock
from bot.services.access import Access
from bot.views.access import AccessChanged, AccessList, WhoAmI

_ID = re.compile(r"[UWS][A-Z0-9]{2,20}")
_NO_MEMBER = {
    Membership.GUEST: "is a guest, and guests cannot use syncbot",
    Membership.OUTSIDER: "is of another workspace, whose people cannot use syncbot here",
    Membership.UNKNOWN: "is nobody that Slack knows, or Slack does not answer just now",
}
"""Whom a role would not help."""


@dataclass(frozen=True, slots=True)
class Granting:
    """`who` is an id, or the handle of a user group with its @."""

    access: Access
    clock: Clock

    async def whoami(self, asker: Asker) -> WhoAmI:
        return WhoAmI(await self.access.standing(asker))

    async def about(self, who: str) -> WhoAmI:
        """What somebody else may do. Raises NotGrantable: no user is called so."""
        found = await self._identified(who)
        if is_group(found):
            raise NotGrantable(
                "A user group does nothing by itself. `/sync access` lists what each one gives."
            )
        return WhoAmI(await self.access.standing(Asker(found)), is_oneself=False)

    async def listed(self, asker: Asker) -> AccessList:
        grants = await self.access.grants()
        holdings = sorted(
            grants.holdings, key=lambda each: (-each.role, each.source, each.is_group, each.who)
        )
        directory = self.access.directory
        told_of_groups = not grants.groups() or await directory.handles() is not None
        told_of_people = (await directory.person(asker.user)).membership is not Membership.UNTOLD
        return AccessList(
            tuple(holdings),
            told_of_groups=told_of_groups,
            told_of_people=told_of_people,
        )

    async def grant(self, who: str, role: Role, asker: Asker) -> AccessChanged:
        """Raises NotGrantable, LastAdmin, NotAllowed."""
        await self.access.require(asker, Role.ADMIN, to="access grant")
        found = await self._identified(who)
        await self._require_member(found)
        before = await self._granted(found)
        holding = Holding(found, role, Source.GRANT, by=asker.user, at=self.clock.now())
        is_new = await self.access.book.put(holding, keep_admin=self._keeps_admin)
        return AccessChanged(found, role, before, _best(self.access.fixed, found), is_new=is_new)

    async def revoke(self, who: str, asker: Asker) -> AccessChanged:
        """Raises NotGrantable, LastAdmin, NotAllowed."""
        await self.access.require(asker, Role.ADMIN, to="access revoke")
        found = await self._identified(who)
        now, still = self.clock.now(), _best(self.access.fixed, found)
        removed = await self.access.book.remove(found, by=asker.user, now=now, keep_admin=self._keeps_admin)
        if removed is None:
            raise NotGrantable(_nothing_granted(found, still))
        return AccessChanged(found, None, removed.role, still)

    @property
    def _keeps_admin(self) -> bool:
        return not self.access.fixed.name_an_admin()

    async def _granted(self, who: str) -> Role | None:
        return next((each.role for each in await self.access.book.all() if each.who == who), None)

    async def _identified(self, who: str) -> str:
        """The id of whoever is named."""
        if _ID.fullmatch(who):
            return who
        handles = await self.access.directory.handles() if who.startswith("@") else {}
        if handles is None:
            raise NotGrantable(
                f"Slack does not tell syncbot of user groups (scope usergroups:read), so it cannot look up "
                f"{who[:80]}. Give the id of the group, S…, from its link."
            )
        if who[1:].lower() in handles:
            return handles[who[1:].lower()]
        raise NotGrantable(
            f"“{who[:80]}” is no user or user group. Choose one from the list that Slack shows after an @, "
            "or give its id."
        )

    async def _require_member(self, who: str) -> None:
        if is_group(who):
            handles = await self.access.directory.handles()
            if handles is not None and who not in handles.values():
                raise NotGrantable(f"Slack knows no user group {who}.")
            return
        membership = (await self.access.directory.person(who)).membership
        if membership in _NO_MEMBER:
            raise NotGrantable(f"Nothing was granted: {who} {_NO_MEMBER[membership]}.")


def _best(fixed: Grants, who: str) -> Holding | None:
    held = [each for each in fixed.holdings if each.who == who]
    return max(held, key=lambda each: each.role, default=None)


def _nothing_granted(who: str, still: Holding | None) -> str:
    if still is None:
        return f"Nothing was granted to {who}. `/sync access` lists who has what."
    where = f"{PREFIX}{still.role.name}S" if still.source is Source.SETTING else "the tenant file"
    return (
        f"Nothing was granted to {who} in Slack: the role of {still.role.word} comes from {where}, and is "
        "changed there."
    )
