"""Nobody has a role unless a setting gives one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.access import Asker, Grants, is_group, role_of
from bot.domain.values import Role

GRANTS = Grants(
    {
        Role.VIEWER: frozenset({"U0VERA", "S0STAFF"}),
        Role.OPERATOR: frozenset({"U0OMAR", "S0DESK"}),
        Role.ADMIN: frozenset({"U0ADA"}),
    }
)


@pytest.mark.parametrize(
    ("user", "groups", "role"),
    [
        ("U0ADA", (), Role.ADMIN),
        ("U0OMAR", (), Role.OPERATOR),
        ("U0VERA", (), Role.VIEWER),
        ("U0NILS", (), None),
        ("U0NILS", ("S0STAFF",), Role.VIEWER),
        ("U0NILS", ("S0DESK", "S0STAFF"), Role.OPERATOR),
        ("U0VERA", ("S0DESK",), Role.OPERATOR),
        ("U0ADA", ("S0STAFF",), Role.ADMIN),
        ("U0NILS", ("S0OTHER",), None),
        ("", (), None),
        ("u0ada", (), None),
    ],
)
def test_the_highest_role_held_by_oneself_or_a_group_counts(
    user: str, groups: tuple[str, ...], role: Role | None
) -> None:
    assert role_of(Asker(user), groups, GRANTS) is role


@pytest.mark.parametrize("user", ["U0ADA", "U0OMAR", "U0VERA"])
def test_people_of_another_workspace_hold_no_role_even_when_listed(user: str) -> None:
    assert role_of(Asker(user, is_outsider=True), ("S0STAFF", "S0DESK"), GRANTS) is None


@given(user=st.text(max_size=12), groups=st.sets(st.text(max_size=12)))
def test_without_grants_nobody_holds_a_role(user: str, groups: set[str]) -> None:
    assert role_of(Asker(user), groups, Grants({})) is None
    assert role_of(Asker(user), groups, Grants(dict.fromkeys(Role, frozenset()))) is None


def test_groups_are_told_from_users_by_their_id() -> None:
    assert GRANTS.groups() == {"S0STAFF", "S0DESK"}
    assert is_group("S0DESK")
    assert not is_group("U0ADA")
    assert not is_group("W0ADA")


def test_each_role_may_do_what_the_ones_below_it_may() -> None:
    assert Role.VIEWER < Role.OPERATOR < Role.ADMIN
    assert [role.word for role in Role] == ["viewer", "operator", "admin"]
