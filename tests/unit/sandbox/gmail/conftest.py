"""A stand-in with two users, without limits, on a clock of the test."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox.gmail import UNLIMITED, GmailStandIn
from tests.unit.sandbox.gmail.clients import ANN, BEN, Client, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def gmail(clock: Clock) -> AsyncIterator[GmailStandIn]:
    async with GmailStandIn(now=clock, limits=UNLIMITED) as standing:
        standing.world.add_user(ANN)
        standing.world.add_user(BEN)
        yield standing


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def ann(gmail: GmailStandIn, http: aiohttp.ClientSession) -> Client:
    return Client(gmail, http, gmail.token(ANN))
