"""How the app is reached: Socket Mode connections, signed requests, and what goes wrong on the way."""

import asyncio
import time

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.model import Json, MessageRef
from bot.sandbox.slack.roster import ADA, ALERTS
from bot.sandbox.slack.server import SlackStandIn
from tests.unit.sandbox.slack.apps import (
    APP_TOKEN,
    SECRET,
    App,
    Clock,
    HttpApp,
    Starter,
    connected,
    manifest,
    web_client,
)
from tests.unit.sandbox.slack.validate import samples as s

ROW = s.actions(s.button(action_id="retry")) | {"block_id": "row"}


async def ticket(slack: SlackStandIn) -> str:
    answer = await AsyncWebClient(base_url=f"{slack.base_url}api/").apps_connections_open(app_token=APP_TOKEN)
    return str(answer["url"])


# Socket Mode


async def test_a_connection_is_greeted_and_counted(slack: SlackStandIn) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(await ticket(slack)) as socket:
        hello = await socket.receive_json()
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        assert slack.sockets.connected == 1


async def test_a_ticket_opens_one_connection_and_soon(slack: SlackStandIn, clock: Clock) -> None:
    used, late = await ticket(slack), await ticket(slack)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(used):
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(used)
        clock.pass_by(31)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(late)


async def test_an_app_has_ten_connections(slack: SlackStandIn) -> None:
    async with aiohttp.ClientSession() as session:
        sockets = [await session.ws_connect(await ticket(slack)) for _ in range(10)]
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(await ticket(slack))
        for socket in sockets:
            await socket.close()


async def test_each_envelope_goes_to_one_connection(slack: SlackStandIn) -> None:
    one, two = App(), App()
    async with connected(slack, one), connected(slack, two):
        for _ in range(20):
            await slack.gestures.command(ADA.id, ALERTS, "/sync")
    assert len(one.heard) + len(two.heard) == 20


async def test_an_envelope_says_whether_it_takes_a_payload(slack: SlackStandIn) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(await ticket(slack)) as socket:
        await socket.receive_json()
        command = asyncio.create_task(slack.gestures.command(ADA.id, ALERTS, "/sync"))
        envelope: Json = await socket.receive_json()
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        await socket.send_json({"envelope_id": "another one"})
        await socket.send_str("no json")
        await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "hi"}})
        assert (await command).body == {"text": "hi"}


async def test_without_a_connection_the_person_is_told(slack: SlackStandIn) -> None:
    delivery = await slack.gestures.command(ADA.id, ALERTS, "/sync help")
    assert delivery.complaint == '/sync failed with the error "app_not_responding"'


async def test_a_silent_app_times_out(standing: Starter) -> None:
    silent = App(answer=lambda _: ...)
    async with standing(ack_seconds=0.05) as slack, connected(slack, silent):
        delivery = await slack.gestures.command(ADA.id, ALERTS, "/sync help")
        assert delivery.complaint == '/sync failed with the error "operation_timeout"'
        assert not delivery.ok


async def test_a_connection_that_breaks_before_the_answer_is_a_complaint(slack: SlackStandIn) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(await ticket(slack)) as socket:
        await socket.receive_json()
        command = asyncio.create_task(slack.gestures.command(ADA.id, ALERTS, "/sync"))
        await socket.receive_json()
        await socket.close()
        assert (await command).complaint == '/sync failed with the error "app_not_responding"'


async def test_a_refresh_sends_the_client_to_a_new_connection(slack: SlackStandIn, app: App) -> None:
    before = len([call for call in slack.calls if call.method == "apps.connections.open"])
    await slack.refresh_connections()
    assert slack.sockets.connected == 0
    async with asyncio.timeout(5):
        await slack.sockets.wait_connected()
    assert (await slack.gestures.command(ADA.id, ALERTS, "/sync")).ok
    assert len([call for call in slack.calls if call.method == "apps.connections.open"]) == before + 1


async def test_a_warning_leaves_the_connection_in_use(slack: SlackStandIn) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(await ticket(slack)) as socket:
        await socket.receive_json()
        await slack.refresh_connections("warning")
        assert (await socket.receive_json())["reason"] == "warning"
        assert slack.sockets.connected == 1


async def test_socket_mode_takes_an_app_level_token(slack: SlackStandIn, api: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await api.api_call("apps.connections.open")


async def test_a_stale_connection_stays_open_and_passes_nothing(standing: Starter) -> None:
    async with (
        standing(ack_seconds=0.05) as slack,
        aiohttp.ClientSession() as session,
        session.ws_connect(await ticket(slack), autoping=False) as socket,
    ):
        await socket.receive_json()
        await socket.ping(b"one")
        assert (await socket.receive()).type == aiohttp.WSMsgType.PONG
        slack.faults.stale = True
        await socket.ping(b"two")
        delivery = await slack.gestures.command(ADA.id, ALERTS, "/sync")
        assert delivery.complaint == '/sync failed with the error "operation_timeout"'
        slack.faults.clear()
        await socket.ping(b"three")
        assert (await socket.receive()).data == b"three"


async def test_connections_can_break_without_a_word(slack: SlackStandIn, app: App) -> None:
    await slack.sockets.drop_connections()
    async with asyncio.timeout(5):
        await slack.sockets.wait_connected()
    assert (await slack.gestures.command(ADA.id, ALERTS, "/sync")).ok


# HTTP


async def test_a_request_is_signed(standing: Starter, http_app: HttpApp) -> None:
    async with standing(manifest(http_app.url)) as slack:
        await slack.gestures.command(ADA.id, ALERTS, "/sync status")
    heard = http_app.heard[0]
    verifier = SignatureVerifier(SECRET)
    assert verifier.is_valid_request(heard.body, heard.headers)
    assert not verifier.is_valid_request(f"{heard.body}x", heard.headers)
    assert abs(int(heard.headers["X-Slack-Request-Timestamp"]) - time.time()) < 60
    assert heard.payload["command"] == "/sync"


async def test_an_interaction_is_a_form_with_a_payload(standing: Starter, http_app: HttpApp) -> None:
    async with standing(manifest(http_app.url)) as slack:
        posted = await web_client(slack).chat_postMessage(channel=ALERTS, text="a", blocks=[ROW])
        await slack.gestures.click(ADA.id, MessageRef(ALERTS, posted["ts"]), "row", "retry")
    assert http_app.heard[0].body.startswith("payload=%7B")
    assert http_app.last["type"] == "block_actions"


@pytest.mark.parametrize(
    ("answer", "text"), [("hello", "hello"), ({"text": "hello"}, "hello"), (None, None), ("", None)]
)
async def test_text_or_json_answers_a_command(
    standing: Starter, http_app: HttpApp, answer: object, text: str | None
) -> None:
    http_app.answer = lambda _: answer
    async with standing(manifest(http_app.url)) as slack:
        delivery = await slack.gestures.command(ADA.id, ALERTS, "/sync status")
        assert (delivery.ok, delivery.status) == (True, 200)
        assert [m.text for m in slack.world.messages(ALERTS, ADA.id)] == ([text] if text else [])


@pytest.mark.parametrize("status", [201, 302, 404, 500])
async def test_any_status_but_200_is_a_complaint(standing: Starter, http_app: HttpApp, status: int) -> None:
    http_app.answer = lambda _: status
    async with standing(manifest(http_app.url)) as slack:
        delivery = await slack.gestures.command(ADA.id, ALERTS, "/sync status")
    assert delivery.complaint == '/sync failed with the error "dispatch_failed"'
    assert delivery.status == status


async def test_an_app_that_is_down_is_a_complaint(standing: Starter, http_app: HttpApp) -> None:
    async with standing(manifest(http_app.url)) as slack:
        slack.world.manifest["features"]["slash_commands"][0]["url"] = "http://127.0.0.1:1/"
        delivery = await slack.gestures.command(ADA.id, ALERTS, "/sync status")
    assert delivery.complaint == '/sync failed with the error "dispatch_failed"'


async def test_without_socket_mode_there_is_no_connection_to_open(
    standing: Starter, http_app: HttpApp
) -> None:
    async with standing(manifest(http_app.url)) as slack:
        with pytest.raises(SlackApiError, match="invalid_arguments"):
            await ticket(slack)
