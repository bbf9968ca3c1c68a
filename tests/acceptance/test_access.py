"""Roles through the whole bot: given and taken in Slack, refused to guests and outsiders, all on record."""

from collections.abc import AsyncIterator

import pytest

from bot.config import SlackMode
from bot.sandbox.slack.model import Message
from bot.sandbox.slack.roster import ADA, ALERTS, GENERAL, GUS, NILS, OLGA, OMAR, VERA
from tests.acceptance.engine import POLICY, completed, failed_item, mailbox
from tests.acceptance.house import House, accepted, house, words

LENA = "lena@northwind.example"


@pytest.fixture
async def home(database_url: str) -> AsyncIterator[House]:
    """Settings name a guest and an outsider as operators, which gives them nothing."""
    listed = f"{OMAR.id},{GUS.id},{OLGA.id}"
    async with house(SlackMode.SOCKET, database_url, operators=listed) as built:
        await built.engine.report(POLICY, mailbox(), completed("run-1"))
        yield built


async def test_a_role_granted_in_slack_counts_at_once_and_until_it_is_taken_back(home: House) -> None:
    assert "This needs a viewer" in words(await home.command(f"/sync status {LENA}", user=NILS.id))

    granted = await home.command("/sync access grant @nils operator")
    assert f"<@{NILS.id}> is an operator now." in words(granted)
    assert LENA in words(await home.command(f"/sync status {LENA}", user=NILS.id))
    whoami = words(await home.command("/sync whoami", user=NILS.id))
    assert "Operator" in whoami
    assert f"Granted by <@{ADA.id}>" in whoami
    assert "Europe/Zurich" in whoami

    await home.command("/sync access revoke @nils")
    assert "This needs a viewer" in words(await home.command(f"/sync status {LENA}", user=NILS.id))


async def test_a_user_group_is_granted_a_role_by_its_handle(home: House) -> None:
    home.slack.world.user_groups["S0OPERATORS"] |= {NILS.id}
    assert "<!subteam^S0OPERATORS> is a viewer now." in words(
        await home.command("/sync access grant @operators viewer")
    )
    assert "User group <!subteam^S0OPERATORS>" in words(await home.command("/sync whoami", user=NILS.id))
    assert LENA in words(await home.command(f"/sync status {LENA}", user=NILS.id))


async def test_guests_are_refused_whoever_names_them(home: House) -> None:
    assert "Guests cannot" in words(await home.command(f"/sync status {LENA}", user=GUS.id))
    assert "guest of this workspace" in words(await home.command("/sync whoami", user=GUS.id))
    assert "is a guest" in words(await home.command("/sync access grant @gus viewer"))
    assert "another workspace" in words(await home.command("/sync access grant @olga viewer"))


async def test_an_outsider_who_is_listed_clicks_in_vain(home: House) -> None:
    await home.engine.report(failed_item(run="run-2"), completed("run-2", failed=1))
    alert = await home.alert("1 sync failure")
    accepted(await home.click(alert, "failure.retry", user=OLGA.id))
    told = await home.until(
        lambda: [m for m in home.slack.world.messages(ALERTS, OLGA.id) if m.ephemeral_for == OLGA.id]
    )
    assert "another workspace" in words(told[-1])
    assert not home.engine.asked


async def test_roles_are_listed_with_where_they_come_from_for_admins_alone(home: House) -> None:
    await home.command("/sync access grant @nils viewer")
    listed = words(await home.command("/sync access"))
    assert "`SYNCBOT_ADMINS`" in listed
    assert f"<@{NILS.id}> `{NILS.id}`: granted by <@{ADA.id}>" in listed
    assert "this needs an admin" in words(await home.command("/sync access", user=OMAR.id))


async def test_the_audit_log_says_who_did_what_from_which_message(home: House) -> None:
    await home.engine.report(failed_item(run="run-2"), completed("run-2", failed=1))
    alert = await home.alert("1 sync failure")
    accepted(await home.click(alert, "failure.retry", user=OMAR.id))
    await home.engine.next_request()
    await home.command("/sync access grant @nils viewer")
    await home.command(f"/sync retry {LENA}", user=VERA.id)

    log = words(await home.command(f"/sync audit {LENA}", user=VERA.id))
    assert f"by <@{OMAR.id}> · `failure.retry` on a message in <#{ALERTS}>" in log
    assert "access" not in log.lower().replace("audit log", "")

    everything = words(await home.command("/sync audit", user=VERA.id))
    assert f"by <@{ADA.id}> · `/sync access` in <#{GENERAL}>" in everything
    assert "*Access refused* · Warning ⚠️" in everything
    assert "Secret subject" not in everything


async def test_the_audit_log_is_turned_page_by_page(home: House) -> None:
    for number in range(12):
        await home.engine.report(completed(f"run-{number + 2}"))
    log = await home.command("/sync audit")
    accepted(await home.click(log, "page.next"))
    older = await home.until(lambda: _now(home, log.ts, "older entries of"))
    assert "Newer entries" in words(older)
    accepted(await home.click(older, "page.previous"))
    await home.until(lambda: _now(home, log.ts, "The 10 newest entries"))


def _now(home: House, ts: str, says: str) -> Message | None:
    message = home.slack.world.message(GENERAL, ts)
    return message if message and says in words(message) else None
