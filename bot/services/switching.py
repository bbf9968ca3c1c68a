"""Enabling and disabling policies of the built-in engine."""

from dataclasses import dataclass

from bot.domain.access import Asker
from bot.domain.values import PolicyId, Role
from bot.errors import StaleButton
from bot.ports import Clock, Doorbell
from bot.ports.policies import PolicyBook
from bot.services.access import Access
from bot.services.naming import Names
from bot.views.policies import PolicySwitched


@dataclass(frozen=True, slots=True)
class Switching:
    book: PolicyBook
    names: Names
    access: Access
    doorbell: Doorbell
    clock: Clock

    async def by_name(self, typed: str, asker: Asker, *, active: bool) -> PolicySwitched:
        """Raises BadCommand with the closest name, or where several have it; and as `switch`."""
        found = await self.names.one_policy(typed)
        return await self.switch(PolicyId(int(found.id)), asker, active=active)

    async def switch(self, policy: PolicyId, asker: Asker, *, active: bool) -> PolicySwitched:
        """Raises NotAllowed, NotOurPolicy, StaleButton."""
        await self.access.require(asker, Role.ADMIN, to="policy enable" if active else "policy disable")
        switched = await self.book.switch(policy, active=active, by=asker.user, now=self.clock.now())
        if switched is None:
            raise StaleButton("That policy no longer exists. `/sync policies` lists those that do.")
        self.doorbell.ring()
        return switched
