"""The real client against a server on loopback."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.slack.client import SlackClient, web_client
from tests.unit.slack.wire import TOKEN, Wire, listening


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with listening() as wire:
        yield wire


@pytest.fixture
async def client(wire: Wire) -> AsyncIterator[SlackClient]:
    async with aiohttp.ClientSession() as http:
        yield SlackClient(web_client(wire.url, TOKEN), http)
