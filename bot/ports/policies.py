"""What the use cases need of policies beyond showing them."""

from datetime import datetime
from typing import Protocol

from bot.domain.values import PolicyId
from bot.views.policies import PolicySwitched


class PolicyBook(Protocol):
    async def switch(
        self, policy: PolicyId, *, active: bool, by: str, now: datetime
    ) -> PolicySwitched | None:
        """Enable or disable it; None where there is no such policy.

        Raises:
            NotOurPolicy: the built-in engine does not sync by it.
        """
        ...
