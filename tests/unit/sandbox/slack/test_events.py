"""The Events API: subscriptions, payloads, and sending again."""

import pytest

from bot.sandbox.slack.errors import GestureError
from bot.sandbox.slack.roster import ADA, ALERTS, GENERAL
from bot.sandbox.slack.server import SlackStandIn
from tests.unit.sandbox.slack.apps import App, Clock, HttpApp, Starter, connected, manifest


async def test_what_a_person_says_is_delivered_with_marked_up_addresses(
    slack: SlackStandIn, app: App
) -> None:
    said = await slack.gestures.say(ADA.id, ALERTS, "ask a@b.example <now> at https://c.example/d")
    assert said.text == "ask <mailto:a@b.example|a@b.example> &lt;now&gt; at <https://c.example/d>"
    heard = app.last
    assert (heard["type"], heard["event"]["type"], heard["event"]["text"]) == (
        "event_callback",
        "message",
        said.text,
    )
    assert heard["event"]["channel_type"] == "channel"
    assert {"event_id", "event_time", "authorizations", "team_id", "api_app_id"} <= set(heard)


async def test_the_app_hears_nothing_of_channels_it_is_not_in(slack: SlackStandIn, app: App) -> None:
    await slack.gestures.say(ADA.id, GENERAL, "hello")
    assert app.heard == []


async def test_the_app_hears_nothing_it_did_not_subscribe_to(standing: Starter) -> None:
    async with standing(manifest(events=())) as slack:
        await slack.gestures.say(ADA.id, ALERTS, "hello")
        assert await slack.gestures.open_home(ADA.id) is None


async def test_opening_the_home_tab_is_an_event(slack: SlackStandIn, app: App) -> None:
    delivery = await slack.gestures.open_home(ADA.id)
    assert delivery is not None
    assert delivery.ok
    event = app.last["event"]
    assert (event["type"], event["user"], event["tab"]) == ("app_home_opened", ADA.id, "home")


async def test_a_direct_message_and_a_mention_have_their_own_events(standing: Starter) -> None:
    hearing = App()
    events = ("message.im", "app_mention")
    async with standing(manifest(events=events)) as slack, connected(slack, hearing):
        room = slack.world.open_direct_message(ADA.id)
        await slack.gestures.say(ADA.id, room.id, "hello")
        await slack.gestures.say(ADA.id, ALERTS, "hello @syncbot")
    kinds = [
        (heard.payload["event"]["type"], heard.payload["event"].get("channel_type"))
        for heard in hearing.heard
    ]
    assert kinds == [("message", "im"), ("app_mention", None)]


async def test_an_answer_in_a_thread_needs_its_parent(slack: SlackStandIn, app: App) -> None:
    said = await slack.gestures.say(ADA.id, ALERTS, "hello")
    answer = await slack.gestures.say(ADA.id, ALERTS, "more", thread_ts=said.ts)
    assert answer.thread_ts == said.ts
    with pytest.raises(GestureError):
        await slack.gestures.say(ADA.id, ALERTS, "more", thread_ts="1.2")


async def test_an_event_is_sent_again_at_once_after_a_minute_and_after_five(
    standing: Starter, http_app: HttpApp, clock: Clock
) -> None:
    http_app.answer = lambda _: 500
    async with standing(manifest(http_app.url)) as slack:
        await slack.gestures.say(ADA.id, ALERTS, "hello")
        assert len(http_app.heard) == 2
        for wait, expected in [(59, 2), (1, 3), (299, 3), (1, 4), (10_000, 4)]:
            clock.pass_by(wait)
            await slack.events.resend_due()
            assert len(http_app.heard) == expected
    numbers = [heard.headers.get("X-Slack-Retry-Num") for heard in http_app.heard]
    assert numbers == [None, "1", "2", "3"]
    assert http_app.heard[1].headers["X-Slack-Retry-Reason"] == "http_error"
    assert len({heard.payload["event_id"] for heard in http_app.heard}) == 1


async def test_an_event_is_sent_again_over_the_socket_too(standing: Starter) -> None:
    async with standing(ack_seconds=0.05) as slack:
        await slack.gestures.say(ADA.id, ALERTS, "hello")
        assert await slack.events.resend_due() == []


@pytest.mark.parametrize(("answer", "ok"), [("word", True), ({"challenge": "word"}, True), ("other", False)])
async def test_a_url_is_verified_by_its_challenge(
    standing: Starter, http_app: HttpApp, answer: object, *, ok: bool
) -> None:
    http_app.answer = lambda _: answer
    async with standing(manifest(http_app.url)) as slack:
        assert (await slack.verify_events_url("word")).ok is ok
    assert http_app.last["type"] == "url_verification"
