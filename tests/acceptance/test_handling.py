"""Alerts are acknowledged, snoozed and dismissed in Slack, by the first of many, and all is taken back."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from blocks.dismissing import ITEMS_BLOCK, REASON_BLOCK
from bot.config import SlackMode
from bot.sandbox.slack.model import Json, View
from bot.sandbox.slack.roster import ADA, ALERTS, OMAR, VERA
from tests.acceptance.clock import MovedClock
from tests.acceptance.engine import POLICY, completed, failed_item, mailbox, synced_item
from tests.acceptance.house import House, accepted, house, menus, words

LENA = "lena@northwind.example"
FAILED = (failed_item(run="run-2"), failed_item("item-2", run="run-2"), completed("run-2", failed=2))


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def home(database_url: str, clock: MovedClock) -> AsyncIterator[House]:
    async with house(SlackMode.HTTP, database_url, clock=clock) as built:
        await built.engine.report(POLICY, mailbox(), completed("run-1"))
        yield built


def answered(home: House, user: str) -> str | None:
    """The newest message in the channel that only this person sees."""
    own = [one for one in home.slack.world.messages(ALERTS, user) if one.ephemeral_for == user]
    return words(own[-1]) if own else None


async def submitted(home: House, form: View, *items: str, reason: str, user: str = ADA.id) -> Json:
    """The answer to a form that was filled in."""
    state: dict[str, dict[str, object]] = {REASON_BLOCK: {"dismiss.reason": reason}}
    if items:
        state[ITEMS_BLOCK] = {"dismiss.items": list(items)}
    delivery = accepted(await home.slack.gestures.submit_view(user, form.id, state))
    return delivery.body if isinstance(delivery.body, dict) else {}


def offered(form: View) -> dict[str, str]:
    """What may be chosen, by what it is called."""
    element = next(b["element"] for b in form.payload["blocks"] if b.get("block_id") == ITEMS_BLOCK)
    return {option["text"]["text"]: option["value"] for option in element["options"]}


async def test_the_first_of_twenty_acknowledges_and_the_others_hear_who_it_was(home: House) -> None:
    await home.engine.report(*FAILED)
    alert = await home.alert("2 sync failures", LENA)
    people = [ADA.id, OMAR.id] * 10

    deliveries = await asyncio.gather(*(home.choose(alert, "Acknowledge", user=who) for who in people))

    assert all(delivery.complaint is None for delivery in deliveries)
    shown = await home.alert("Acknowledged by")
    first, second = (ADA, OMAR) if f"by <@{ADA.id}>" in words(shown) else (OMAR, ADA)
    told = await home.until(lambda: answered(home, second.id))
    assert f"<@{first.id}> has acknowledged it already." in told

    await home.engine.report(failed_item("item-3"))
    await home.alert("3 sync failures", "1 new since")

    accepted(await home.choose(home.alerts()[0], "Take acknowledgement back", user=second.id))
    await home.until(lambda: "Acknowledged" not in words(home.alerts()[0]) or None)
    assert len(home.alerts()) == 1


async def test_a_snooze_until_tomorrow_is_by_the_askers_clock_and_wakes_by_itself(
    home: House, clock: MovedClock
) -> None:
    await home.engine.report(*FAILED)
    alert = await home.alert("2 sync failures")

    accepted(await home.choose(alert, "Snooze until tomorrow 08:00"))

    asleep = await home.alert("Snoozed until", f"by <@{ADA.id}>")
    (_, menu) = menus(asleep)[0]
    assert [option["text"]["text"] for option in menu["options"]] == [
        "Acknowledge",
        "Wake now",
        "Dismiss…",
        "View status",
        "View history",
    ]
    clock.ahead = timedelta(days=2)
    awake = await home.until(lambda: None if "Snoozed" in words(home.alerts()[0]) else home.alerts()[0])
    assert awake.ts == alert.ts


async def test_all_that_fails_is_dismissed_with_a_reason_and_one_item_is_taken_back(home: House) -> None:
    await home.engine.report(*FAILED)
    accepted(await home.choose(await home.alert("2 sync failures"), "Dismiss…"))
    form = await home.modal("Dismiss failures", "Secret subject of item-1")
    every = offered(form)["All 2 failed items"]
    assert await submitted(home, form, every, reason="   ") == {
        "response_action": "errors",
        "errors": {REASON_BLOCK: "Say why the loss is acceptable: others will read it."},
    }

    await submitted(home, form, every, reason="Sent through Drive")

    why = f"Dismissed 2 items by <@{ADA.id}>: Sent through Drive"
    over = await home.alert("Over: all 2 sync failures", why)
    assert "Secret subject" not in words(over)
    modal = await home.modal("Dismissed 2 items", "no unresolved failures")
    accepted(await home.click(modal, "errors.show"))
    dismissed = await home.modal("Secret subject of item-1", "Reason: Sent through Drive", "Take back")
    accepted(await home.click(dismissed, "failure.restore"))
    await home.modal("Taken back")

    again = await home.alert("1 sync failure", count=2)
    assert again.ts != over.ts
    card = await home.command(f"/sync history {LENA}")
    assert "1 failed item dismissed" in words(card)


async def test_one_item_is_dismissed_in_the_list_of_errors(home: House) -> None:
    await home.engine.report(*FAILED)
    accepted(await home.click(await home.alert("2 sync failures"), "errors.view"))
    accepted(await home.click(await home.modal("Secret subject of item-1"), "failure.dismiss", nth=1))
    form = await home.modal("Dismiss failures", "Which items")

    await submitted(home, form, reason="Encrypted: copied by hand")

    await home.modal("Dismissed 1 item")
    await home.alert("1 sync failure", "1 unresolved · 1 dismissed", "Encrypted: copied by hand")
    await home.slack.gestures.close_view(ADA.id, home.slack.world.views(ADA.id)[-1].id)
    await home.modal("View 1 dismissed", "Secret subject of item-1", without=("Secret subject of item-2",))


async def test_who_fills_in_the_form_too_late_reads_that_it_was_done_already(home: House) -> None:
    await home.engine.report(failed_item(run="run-2"), completed("run-2", failed=1))
    accepted(await home.choose(await home.alert("1 sync failure"), "Dismiss…"))
    form = await home.modal("Dismiss failures")
    await home.engine.report(synced_item())
    await home.alert("Healed")

    await submitted(home, form, reason="Sent through Drive")

    await home.modal("resolved or dismissed already")
    await home.alert("Healed")


@pytest.mark.parametrize("entry", ["Acknowledge", "Snooze 1 hour", "Dismiss…"])
async def test_a_viewer_is_told_who_may_and_nothing_happens(home: House, entry: str) -> None:
    await home.engine.report(*FAILED)
    alert = await home.alert("2 sync failures")
    accepted(await home.choose(alert, entry, user=VERA.id))
    if entry == "Dismiss…":
        await home.modal("SYNCBOT_OPERATORS", user=VERA.id)
    else:
        assert "SYNCBOT_OPERATORS" in await home.until(lambda: answered(home, VERA.id))
    await home.engine.report(failed_item("item-3"))
    untouched = words(await home.alert("3 sync failures"))
    assert not any(word in untouched for word in ("Acknowledged", "Snoozed", "Dismissed"))


async def test_an_incident_is_acknowledged_and_snoozed_like_an_alert(home: House) -> None:
    keys = [f"mbx-{n}" for n in range(1, 5)]
    await home.engine.report(*(mailbox(key, f"m{key}@northwind.example") for key in keys))
    await home.engine.report(
        *(("sync.failed", {"mailbox": key, "run": f"dead-{key}", "code": "dest_auth"}) for key in keys)
    )
    incident = await home.alert("4 mailboxes fail", count=None)
    assert [element["text"]["text"] for element in _buttons(incident.blocks)] == [
        "Retry 4 mailboxes",
        "View mailboxes",
    ]

    accepted(await home.choose(incident, "Acknowledge"))
    await home.alert("4 mailboxes fail", f"Acknowledged by <@{ADA.id}>", count=None)
    accepted(await home.choose(home.alerts()[-1], "Snooze 4 hours", user=OMAR.id))
    await home.alert(f"by <@{OMAR.id}>", "Snoozed until", count=None)


def _buttons(blocks: list[Json]) -> list[Json]:
    rows = (block["elements"] for block in blocks if block["type"] == "actions")
    return [element for row in rows for element in row if element["type"] == "button"]
