"""Policies through the whole bot: listed, and enabled and disabled in Slack."""

from collections.abc import AsyncIterator

import pytest

from bot.clock import SystemClock
from bot.config import SlackMode
from bot.sandbox.slack.model import Message
from bot.sandbox.slack.roster import ADA, GENERAL, VERA
from bot.store import Database, SqlTenancy
from bot.tenant.plan import planned
from bot.tenant.wanted import Tenant
from tests.acceptance.engine import POLICY, mailbox
from tests.acceptance.house import House, accepted, controls, house, words
from tests.integration.store.tenancy_words import ME, wanted, wanted_policy


@pytest.fixture
async def home(database_url: str) -> AsyncIterator[House]:
    """A policy of the built-in engine, without mailboxes, and one that an engine outside reports."""
    async with house(SlackMode.SOCKET, database_url) as built:
        await _apply(database_url, wanted(policies=(wanted_policy("plus", name="Gold plus"),)))
        await built.engine.report(POLICY, mailbox())
        yield built


async def test_an_admin_disables_a_policy_by_its_button_and_enables_it_by_its_name(home: House) -> None:
    card = await home.command("/sync policies")
    assert "*Gold plus* `Active`" in words(card)
    assert len(controls(card, "policy.switch")) == 1
    accepted(await home.click(card, "policy.switch"))
    await home.until(lambda: _now(home, card.ts, "*Gold plus* `Inactive`"))

    assert "active now" in words(await home.command('/sync policy "gold  plus" enable'))
    assert "active already" in words(await home.command("/sync policy Gold plus enable"))
    assert "Did you mean “Gold plus”?" in words(await home.command("/sync policy Gold pls enable"))
    log = words(await home.command("/sync audit"))
    assert f"by <@{ADA.id}> · `policy.switch`" in log
    assert f"by <@{ADA.id}> · `/sync policy`" in log


async def test_a_viewer_only_looks_and_an_engine_outside_keeps_its_own(home: House) -> None:
    card = await home.command("/sync policies", user=VERA.id)
    assert "1 mailbox" in words(card)
    assert not controls(card, "policy.switch")
    refused = await home.command("/sync policy Gold plus disable", user=VERA.id)
    assert "this needs an admin" in words(refused)
    assert "engine outside" in words(await home.command(f"/sync policy {POLICY[1]['name']} disable"))


async def _apply(url: str, tenant: Tenant) -> None:
    database = Database(url)
    try:
        tenancy = SqlTenancy(database)
        plan = planned(await tenancy.held(), tenant)
        await tenancy.carry_out(tenant, plan, now=SystemClock().now(), actor=ME)
    finally:
        await database.close()


def _now(home: House, ts: str, says: str) -> Message | None:
    message = home.slack.world.message(GENERAL, ts)
    return message if message and says in words(message) else None
