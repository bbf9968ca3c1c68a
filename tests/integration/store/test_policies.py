"""Policies listed, enabled and disabled in the database."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.schedule import first_sync_at, next_sync_at
from bot.domain.values import PolicyId
from bot.errors import NotOurPolicy
from bot.store import Database, SqlDetails, SqlPolicyBook, SqlTenancy
from bot.tenant.plan import planned
from bot.views.policies import PolicyLine, PolicySwitched
from tests.integration.store.tenancy_words import ME, House, of_ana, wanted, wanted_policy
from tests.integration.store.words import Store, at, completed, item_failed, policy, started

ADA = "U0ADA"


@pytest.fixture
def house(database: Database) -> House:
    return House(Store(database), SqlTenancy(database))


async def lines(house: House, minute: float = 0) -> dict[str, PolicyLine]:
    listed = await SqlDetails(house.store.database).policies(at(minute), page=1, size=10)
    assert listed.page.total == len(listed.lines)
    return {line.badge.name: line for line in listed.lines}


async def switch(house: House, name: str, *, active: bool, minute: float = 10) -> PolicySwitched | None:
    found = (await lines(house))[name]
    book = SqlPolicyBook(house.store.database)
    return await book.switch(found.id, active=active, by=ADA, now=at(minute))


async def test_a_policy_is_listed_with_how_its_mailboxes_are(house: House) -> None:
    policies = wanted_policy(), wanted_policy("gold", active=False)
    await house.apply(wanted("ana", "bo", policies=policies), 5)
    await house.store.record(*of_ana(started(6, "r1"), item_failed(7, run="r1"), completed(8, "r1")))
    found = await lines(house)
    assert [line.mailboxes for line in found.values()] == [0, 2]
    standard = found["Standard"]
    assert (standard.failing, standard.next_sync_at, standard.services) == (1, at(5), ("email",))
    assert standard.is_ours
    assert found["Gold"].next_sync_at is None


async def test_disabling_is_shown_at_once_with_no_sync_ahead_and_with_who_did_it(house: House) -> None:
    await house.apply(wanted("ana"))
    assert await switch(house, "Standard", active=False) == PolicySwitched("Standard", active=False)
    assert (await lines(house))["Standard"].next_sync_at is None
    card = await house.store.card(key="ana")
    assert (card.policy.active, card.next_sync_at) == (False, None)
    assert await house.audit("policy disabled") == [(ADA, "Standard")]


async def test_a_run_that_goes_on_when_its_policy_is_disabled_finishes(house: House) -> None:
    await house.apply(wanted("ana"))
    await house.store.record(*of_ana(started(1, "r1")))
    await switch(house, "Standard", active=False)
    await house.store.record(*of_ana(completed(12, "r1")))
    assert (await house.store.card(key="ana")).latest_sync_at == at(1)


async def test_enabling_spreads_mailboxes_as_applying_a_file_does(house: House) -> None:
    idle = wanted_policy(active=False)
    names = [f"u{number:02}" for number in range(30)]
    await house.apply(wanted(*names, policies=(idle,)))
    ana = [replace(event, mailbox="u00@old.example") for event in (started(1, "r1"), completed(2, "r1"))]
    await house.store.record(*ana)
    assert await switch(house, "Standard", active=True) == PolicySwitched("Standard", active=True)
    due, hour = await house.due(), timedelta(hours=1)
    assert due.pop("u00") == next_sync_at(at(10) - hour / 2, hour, "u00@old.example")
    keys = {name: f"{name}@old.example" for name in names[1:]}
    assert due == {name: first_sync_at(at(10), hour, key, 29) for name, key in keys.items()}
    assert await house.audit("policy enabled") == [(ADA, "Standard")]


async def test_mailboxes_beyond_one_statement_are_spread_too(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.policies.AT_ONCE", 2)
    await house.apply(wanted("ana", "bo", "cy", "di", "ed", policies=(wanted_policy(active=False),)))
    await switch(house, "Standard", active=True)
    assert set((await house.due()).values()) == {at(10)}


async def test_what_is_so_already_changes_nothing(house: House) -> None:
    await house.apply(wanted("ana"))
    already = await switch(house, "Standard", active=True)
    assert already == PolicySwitched("Standard", active=True, is_new=False)
    assert await house.due() == {"ana": at(0)}
    assert await house.audit("policy enabled") == []


async def test_of_many_who_click_at_once_one_does_it(house: House) -> None:
    await house.apply(wanted("ana"))
    clicks = await asyncio.gather(*(switch(house, "Standard", active=False) for _ in range(5)))
    assert sum(click is not None and click.is_new for click in clicks) == 1
    assert len(await house.audit("policy disabled")) == 1


async def test_a_policy_of_an_engine_outside_or_of_nobody_is_left_alone(house: House) -> None:
    await house.store.record(policy())
    (name,) = await lines(house)
    with pytest.raises(NotOurPolicy, match="engine outside"):
        await switch(house, name, active=False)
    assert (await lines(house))[name].badge.active
    book = SqlPolicyBook(house.store.database)
    assert await book.switch(PolicyId(999), active=False, by=ADA, now=at(1)) is None


async def test_the_file_wins_and_its_plan_says_so(house: House) -> None:
    tenant = wanted("ana")
    await house.apply(tenant)
    await switch(house, "Standard", active=False)
    (change,) = planned(await house.tenancy.held(), tenant).policies.changed
    assert change.details == ("inactive -> active",)
    await house.apply(tenant, 20)
    assert (await lines(house))["Standard"].badge.active
    assert (ME, "Standard") in await house.audit("policy enabled")


async def test_a_page_holds_as_many_as_were_asked_for(house: House) -> None:
    await house.apply(wanted(policies=tuple(wanted_policy(f"p{number}") for number in range(5))))
    listed = await SqlDetails(house.store.database).policies(at(0), page=2, size=2)
    assert [line.badge.name for line in listed.lines] == ["P2", "P3"]
