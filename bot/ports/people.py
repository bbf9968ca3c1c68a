"""What the use cases need to know of people, and of the roles that were granted in Slack."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from bot.domain.standing import Holding, Person


class Directory(Protocol):
    async def groups_of(self, user: str, groups: Collection[str]) -> frozenset[str]:
        """Which of `groups` the user is in. Unknown membership counts as none (fail closed)."""
        ...

    async def email_of(self, user: str) -> str | None:
        """The user's own address, where the scope is granted."""
        ...

    async def person(self, user: str) -> Person: ...

    async def handles(self) -> Mapping[str, str] | None:
        """The id of each user group by its handle, without the @; None where Slack does not tell."""
        ...


class GrantBook(Protocol):
    """Roles that admins granted in Slack: at most one for each user or user group.

    `keep_admin`: no setting names an admin, so that one person must keep that role here.

    Raises:
        LastAdmin: nobody would be left.
    """

    async def all(self) -> tuple[Holding, ...]: ...

    async def put(self, holding: Holding, *, keep_admin: bool) -> bool:
        """In place of what was granted before; False where that was the same."""
        ...

    async def remove(self, who: str, *, by: str, now: datetime, keep_admin: bool) -> Holding | None:
        """What was granted before, which is so no longer."""
        ...
