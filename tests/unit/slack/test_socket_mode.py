"""Socket Mode: what comes in by the socket is answered, and the state of the connection is known."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.sandbox.slack.roster import ALERTS, VERA, small_company
from bot.sandbox.slack.server import SlackStandIn
from bot.slack.app import SocketMode, build_app
from bot.slack.client import web_client
from bot.slack.manifest import manifest
from bot.views.health import ConnectionHealth
from tests.unit.handlers.fakes import Bot
from tests.unit.services.fakes import NOON, FakeClock

BOT_TOKEN, APP_TOKEN = "sandbox-bot", "sandbox-app"


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    standing = SlackStandIn(
        manifest(),
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        signing_secret="sandbox-secret",
        company=small_company(),
    )
    await standing.start()
    yield standing
    await standing.stop()


async def test_a_command_comes_in_by_the_socket_and_is_answered(slack: SlackStandIn) -> None:
    bot = Bot()
    app = build_app(web_client(f"{slack.base_url}api/", BOT_TOKEN), bot.boundary)
    socket = SocketMode(app, APP_TOKEN, FakeClock())
    assert not await socket.is_connected()
    await socket.sweep()
    await socket.sweep()
    assert await socket.is_connected()
    health = await socket.health()
    assert (health.is_connected, health.since) == (True, NOON)
    delivery = await slack.gestures.command(VERA.id, ALERTS, "/sync help")
    assert delivery.ok
    assert "ack" not in bot.desk.how
    await socket.stop()
    assert not await socket.is_connected()


async def test_while_slack_refuses_the_connection_it_is_not_connected_and_can_be_stopped(
    slack: SlackStandIn,
) -> None:
    app = build_app(web_client(f"{slack.base_url}api/", BOT_TOKEN), Bot().boundary)
    socket = SocketMode(app, APP_TOKEN, FakeClock())
    slack.faults.fail("apps.connections.open", "internal_error")
    connecting = asyncio.create_task(socket.sweep())
    async with asyncio.timeout(10):
        while not slack.calls:  # noqa: ASYNC110 - the stand-in rings no bell for a call
            await asyncio.sleep(0)
    assert not await socket.is_connected()
    assert await socket.health() == ConnectionHealth(is_connected=False)
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    await socket.stop()
