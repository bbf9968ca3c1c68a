"""A stand-in with one application and one mailbox, and a client that is signed in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.sandbox.graph import Folder, GraphStandIn, Knobs, Limits, Mailbox
from tests.unit.sandbox.graph.clients import CLIENT, PERMISSIONS, SECRET, TENANT, USER, Client, Clock, Starter


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def standing(clock: Clock) -> Starter:
    @asynccontextmanager
    async def start(limits: Limits | None = None, **knobs: object) -> AsyncIterator[Client]:
        graph = GraphStandIn(now=clock, limits=limits, knobs=Knobs(**knobs))  # type: ignore[arg-type]
        graph.world.add_app(TENANT, CLIENT, secret=SECRET, permissions=PERMISSIONS)
        graph.world.add_user(USER)
        async with graph, aiohttp.ClientSession() as http:
            client = Client(graph, http)
            await client.sign_in()
            yield client

    return start


@pytest.fixture
async def client(standing: Starter) -> AsyncIterator[Client]:
    async with standing() as started:
        yield started


@pytest.fixture
def graph(client: Client) -> GraphStandIn:
    return client.graph


@pytest.fixture
def mailbox(graph: GraphStandIn) -> Mailbox:
    found = graph.world.mailbox(USER)
    assert found
    return found


@pytest.fixture
def inbox(mailbox: Mailbox) -> Folder:
    return mailbox.folder("inbox")
