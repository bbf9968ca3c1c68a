"""A company in which everything is fine, until a test spoils it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.clock import SystemClock
from bot.config import PREFIX, Settings
from bot.sandbox.gmail import UNLIMITED, GmailStandIn
from bot.sandbox.graph import GraphStandIn
from tests.unit.doctor.company import (
    CLIENT,
    DESTINATION,
    M365_SECRET,
    SECRET_NAME,
    SOURCE,
    TENANT,
    Company,
)
from tests.unit.doctor.slack_wire import SlackWire, refusal


@pytest.fixture
async def slack() -> AsyncIterator[SlackWire]:
    wire = SlackWire()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", wire.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    wire.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    yield wire
    await runner.cleanup()


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.setenv(SECRET_NAME, M365_SECRET)


@pytest.fixture
async def company(
    clean_environment: None, slack: SlackWire, sqlite_url: str, tmp_path: Path
) -> AsyncIterator[Company]:
    async with GraphStandIn(now=SystemClock().now) as graph, GmailStandIn(limits=UNLIMITED) as gmail:
        graph.world.add_app(TENANT, CLIENT, secret=M365_SECRET, permissions=frozenset({"Mail.Read"}))
        graph.world.add_user(SOURCE)
        gmail.world.add_user(DESTINATION)
        opened = Company(sqlite_url, tmp_path / "key.json", slack, graph, gmail)
        opened.write_key()
        slack.answers["blocks.validate"] = refusal("unknown_method")  # there are many cards
        await opened.apply()
        yield opened
