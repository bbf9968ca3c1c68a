"""The whole story, in both modes of Slack and on both databases: a failure appears, is retried, heals."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.config import SlackMode
from bot.sandbox.slack.model import MessageRef
from bot.sandbox.slack.roster import ADA, ALERTS, GENERAL, NILS, OLGA, OMAR, VERA
from tests.acceptance.engine import POLICY, completed, failed_item, mailbox, synced_item
from tests.acceptance.house import House, accepted, controls, house, words

LENA = "lena@northwind.example"


@pytest.fixture(params=list(SlackMode), ids=lambda mode: mode.value)
async def home(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[House]:
    async with house(request.param, database_url) as built:
        await built.engine.report(POLICY, mailbox(), completed("run-1"))
        yield built


async def test_a_failure_appears_by_itself_and_one_click_heals_message_card_and_modal(home: House) -> None:
    card = await home.command(f"/sync status {LENA}")
    assert "Synced" in words(card)
    assert "failure" not in words(card)

    await home.engine.report(failed_item(run="run-2"), completed("run-2", failed=1))
    alert = await home.alert("1 sync failure", LENA, "Inbox/Suppliers")
    assert "Secret subject" not in words(alert)

    accepted(await home.click(alert, "errors.view"))
    modal = await home.modal("Secret subject of item-1")
    accepted(await home.click(modal, "failure.retry"))

    request = await home.engine.next_request()
    assert request["type"] == "retry.requested"
    assert request["data"]["item"] == "item-1"
    await home.alert("Retrying", f"<@{ADA.id}>")
    await home.modal("Retrying")

    await home.engine.report(synced_item(retry_id=request["data"]["retry_id"]))
    healed = await home.alert("Healed", f"<@{ADA.id}>")
    assert healed.ts == alert.ts
    assert len(home.alerts()) == 1
    await home.modal("no unresolved failures", without=("Secret subject",))

    card = await home.command(f"/sync status {LENA}")
    assert "Retry of 1 item: succeeded" in words(card)


async def test_a_retry_that_does_not_help_says_so_where_it_was_asked_for(home: House) -> None:
    await home.engine.report(failed_item(run="run-2"), completed("run-2", failed=1))
    card = await home.command(f"/sync errors {LENA}")
    accepted(await home.click(card, "failure.retry"))
    request = await home.engine.next_request()

    await home.engine.report(failed_item(retry_id=request["data"]["retry_id"], message="Still blocked"))

    await home.alert("1 sync failure", "The last retry failed")
    await home.until(lambda: _says(home, GENERAL, card.ts, "The last retry failed"))


async def test_a_recurrence_after_healing_is_a_fresh_message(home: House) -> None:
    await home.engine.report(failed_item(run="run-2"), completed("run-2", failed=1))
    first = await home.alert("1 sync failure")
    await home.engine.report(completed("run-3"))
    await home.alert("Healed")

    await home.engine.report(failed_item(run="run-4"), completed("run-4", failed=1))

    second = await home.alert("1 sync failure", count=2)
    assert second.ts != first.ts


async def test_twenty_clicks_give_one_attempt(home: House) -> None:
    await home.engine.report(failed_item(run="run-2"), completed("run-2", failed=1))
    alert = await home.alert("1 sync failure")
    block, action = controls(alert, "failure.retry")[0]
    where = MessageRef(alert.channel, alert.ts)

    clicks = [home.slack.gestures.click(user, where, block, action) for user in [ADA.id, OMAR.id] * 10]
    deliveries = await asyncio.gather(*clicks)

    assert all(delivery.complaint is None for delivery in deliveries)
    await home.alert("Retrying")
    request = await home.engine.next_request()
    await home.engine.report(synced_item(retry_id=request["data"]["retry_id"]))
    await home.alert("Healed")
    assert len(home.engine.asked) == 1


async def test_a_refused_retry_reopens_its_failure_and_says_why(home: House) -> None:
    home.engine.answer, home.engine.reason = 422, "That item is quarantined."
    await home.engine.report(failed_item(run="run-2"), completed("run-2", failed=1))
    card = await home.command(f"/sync errors {LENA}")
    accepted(await home.click(card, "failure.retry"))

    await home.until(lambda: _says(home, GENERAL, card.ts, "quarantined"))

    await home.alert("1 sync failure", "The last retry was refused")
    assert controls(home.alerts()[-1], "failure.retry")


async def test_retry_all_asks_once_for_each_item_and_every_button_is_its_own(home: House) -> None:
    items = [failed_item(f"item-{n}", run="run-2") for n in range(7)]
    await home.engine.report(*items, completed("run-2", failed=7))
    alert = await home.alert("7 sync failures", "View all 7 errors")
    assert len(controls(alert, "failure.retry")) == 5

    accepted(await home.click(alert, "mailbox.retry_all"))
    asked = [await home.engine.next_request() for _ in range(7)]
    await home.engine.report(
        *(synced_item(one["data"]["item"], retry_id=one["data"]["retry_id"]) for one in asked)
    )

    await home.alert("Healed", "7")


async def test_the_message_shortcut_finds_the_address_and_opens_its_status(home: House) -> None:
    said = await home.slack.gestures.say(VERA.id, GENERAL, f"What about {LENA}?")
    accepted(await home.slack.gestures.message_shortcut(VERA.id, GENERAL, said.ts, "sync.check_status"))

    await home.modal(LENA, "Synced", user=VERA.id)


async def test_the_message_shortcut_without_an_address_asks_for_one_and_takes_a_part_of_it(
    home: House,
) -> None:
    said = await home.slack.gestures.say(VERA.id, GENERAL, "Mail is slow today")
    accepted(await home.slack.gestures.message_shortcut(VERA.id, GENERAL, said.ts, "sync.check_status"))
    await home.until(lambda: home.slack.world.views(VERA.id) or None)


@pytest.mark.parametrize("person", [NILS, OLGA, VERA], ids=lambda person: person.name)
async def test_who_may_not_retry_is_told_why_and_nothing_happens(home: House, person: object) -> None:
    who = getattr(person, "id", "")
    await home.engine.report(failed_item(run="run-2"), completed("run-2", failed=1))
    alert = await home.alert("1 sync failure")
    home.slack.world.channels[ALERTS].members.add(who)

    accepted(await home.click(alert, "failure.retry", user=who))

    told = await home.until(lambda: _ephemeral(home, ALERTS, who))
    assert who in told or "another workspace" in told
    assert not home.engine.asked


async def test_a_command_from_another_workspace_is_refused(home: House) -> None:
    home.slack.gestures.outsiders_may_call = True

    answer = await home.command(f"/sync status {LENA}", user=OLGA.id, channel=ALERTS)

    assert "another workspace" in words(answer)


def _says(home: House, channel: str, ts: str, text: str) -> bool:
    message = home.slack.world.message(channel, ts)
    return message is not None and text in words(message)


def _ephemeral(home: House, channel: str, viewer: str) -> str | None:
    messages = [m for m in home.slack.world.messages(channel, viewer) if m.ephemeral_for == viewer]
    return words(messages[-1]) if messages else None
