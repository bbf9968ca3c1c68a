"""The admins are found by name and through their user groups."""

from bot.domain.access import Grants
from bot.domain.values import Role
from bot.services.admins import GrantedAdmins
from tests.unit.services.fakes import ADMIN, GRANTS, OPERATOR, FakeDirectory

BOTH = Grants.of({Role.ADMIN: {ADMIN, "S0DESK"}, Role.OPERATOR: {OPERATOR}})


def admins(grants: Grants, directory: FakeDirectory) -> GrantedAdmins:
    async def given() -> Grants:
        return grants

    return GrantedAdmins(given, directory)


async def test_only_admins_are_told() -> None:
    assert await admins(GRANTS, FakeDirectory()).people() == {ADMIN}


async def test_the_members_of_a_group_are_admins_too() -> None:
    directory = FakeDirectory(members={"S0DESK": {"U0BEN", ADMIN}})
    assert await admins(BOTH, directory).people() == {ADMIN, "U0BEN"}


async def test_where_slack_does_not_say_who_is_in_a_group_the_others_are_told() -> None:
    directory = FakeDirectory(members={"S0DESK": {"U0BEN"}}, answers=False)
    assert await admins(BOTH, directory).people() == {ADMIN}


async def test_without_a_setting_there_is_nobody() -> None:
    assert await admins(Grants(), FakeDirectory()).people() == frozenset()
