"""Refusals say what would help, are written down, and come whenever nobody vouches for the asker."""

import pytest

from bot.config import SubjectsFor
from bot.domain.access import Asker
from bot.domain.standing import Holding, Membership, Person, Source
from bot.domain.values import Role, Severity
from bot.errors import NotAllowed
from tests.unit.services.fakes import (
    ADMIN,
    NOBODY,
    OPERATOR,
    VIEWER,
    FakeAudit,
    FakeBook,
    FakeDirectory,
    access,
)


async def test_who_has_the_role_gets_it_and_leaves_no_audit_line() -> None:
    audit = FakeAudit()
    assert await access(audit=audit).require(Asker(OPERATOR), Role.OPERATOR, to="retry") is Role.OPERATOR
    assert await access(audit=audit).require(Asker(ADMIN), Role.VIEWER, to="look") is Role.ADMIN
    assert audit.lines == []


@pytest.mark.parametrize(
    ("user", "needed", "setting", "has"),
    [
        (NOBODY, Role.VIEWER, "SYNCBOT_VIEWERS", "This needs a viewer."),
        (NOBODY, Role.OPERATOR, "SYNCBOT_OPERATORS", "This needs an operator."),
        (VIEWER, Role.OPERATOR, "SYNCBOT_OPERATORS", "You are a viewer; this needs an operator."),
        (OPERATOR, Role.ADMIN, "SYNCBOT_ADMINS", "You are an operator; this needs an admin."),
    ],
)
async def test_a_refusal_names_the_setting_and_the_askers_own_id(
    user: str, needed: Role, setting: str, has: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        await access().require(Asker(user), needed, to="retry")
    assert refused.value.sentence.startswith(has)
    assert setting in refused.value.sentence
    assert user in refused.value.sentence


async def test_a_refusal_is_written_to_the_audit_log() -> None:
    audit = FakeAudit()
    with pytest.raises(NotAllowed):
        await access(audit=audit).require(Asker(VIEWER), Role.OPERATOR, to="retry")
    assert audit.lines == [(VIEWER, Severity.WARNING, "access refused", "retry: needs operator")]


async def test_people_of_another_workspace_are_refused_without_naming_a_setting() -> None:
    with pytest.raises(NotAllowed) as refused:
        await access().require(Asker(ADMIN, is_outsider=True), Role.VIEWER, to="look")
    assert "another workspace" in refused.value.sentence
    assert "SYNCBOT" not in refused.value.sentence


async def test_a_role_can_come_from_a_user_group() -> None:
    directory = FakeDirectory(members={"S0DESK": {NOBODY}})
    assert await access(directory=directory).role(Asker(NOBODY)) is Role.OPERATOR


async def test_a_role_from_a_group_is_gone_while_the_directory_does_not_answer() -> None:
    directory = FakeDirectory(members={"S0DESK": {NOBODY}}, answers=False)
    desk = access(directory=directory)
    with pytest.raises(NotAllowed):
        await desk.require(Asker(NOBODY), Role.VIEWER, to="look")
    assert not await desk.may_act(Asker(NOBODY))
    assert not await desk.may_see_subjects(Asker(NOBODY))
    assert await desk.role(Asker(OPERATOR)) is Role.OPERATOR


@pytest.mark.parametrize(
    ("user", "acts"), [(ADMIN, True), (OPERATOR, True), (VIEWER, False), (NOBODY, False)]
)
async def test_operators_and_admins_may_act(*, user: str, acts: bool) -> None:
    assert await access().may_act(Asker(user)) is acts


@pytest.mark.parametrize(
    ("subjects_for", "seers"),
    [
        (SubjectsFor.NEVER, set()),
        (SubjectsFor.OPERATORS, {ADMIN, OPERATOR}),
        (SubjectsFor.VIEWERS, {ADMIN, OPERATOR, VIEWER}),
    ],
)
async def test_the_setting_decides_who_sees_subjects(subjects_for: SubjectsFor, seers: set[str]) -> None:
    everybody = (ADMIN, OPERATOR, VIEWER, NOBODY)
    desk = access(subjects_for)
    assert {user for user in everybody if await desk.may_see_subjects(Asker(user))} == seers
    assert not await desk.may_see_subjects(Asker(ADMIN, is_outsider=True))


@pytest.mark.parametrize(
    ("membership", "says"),
    [
        (Membership.GUEST, "Guests cannot"),
        (Membership.OUTSIDER, "another workspace"),
        (Membership.UNKNOWN, "again"),
    ],
)
async def test_guests_and_outsiders_are_refused_though_a_grant_names_them(
    membership: Membership, says: str
) -> None:
    directory, audit = FakeDirectory(people={ADMIN: Person(membership)}), FakeAudit()
    book = FakeBook({ADMIN: Holding(ADMIN, Role.ADMIN, Source.GRANT)})
    desk = access(directory=directory, audit=audit, book=book)
    with pytest.raises(NotAllowed) as refused:
        await desk.require(Asker(ADMIN), Role.VIEWER, to="look")
    assert says in refused.value.sentence
    assert "SYNCBOT" not in refused.value.sentence
    assert len(audit.lines) == 1
    assert not await desk.may_see_subjects(Asker(ADMIN))


async def test_without_the_scope_for_people_ones_own_role_counts_and_a_groups_does_not() -> None:
    untold = Person(Membership.UNTOLD)
    directory = FakeDirectory({NOBODY: untold, OPERATOR: untold}, members={"S0DESK": {NOBODY}})
    assert await access(directory=directory).role(Asker(NOBODY)) is None
    assert await access(directory=directory).role(Asker(OPERATOR)) is Role.OPERATOR
