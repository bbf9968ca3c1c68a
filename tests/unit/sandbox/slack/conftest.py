"""A stand-in with a small company, and an app on each of Slack's two transports."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.model import Json
from bot.sandbox.slack.rates import Rates
from bot.sandbox.slack.roster import small_company
from bot.sandbox.slack.server import SlackStandIn
from tests.unit.sandbox.slack.apps import (
    APP_TOKEN,
    BOT_TOKEN,
    SECRET,
    UNLIMITED,
    App,
    Clock,
    HttpApp,
    Starter,
    connected,
    manifest,
    web_client,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def standing(clock: Clock) -> Starter:
    @asynccontextmanager
    async def start(
        described: Json | None = None, *, rates: Rates = UNLIMITED, ack_seconds: float = 3.0
    ) -> AsyncIterator[SlackStandIn]:
        slack = SlackStandIn(
            described or manifest(),
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN,
            signing_secret=SECRET,
            company=small_company(),
            clock=clock,
            rates=rates,
            ack_seconds=ack_seconds,
        )
        await slack.start()
        try:
            yield slack
        finally:
            await slack.stop()

    return start


@pytest.fixture
async def slack(standing: Starter) -> AsyncIterator[SlackStandIn]:
    async with standing() as started:
        yield started


@pytest.fixture
def api(slack: SlackStandIn) -> AsyncWebClient:
    return web_client(slack)


@pytest.fixture
async def app(slack: SlackStandIn) -> AsyncIterator[App]:
    """An app on Socket Mode, connected."""
    answering = App()
    async with connected(slack, answering):
        yield answering


@pytest.fixture
async def http_app() -> AsyncIterator[HttpApp]:
    """An app that listens at a URL."""
    answering = HttpApp()
    server = web.Application()
    server.router.add_post("/slack", answering.handle)
    runner = web.AppRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    answering.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield answering
    await runner.cleanup()
