"""Frozen read models of roles: who has what from where, and what became of a change."""

from dataclasses import dataclass

from bot.domain.standing import Holding, Standing
from bot.domain.values import Role


@dataclass(frozen=True, slots=True)
class WhoAmI:
    """What somebody may do. `is_oneself`: whoever reads it asked about nobody else."""

    standing: Standing
    is_oneself: bool = True


@dataclass(frozen=True, slots=True)
class AccessList:
    """Every role that was given, the highest first.

    `told_of_groups` and `told_of_people`: whether Slack says who is in a group, and who is a guest.
    """

    holdings: tuple[Holding, ...]
    told_of_groups: bool
    told_of_people: bool


@dataclass(frozen=True, slots=True)
class AccessChanged:
    """What an admin's command came to. `granted` is None where a grant was taken back.

    `still` is the best role that is left by other ways, which Slack does not change.
    """

    who: str
    granted: Role | None
    before: Role | None
    still: Holding | None
    is_new: bool = True
