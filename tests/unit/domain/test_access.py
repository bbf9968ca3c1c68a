"""Nobody has a role unless somebody gave one, and Slack vouches for whoever has it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.access import Grants, counts, holding_of
from bot.domain.standing import Holding, Membership, Source, is_group
from bot.domain.values import Role

GRANTS = Grants.of(
    {
        Role.VIEWER: {"U0VERA", "S0STAFF"},
        Role.OPERATOR: {"U0OMAR", "S0DESK"},
        Role.ADMIN: {"U0ADA"},
    }
)


def role_of(user: str, groups: tuple[str, ...] = (), *, of: Membership = Membership.MEMBER) -> Role | None:
    found = holding_of(user, of, groups, GRANTS)
    return found.role if found else None


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
    assert role_of(user, groups) is role


@pytest.mark.parametrize("of", [Membership.OUTSIDER, Membership.GUEST, Membership.UNKNOWN])
@pytest.mark.parametrize("user", ["U0ADA", "U0OMAR", "U0VERA"])
def test_guests_outsiders_and_whom_slack_does_not_know_hold_no_role_even_when_listed(
    user: str, of: Membership
) -> None:
    assert role_of(user, ("S0STAFF", "S0DESK"), of=of) is None


def test_where_the_app_may_not_ask_ones_own_role_counts_and_that_of_a_group_does_not() -> None:
    assert role_of("U0VERA", ("S0DESK",), of=Membership.UNTOLD) is Role.VIEWER
    assert role_of("U0NILS", ("S0DESK",), of=Membership.UNTOLD) is None


def test_of_equal_roles_ones_own_is_named_before_a_groups_and_a_setting_before_a_grant() -> None:
    own = Holding("U0OMAR", Role.OPERATOR, Source.GRANT, by="U0ADA")
    group, fixed = (
        Holding("S0DESK", Role.OPERATOR, Source.SETTING),
        Holding("U0OMAR", Role.OPERATOR, Source.FILE),
    )
    for held, named in (((group, own), own), ((own, fixed), fixed), ((own, group, fixed), fixed)):
        assert holding_of("U0OMAR", Membership.MEMBER, ("S0DESK",), Grants(held)) is named


@given(user=st.text(max_size=12), groups=st.sets(st.text(max_size=12)), of=st.sampled_from(Membership))
def test_without_grants_nobody_holds_a_role(user: str, groups: set[str], of: Membership) -> None:
    assert holding_of(user, of, groups, Grants()) is None
    assert holding_of(user, of, groups, Grants.of(dict.fromkeys(Role, ()))) is None


@given(of=st.sampled_from(Membership), role=st.sampled_from(Role), source=st.sampled_from(Source))
def test_a_group_never_counts_where_its_member_alone_would_not(
    of: Membership, role: Role, source: Source
) -> None:
    own, group = Holding("U0OMAR", role, source), Holding("S0DESK", role, source)
    assert counts(own, of) or not counts(group, of)


def test_groups_are_told_from_users_by_their_id() -> None:
    assert GRANTS.groups() == {"S0STAFF", "S0DESK"}
    assert is_group("S0DESK")
    assert not is_group("U0ADA")
    assert not is_group("W0ADA")


def test_each_role_may_do_what_the_ones_below_it_may() -> None:
    assert Role.VIEWER < Role.OPERATOR < Role.ADMIN
    assert [role.word for role in Role] == ["viewer", "operator", "admin"]
