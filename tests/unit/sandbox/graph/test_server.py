"""Hooks see each request before and after it is handled; the record keeps what was asked."""

import asyncio
from collections import Counter

import aiohttp
import pytest

from bot.sandbox.graph import Call, Folder, GraphStandIn
from tests.unit.sandbox.graph.clients import CLIENT, USER, Client, Clock


async def test_hooks_see_a_request_before_and_after(
    client: Client, graph: GraphStandIn, inbox: Folder
) -> None:
    message = graph.world.deliver(inbox, b"Subject: x\r\n\r\n")
    seen: list[tuple[str, int]] = []
    calls: list[Call] = []
    graph.before(lambda call: seen.append((call.path.rsplit("/", 1)[1], call.status)))

    async def after(call: Call) -> None:
        seen.append((call.kind, call.status))
        calls.append(call)

    graph.after(after)
    await client.get(f"/messages/{message.mutable_id}/$value", prefer=None)
    assert seen == [("$value", 0), ("value", 200)]
    assert (calls[0].app, calls[0].user, calls[0].message_id) == (CLIENT, USER, message.id)


async def test_a_hook_may_drop_the_connection_before_anything_happens(
    client: Client, graph: GraphStandIn
) -> None:
    graph.before(Call.drop)
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.get("/mailFolders/inbox")
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.sign_in()
    assert (graph.requests.by_status[0], graph.requests.by_kind["token"]) == (3, 2)


async def test_a_hook_may_drop_the_answer(client: Client, graph: GraphStandIn) -> None:
    graph.after(Call.drop)
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.get("/mailFolders/inbox")
    assert {status for _, path, status in graph.requests if "folders" in path.lower()} == {0}
    assert graph.requests.by_kind["folder"] == 2  # aiohttp asks a second time by itself


async def test_the_record_counts_by_kind_and_status(client: Client, graph: GraphStandIn) -> None:
    graph.requests.clear()
    await client.get("/mailFolders/inbox")
    await client.get("/mailFolders/clutter")
    await client.round("/mailFolders/delta")
    assert graph.requests.by_kind == Counter({"folder": 2, "folder-delta": 1})
    assert (graph.requests.by_status, graph.requests.total) == (Counter({200: 2, 404: 1}), 3)
    assert len(graph.requests) == 3
    assert next(iter(graph.requests)) == ("GET", f"/v1.0/users/{USER}/mailFolders/inbox", 200)


async def test_what_is_neither_graph_nor_sign_in_is_not_found(client: Client, graph: GraphStandIn) -> None:
    assert (await client.ask("GET", f"{graph.login_url}/beta/users")).status == 404


async def test_an_answer_takes_as_long_as_said(clock: Clock) -> None:
    async with GraphStandIn(now=clock, latency_s=0.05) as graph, aiohttp.ClientSession() as http:
        started = asyncio.get_running_loop().time()
        await Client(graph, http).sign_in()
        assert asyncio.get_running_loop().time() - started >= 0.05


async def test_it_starts_again_where_it_was(client: Client, graph: GraphStandIn, inbox: Folder) -> None:
    graph.world.populate(inbox, 12)
    first = await client.get("/mailFolders/inbox/messages/delta")
    port = int(graph.login_url.rsplit(":", 1)[1])
    await graph.stop()
    await graph.start(port=port)
    assert len((await client.get(first.json["@odata.nextLink"])).value) == 2


async def test_a_stopped_one_answers_nothing(client: Client, graph: GraphStandIn) -> None:
    await graph.stop()
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.get("/mailFolders/inbox")
