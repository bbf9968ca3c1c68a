"""Home tabs as they leave for Slack, and the scopes that Slack says were granted."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.errors import ViewMoved
from bot.slack.client import SlackClient, web_client
from bot.slack.scopes import FRESH, SlackScopes
from bot.slack.screens import SlackScreens
from bot.views.home import HomeCard
from tests.unit.blocks.examples import NOON
from tests.unit.blocks.homes import home_card
from tests.unit.services.fakes import FakeClock
from tests.unit.slack.wire import DROPPED, TOKEN, Planned, Wire

CARD = home_card()


@pytest.fixture
def screens(client: SlackClient) -> SlackScreens:
    return SlackScreens(client, safe_blocks=False)


def at(card: HomeCard, **overview: object) -> HomeCard:
    changed = replace(card.facts.overview, **overview)  # type: ignore[arg-type] # a card's own fields
    return replace(card, facts=replace(card.facts, overview=changed))


async def test_a_home_is_published_for_its_person_under_its_hash(wire: Wire, screens: SlackScreens) -> None:
    assert await screens.publish("U0ADA", CARD, over="old") == "new"
    [(method, sent)] = wire.calls
    assert (method, sent["user_id"], sent["hash"]) == ("views.publish", "U0ADA", "old")


async def test_without_a_hash_it_is_drawn_over_whatever_is_there(wire: Wire, screens: SlackScreens) -> None:
    await screens.publish("U0ADA", CARD)
    assert "hash" not in wire.calls[0][1]


async def test_where_slack_refuses_the_blocks_the_safe_ones_are_sent(
    wire: Wire, screens: SlackScreens
) -> None:
    wire.refuse("invalid_arguments")
    with capture_logs() as logs:
        assert await screens.publish("U0ADA", CARD) == "new"
    first, second = (json.dumps(sent["view"]) for _, sent in wire.calls)
    assert "data_visualization" in first
    assert "data_visualization" not in second
    assert logs[0]["log_level"] == "error"


async def test_what_safe_blocks_do_not_mend_is_sent_in_words(wire: Wire, client: SlackClient) -> None:
    wire.refuse("invalid_arguments")
    with capture_logs():
        await SlackScreens(client, safe_blocks=True).publish("U0ADA", CARD)
    assert len(wire.calls) == 2
    assert '"actions"' not in json.dumps(wire.calls[1][1]["view"])


async def test_a_home_that_changed_meanwhile_is_not_drawn_over(wire: Wire, screens: SlackScreens) -> None:
    wire.refuse("hash_conflict")
    with pytest.raises(ViewMoved):
        await screens.publish("U0ADA", CARD, over="old")


async def test_a_closed_home_says_why(wire: Wire, screens: SlackScreens) -> None:
    await screens.close("U0NILS", "Ask somebody.", ["U0ADA"])
    [(method, sent)] = wire.calls
    assert (method, sent["user_id"]) == ("views.publish", "U0NILS")
    assert "Ask somebody." in json.dumps(sent["view"])


def test_the_digest_changes_when_what_is_seen_does_and_not_with_time(screens: SlackScreens) -> None:
    later = at(CARD, as_of=NOON + timedelta(minutes=3))
    assert screens.digest(later) == screens.digest(CARD)
    assert screens.digest(at(CARD, changes_24h=7)) != screens.digest(CARD)


@pytest.mark.parametrize(
    ("granted", "lacking"),
    [("commands,chat:write,users:read", ()), ("commands", ("chat:write",)), ("", None)],
)
async def test_what_was_not_granted_is_named_where_slack_tells(
    wire: Wire, granted: str, lacking: tuple[str, ...] | None
) -> None:
    scopes = SlackScopes(web_client(wire.url, TOKEN), FakeClock().now)
    wire.will(Planned({"ok": True}, headers={"x-oauth-scopes": granted}))
    assert await scopes.lacking() == lacking


async def test_scopes_are_asked_for_once_in_a_while(wire: Wire) -> None:
    clock = FakeClock()
    scopes = SlackScopes(web_client(wire.url, TOKEN), clock.now)
    wire.will(Planned("", DROPPED))
    assert await scopes.lacking() is None
    assert await scopes.lacking() is None
    assert len(wire.calls) == 1
    clock.at += FRESH
    await scopes.lacking()
    assert len(wire.calls) == 2
