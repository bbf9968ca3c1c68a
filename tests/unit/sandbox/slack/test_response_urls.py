"""Answering by response URL."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook import WebhookResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox.slack.model import Json, MessageRef
from bot.sandbox.slack.roster import ADA, ALERTS, GENERAL
from bot.sandbox.slack.server import SlackStandIn
from tests.unit.sandbox.slack.apps import App, Clock
from tests.unit.sandbox.slack.validate import samples as s

ROW = s.actions(s.button(action_id="retry")) | {"block_id": "row"}


async def commanded(slack: SlackStandIn, app: App) -> str:
    await slack.gestures.command(ADA.id, GENERAL, "/sync")
    return str(app.last["response_url"])


async def pressed(slack: SlackStandIn, app: App, where: MessageRef) -> str:
    await slack.gestures.click(ADA.id, where, "row", "retry")
    return str(app.last["response_url"])


async def respond(url: str, body: Json) -> WebhookResponse:
    return await AsyncWebhookClient(url).send_dict(body)


async def test_it_answers_where_the_app_is_no_member(slack: SlackStandIn, app: App) -> None:
    answer = await respond(await commanded(slack, app), {"text": "hello"})
    assert (answer.status_code, answer.body) == (200, "ok")
    message = slack.world.messages(GENERAL, ADA.id)[0]
    assert (message.text, message.ephemeral_for) == ("hello", ADA.id)


async def test_five_answers_and_no_sixth(slack: SlackStandIn, app: App) -> None:
    url = await commanded(slack, app)
    statuses = [(await respond(url, {"text": "a"})).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [404]
    assert "used_url" in (await respond(url, {"text": "a"})).body


@pytest.mark.parametrize(("seconds", "status"), [(1_800, 200), (1_801, 404)])
async def test_half_an_hour_and_no_longer(
    slack: SlackStandIn, app: App, clock: Clock, seconds: float, status: int
) -> None:
    url = await commanded(slack, app)
    clock.pass_by(seconds)
    assert (await respond(url, {"text": "a"})).status_code == status


async def test_an_ephemeral_message_is_replaced_and_deleted_only_here(
    slack: SlackStandIn, app: App, api: AsyncWebClient
) -> None:
    whisper = await api.chat_postEphemeral(channel=ALERTS, user=ADA.id, text="a", blocks=[ROW])
    url = await pressed(slack, app, MessageRef(ALERTS, whisper["message_ts"]))
    await respond(url, {"replace_original": True, "text": "b", "blocks": [ROW]})
    replaced = slack.world.messages(ALERTS, ADA.id)
    assert [(m.ts, m.text) for m in replaced] == [(whisper["message_ts"], "b")]
    await respond(url, {"delete_original": True})
    assert slack.world.messages(ALERTS, ADA.id) == []


async def test_an_answer_to_a_command_replaces_nothing(slack: SlackStandIn, app: App) -> None:
    url = await commanded(slack, app)
    await respond(url, {"text": "one moment"})
    await respond(url, {"text": "done", "replace_original": True})
    assert [m.text for m in slack.world.messages(GENERAL, ADA.id)] == ["one moment", "done"]


async def test_a_message_of_a_person_is_never_the_original(slack: SlackStandIn, app: App) -> None:
    said = await slack.gestures.say(ADA.id, ALERTS, "hello")
    await slack.gestures.message_shortcut(ADA.id, ALERTS, said.ts, "check")
    await respond(app.last["response_url"], {"text": "checked", "replace_original": True})
    assert [m.text for m in slack.world.messages(ALERTS, ADA.id)] == ["hello", "checked"]


async def test_an_answer_to_a_click_is_a_new_message_unless_it_replaces(
    slack: SlackStandIn, app: App, api: AsyncWebClient
) -> None:
    posted = await api.chat_postMessage(channel=ALERTS, text="a", blocks=[ROW])
    url = await pressed(slack, app, MessageRef(ALERTS, posted["ts"]))
    await respond(url, {"text": "b", "replace_original": False})
    await respond(url, {"text": "c", "replace_original": False, "response_type": "in_channel"})
    assert [m.text for m in slack.world.messages(ALERTS, ADA.id)] == ["a", "b", "c"]
    assert [m.text for m in slack.world.messages(ALERTS)] == ["a", "c"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "a", "blocks": [{"type": "banner"}]}, "invalid_blocks"),
        ({"text": "a" * 4_001}, "msg_too_long"),
        ({"text": "a", "response_type": "loud"}, "invalid_payload"),
        ({"text": "a", "colour": "red"}, "invalid_payload"),
        ({"delete_original": True}, "invalid_payload"),
    ],
)
async def test_what_is_invalid_is_refused(slack: SlackStandIn, app: App, body: Json, error: str) -> None:
    answer = await respond(await commanded(slack, app), body)
    assert answer.status_code == 400
    assert error in answer.body
    assert slack.world.messages(GENERAL, ADA.id) == []


async def test_an_invented_url_is_refused(slack: SlackStandIn) -> None:
    assert (await respond(f"{slack.base_url}response/T0/1/2", {"text": "a"})).status_code == 404


async def test_answers_are_recorded(slack: SlackStandIn, app: App) -> None:
    await respond(await commanded(slack, app), {"text": "a"})
    assert (slack.calls[-1].method, slack.calls[-1].args) == ("response_url", {"text": "a"})
