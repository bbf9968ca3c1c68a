"""Roles are given and taken by admins, to people of this workspace, and everybody can ask for their own."""

from dataclasses import replace

import pytest

from bot.domain.access import Asker, Grants
from bot.domain.standing import Holding, Membership, Person, Source
from bot.domain.values import Role
from bot.errors import LastAdmin, NotAllowed, NotGrantable
from bot.services.granting import Granting
from tests.unit.services.fakes import (
    ADMIN,
    NOBODY,
    NOON,
    OPERATOR,
    VIEWER,
    FakeBook,
    FakeClock,
    FakeDirectory,
    access,
)

ADA = Asker(ADMIN)
GROUPS = {"S0DESK": {NOBODY}}


def desk(
    book: FakeBook | None = None, directory: FakeDirectory | None = None, fixed: Grants | None = None
) -> Granting:
    checked = access(directory=directory or FakeDirectory(members=GROUPS), book=book)
    return Granting(checked if fixed is None else replace(checked, fixed=fixed), FakeClock())


async def test_what_is_granted_counts_at_once_until_it_is_taken_back() -> None:
    granting = desk()
    changed = await granting.grant("U0EVA", Role.OPERATOR, ADA)
    assert (changed.who, changed.granted, changed.before) == ("U0EVA", Role.OPERATOR, None)
    assert changed.is_new
    assert await granting.access.role(Asker("U0EVA")) is Role.OPERATOR
    assert (await granting.revoke("U0EVA", ADA)).before is Role.OPERATOR
    assert await granting.access.role(Asker("U0EVA")) is None


async def test_a_user_group_is_named_by_its_handle_or_its_id() -> None:
    for who in ("@desk", "@Desk", "S0DESK"):
        book = FakeBook()
        granting = desk(book)
        await granting.grant(who, Role.ADMIN, ADA)
        assert set(book.granted) == {"S0DESK"}
        assert await granting.access.role(Asker(NOBODY)) is Role.ADMIN


@pytest.mark.parametrize("who", ["", "@", "@nodesk", "omar", "<@U0OMAR", "u0omar", "C0ALERTS", "S0GONE"])
async def test_whom_slack_does_not_know_gets_nothing(who: str) -> None:
    book = FakeBook()
    with pytest.raises(NotGrantable):
        await desk(book).grant(who, Role.VIEWER, ADA)
    assert book.granted == {}


async def test_without_the_scope_a_handle_cannot_be_looked_up_but_an_id_will_do() -> None:
    book = FakeBook()
    granting = desk(book, FakeDirectory(answers=False))
    with pytest.raises(NotGrantable, match="usergroups:read"):
        await granting.grant("@desk", Role.VIEWER, ADA)
    await granting.grant("S0DESK", Role.VIEWER, ADA)
    assert set(book.granted) == {"S0DESK"}


@pytest.mark.parametrize(
    ("membership", "why"),
    [
        (Membership.GUEST, "is a guest"),
        (Membership.OUTSIDER, "another workspace"),
        (Membership.UNKNOWN, "nobody that Slack knows"),
    ],
)
async def test_guests_outsiders_and_unknown_people_are_granted_nothing(
    membership: Membership, why: str
) -> None:
    book = FakeBook()
    people = FakeDirectory(people={NOBODY: Person(membership)})
    with pytest.raises(NotGrantable, match=why):
        await desk(book, people).grant(NOBODY, Role.VIEWER, ADA)
    assert book.granted == {}


async def test_where_slack_tells_nothing_of_people_a_grant_is_taken_at_its_word() -> None:
    granting = desk(directory=FakeDirectory(people={NOBODY: Person(Membership.UNTOLD)}))
    await granting.grant(NOBODY, Role.VIEWER, ADA)
    assert await granting.access.role(Asker(NOBODY)) is Role.VIEWER


@pytest.mark.parametrize("user", [OPERATOR, VIEWER, NOBODY])
async def test_only_admins_change_roles(user: str) -> None:
    book = FakeBook()
    with pytest.raises(NotAllowed):
        await desk(book).grant(user, Role.ADMIN, Asker(user))
    with pytest.raises(NotAllowed):
        await desk(book).revoke(user, Asker(user))
    assert (book.granted, book.kept) == ({}, [])


async def test_what_a_setting_gives_is_not_taken_back_here_and_said_to_stay() -> None:
    with pytest.raises(NotGrantable, match="SYNCBOT_OPERATORS"):
        await desk().revoke(OPERATOR, ADA)
    with pytest.raises(NotGrantable, match="Nothing was granted to U0NILS"):
        await desk().revoke(NOBODY, ADA)
    filed = Grants.of({Role.ADMIN: {ADMIN}}).with_more([Holding(OPERATOR, Role.OPERATOR, Source.FILE)])
    with pytest.raises(NotGrantable, match="the tenant file"):
        await desk(fixed=filed).revoke(OPERATOR, ADA)
    changed = await desk().grant(OPERATOR, Role.VIEWER, ADA)
    assert changed.still == Holding(OPERATOR, Role.OPERATOR, Source.SETTING)


@pytest.mark.parametrize(
    ("fixed", "keeps"),
    [(Grants.of({Role.ADMIN: {ADMIN}}), False), (Grants.of({Role.OPERATOR: {OPERATOR}}), True)],
)
async def test_an_admin_must_be_left_unless_a_setting_names_one(*, fixed: Grants, keeps: bool) -> None:
    book = FakeBook({ADMIN: Holding(ADMIN, Role.ADMIN, Source.GRANT)})
    granting = desk(book, fixed=fixed)
    await granting.grant(VIEWER, Role.VIEWER, ADA)
    await granting.revoke(VIEWER, ADA)
    assert book.kept == [keeps, keeps]
    book.last_admin = True
    with pytest.raises(LastAdmin):
        await granting.revoke(ADMIN, ADA)


async def test_the_list_has_every_source_the_highest_role_first() -> None:
    book = FakeBook({NOBODY: Holding(NOBODY, Role.ADMIN, Source.GRANT, by=ADMIN, at=NOON)})
    listed = await desk(book).listed(ADA)
    assert [(each.who, each.role.word, each.source.value) for each in listed.holdings] == [
        (NOBODY, "admin", "grant"),
        (ADMIN, "admin", "setting"),
        (OPERATOR, "operator", "setting"),
        ("S0DESK", "operator", "setting"),
        (VIEWER, "viewer", "setting"),
    ]
    assert (listed.told_of_groups, listed.told_of_people) == (True, True)


async def test_the_list_says_what_slack_does_not_tell() -> None:
    untold = FakeDirectory(answers=False, people={ADMIN: Person(Membership.UNTOLD)})
    listed = await desk(directory=untold).listed(ADA)
    assert (listed.told_of_groups, listed.told_of_people) == (False, False)


async def test_whoami_says_what_gives_the_role_and_what_slack_says() -> None:
    people = FakeDirectory({NOBODY: Person(Membership.MEMBER, "Europe/Zurich")}, members=GROUPS)
    found = await desk(directory=people).whoami(Asker(NOBODY))
    assert found.standing.through == Holding("S0DESK", Role.OPERATOR, Source.SETTING)
    assert (found.is_oneself, found.standing.person.zone) == (True, "Europe/Zurich")
    about = await desk().about(VIEWER)
    assert (about.is_oneself, about.standing.role) == (False, Role.VIEWER)
    with pytest.raises(NotGrantable):
        await desk().about("@desk")


async def test_an_outsider_is_told_so_without_asking_slack() -> None:
    found = await desk().whoami(Asker(ADMIN, is_outsider=True))
    assert found.standing.person.membership is Membership.OUTSIDER
    assert found.standing.role is None
