"""The way through: a command, an answer, a message, a click."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.model import MessageRef
from bot.sandbox.slack.roster import ADA, ALERTS
from bot.sandbox.slack.server import SlackStandIn
from tests.unit.sandbox.slack.apps import App, HttpApp, Starter, manifest

BUTTON = {
    "type": "button",
    "text": {"type": "plain_text", "text": "Retry"},
    "action_id": "retry",
    "value": "7",
}
ROW = {"type": "actions", "block_id": "row", "elements": [BUTTON]}


async def test_a_command_is_answered_in_the_acknowledgement(slack: SlackStandIn, app: App) -> None:
    app.answer = lambda heard: {"text": f"You said {heard.payload['text']}"}
    delivery = await slack.gestures.command(ADA.id, ALERTS, "/sync status a@b.example")
    assert delivery.ok
    assert delivery.complaint is None
    assert [m.text for m in slack.world.messages(ALERTS, ADA.id)] == ["You said status a@b.example"]
    assert slack.world.messages(ALERTS) == []


async def test_a_posted_button_can_be_pressed(slack: SlackStandIn, app: App, api: AsyncWebClient) -> None:
    posted = await api.chat_postMessage(channel=ALERTS, text="Failed", blocks=[ROW])
    await slack.gestures.click(ADA.id, MessageRef(ALERTS, posted["ts"]), "row", "retry")
    assert app.last["actions"][0]["value"] == "7"


async def test_the_same_over_http(standing: Starter, http_app: HttpApp) -> None:
    http_app.answer = lambda _: "hello"
    async with standing(manifest(http_app.url)) as slack:
        delivery = await slack.gestures.command(ADA.id, ALERTS, "/sync help")
        assert (delivery.status, delivery.body) == (200, {"text": "hello"})
        assert [m.text for m in slack.world.messages(ALERTS, ADA.id)] == ["hello"]
