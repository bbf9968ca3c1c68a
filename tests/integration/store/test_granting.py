"""Roles granted in Slack: one a user or group, each change audited, and never nobody left to give them."""

import asyncio

import pytest

from bot.domain.standing import Holding, Source
from bot.domain.values import Role
from bot.errors import LastAdmin
from bot.store import Database, SqlAudit, SqlGrantBook
from bot.views.audit import AuditLine
from tests.integration.store.words import at

ADA, OMAR, DESK = "U0ADA", "U0OMAR", "S0DESK"


@pytest.fixture
def book(database: Database) -> SqlGrantBook:
    return SqlGrantBook(database)


def holding(who: str, role: Role, *, by: str = ADA, minute: int = 0) -> Holding:
    return Holding(who, role, Source.GRANT, by=by, at=at(minute))


async def lines(database: Database) -> list[AuditLine]:
    return list(await SqlAudit(database).lines(None, since=None, before=None, limit=100))[::-1]


async def test_a_role_is_kept_with_who_granted_it_and_when(book: SqlGrantBook) -> None:
    assert await book.put(holding(OMAR, Role.OPERATOR, minute=3), keep_admin=False)
    assert await book.all() == (holding(OMAR, Role.OPERATOR, minute=3),)


async def test_another_role_takes_the_place_of_the_first_and_the_same_one_changes_nothing(
    database: Database, book: SqlGrantBook
) -> None:
    await book.put(holding(OMAR, Role.OPERATOR), keep_admin=False)
    assert await book.put(holding(OMAR, Role.VIEWER, by="U0EVE"), keep_admin=False)
    assert not await book.put(holding(OMAR, Role.VIEWER, by="U0ELSE"), keep_admin=False)
    assert await book.all() == (holding(OMAR, Role.VIEWER, by="U0EVE"),)
    assert [(line.actor, line.event, line.message) for line in await lines(database)] == [
        (ADA, "access granted", "operator: U0OMAR"),
        ("U0EVE", "access granted", "viewer: U0OMAR, operator before"),
    ]


async def test_what_is_taken_back_is_told_and_written_down_once(
    database: Database, book: SqlGrantBook
) -> None:
    await book.put(holding(DESK, Role.OPERATOR), keep_admin=False)
    assert await book.remove(DESK, by=OMAR, now=at(5), keep_admin=True) == holding(DESK, Role.OPERATOR)
    assert await book.remove(DESK, by=OMAR, now=at(6), keep_admin=True) is None
    assert await book.all() == ()
    [_, revoked] = await lines(database)
    assert (revoked.actor, revoked.event, revoked.message) == (OMAR, "access revoked", "operator: S0DESK")


@pytest.mark.parametrize("beside", [(), (holding(DESK, Role.ADMIN), holding(OMAR, Role.OPERATOR))])
async def test_the_last_person_who_is_an_admin_stays_one(
    database: Database, book: SqlGrantBook, beside: tuple[Holding, ...]
) -> None:
    """A group does not count: others decide who is in it."""
    for each in (holding(ADA, Role.ADMIN), *beside):
        await book.put(each, keep_admin=True)
    before = await book.all(), await lines(database)
    with pytest.raises(LastAdmin):
        await book.remove(ADA, by=ADA, now=at(1), keep_admin=True)
    with pytest.raises(LastAdmin):
        await book.put(holding(ADA, Role.VIEWER), keep_admin=True)
    assert (await book.all(), await lines(database)) == before


async def test_where_a_setting_names_an_admin_all_grants_can_be_taken_back(book: SqlGrantBook) -> None:
    await book.put(holding(ADA, Role.ADMIN), keep_admin=False)
    assert await book.remove(ADA, by=ADA, now=at(1), keep_admin=False)


async def test_who_was_no_admin_can_be_changed_though_no_person_is_one(book: SqlGrantBook) -> None:
    await book.put(holding(DESK, Role.ADMIN), keep_admin=True)
    await book.put(holding(OMAR, Role.OPERATOR), keep_admin=True)
    assert await book.remove(OMAR, by=ADA, now=at(1), keep_admin=True)


async def test_two_admins_who_take_the_role_from_one_another_leave_one(book: SqlGrantBook) -> None:
    for _ in range(5):
        for who in (ADA, OMAR):
            await book.put(holding(who, Role.ADMIN), keep_admin=True)
        ended = await asyncio.gather(
            book.remove(ADA, by=OMAR, now=at(1), keep_admin=True),
            book.remove(OMAR, by=ADA, now=at(1), keep_admin=True),
            return_exceptions=True,
        )
        assert sum(isinstance(each, LastAdmin) for each in ended) == 1
        assert len(await book.all()) == 1
