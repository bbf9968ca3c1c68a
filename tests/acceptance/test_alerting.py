"""What channel and admins are told by the whole bot when much is wrong at once, or Slack is in the way."""

from collections.abc import AsyncIterator

import pytest

from bot.config import SlackMode
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.roster import ADA, ALERTS
from tests.acceptance.engine import POLICY, completed, failed_item, mailbox
from tests.acceptance.house import House, accepted, controls, house, words

KEYS = [f"mbx-{number}" for number in range(1, 6)]


def dead(key: str, run: str = "run-2") -> tuple[str, Json]:
    return ("sync.failed", {"mailbox": key, "run": run, "code": "source_auth", "message": "AADSTS7000222"})


@pytest.fixture
async def home(sqlite_url: str) -> AsyncIterator[House]:
    async with house(SlackMode.SOCKET, sqlite_url) as built:
        people = [mailbox(key, f"person{key[-1]}@northwind.example") for key in KEYS]
        await built.engine.report(POLICY, *people, *(completed("run-1", key) for key in KEYS))
        yield built


async def test_a_dead_credential_that_an_engine_outside_reports_is_one_message_with_a_list_and_a_retry(
    home: House,
) -> None:
    await home.engine.report(*(dead(key) for key in KEYS), failed_item(key=KEYS[0]))
    incident = await home.alert("5 mailboxes fail", "Remedy:", "person5@northwind.example", count=None)

    accepted(await home.click(incident, "incident.view"))
    await home.modal("person1@northwind.example", "person5@northwind.example")
    accepted(await home.click(incident, "incident.retry"))
    asked = [await home.engine.next_request() for _ in KEYS]
    assert {request["data"]["mailbox"] for request in asked} == set(KEYS)
    await home.engine.report(*(completed("run-3", key) for key in KEYS))

    await home.until(lambda: "all 5 mailboxes are resolved" in words(incident) or None)
    own = [message for message in home.alerts() if message.ts != incident.ts]
    assert ["person1@northwind.example" in words(message) for message in own] == [True]


async def test_an_archived_channel_is_told_to_the_admins_and_shown_by_health(home: House) -> None:
    home.slack.world.archive(ALERTS)
    await home.engine.report(failed_item(key=KEYS[0]))

    letters = await home.until(lambda: home.slack.world.direct_message(ADA.id))
    await home.until(lambda: home.slack.world.messages(letters.id) or None)
    assert "it is archived" in words(home.slack.world.messages(letters.id)[0])

    answer = words(await home.command("/sync health"))
    undelivered = f"1 alert not delivered to <#{ALERTS}>"
    for told in ("1 problem", undelivered, "is_archived", "Unarchive it", "connected"):
        assert told in answer


async def test_health_says_that_all_is_well(home: House) -> None:
    answer = await home.command("/sync health")
    assert "All is well" in words(answer)
    for told in ("connected (Socket Mode)", "outside", "at work", f"<#{ALERTS}>"):
        assert told in words(answer)
    assert controls(answer, "card.refresh") == []
