"""Who may do what. Fails closed: nobody has a role unless somebody gave one, and Slack does not object."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from bot.domain.standing import Holding, Membership, Source
from bot.domain.values import Role


@dataclass(frozen=True, slots=True)
class Asker:
    """Who made a gesture in Slack. `is_outsider` is true for people of another workspace (Slack Connect)."""

    user: str
    is_outsider: bool = False


@dataclass(frozen=True, slots=True)
class Grants:
    """Every role that was given, by whatever way."""

    holdings: tuple[Holding, ...] = ()

    @classmethod
    def of(cls, holders: Mapping[Role, Collection[str]], source: Source = Source.SETTING) -> Self:
        return cls(tuple(Holding(who, role, source) for role in holders for who in sorted(holders[role])))

    def with_more(self, holdings: Iterable[Holding]) -> "Grants":
        return Grants((*self.holdings, *holdings))

    @property
    def holders(self) -> dict[Role, frozenset[str]]:
        """For each role, the ids of those to whom it was given."""
        return {role: frozenset(each.who for each in self.holdings if each.role is role) for role in Role}

    def groups(self) -> frozenset[str]:
        return frozenset(holding.who for holding in self.holdings if holding.is_group)

    def name_an_admin(self) -> bool:
        return any(holding.role is Role.ADMIN for holding in self.holdings)


def holding_of(
    user: str, membership: Membership, groups_of_user: Collection[str], grants: Grants
) -> Holding | None:
    """What gives the user the highest role that counts; the user's own before a group's, a setting first."""
    identities = {user, *groups_of_user}
    held = [each for each in grants.holdings if each.who in identities and counts(each, membership)]
    return max(held, key=_weight, default=None)


def counts(holding: Holding, membership: Membership) -> bool:
    """Whether a holding gives its role to somebody of whom Slack says this.

    Where the app may not ask, the user's own counts: whoever wrote down the id knew whose it is. A group is
    filled by others, perhaps with guests, so that nobody vouches for its members.
    """
    if membership is Membership.UNTOLD:
        return not holding.is_group
    return membership is Membership.MEMBER


def _weight(holding: Holding) -> tuple[Role, bool, bool]:
    return holding.role, not holding.is_group, holding.source is not Source.GRANT
