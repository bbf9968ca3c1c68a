"""Who may do what. Fails closed: nobody has a role unless a setting gives one."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.values import Role


@dataclass(frozen=True, slots=True)
class Asker:
    """Who made a gesture in Slack. `is_outsider` is true for people of another workspace (Slack Connect)."""

    user: str
    is_outsider: bool = False


@dataclass(frozen=True, slots=True)
class Grants:
    """For each role, the users and user groups that hold it, by id."""

    holders: dict[Role, frozenset[str]]

    def groups(self) -> frozenset[str]:
        return frozenset(who for ids in self.holders.values() for who in ids if is_group(who))


def is_group(slack_id: str) -> bool:
    return slack_id.startswith("S")


def role_of(asker: Asker, groups_of_asker: Collection[str], grants: Grants) -> Role | None:
    """The highest role that the asker holds by itself or through a user group; None for everybody else."""
    if asker.is_outsider:
        return None
    identities = {asker.user, *groups_of_asker}
    held = [role for role, ids in grants.holders.items() if ids & identities]
    return max(held, default=None)
