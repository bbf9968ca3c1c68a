"""Every published error can be provoked, and connections can end in every way."""

import asyncio

import aiohttp
import pytest

from bot.sandbox.graph import FOREVER, Folder, GraphStandIn, Mailbox, RepeatedMime
from bot.sandbox.graph.errors import KINDS
from bot.sandbox.graph.faults import Accident, Fault
from tests.unit.sandbox.graph.clients import CLIENT, USER, Client

INBOX = "/mailFolders/inbox"


@pytest.mark.parametrize("code", sorted(KINDS))
async def test_each_error_has_its_documented_shape(client: Client, inbox: Folder, code: str) -> None:
    message = client.graph.world.deliver(inbox, b"Subject: x\r\n\r\n")
    client.graph.faults.on_value(message, code)
    got = await client.get(f"/messages/{message.id}/$value")
    kind = KINDS[code]
    assert (got.status, got.code, got.json["error"]["message"]) == (kind.status, code, kind.message)
    assert {"date", "request-id", "client-request-id"} <= set(got.json["error"]["innerError"])
    assert got.headers.get("Retry-After") == (str(kind.retry_after) if kind.retry_after else None)
    assert kind.source.startswith("https://")
    assert (await client.get(f"/messages/{message.id}/$value")).status == 200


async def test_a_fault_of_a_message_is_of_its_mime_alone(client: Client, inbox: Folder) -> None:
    bad, good = client.graph.world.populate(inbox, 2)
    client.graph.faults.on_value(bad, "ErrorMimeContentConversionFailed", FOREVER)
    statuses = [(await client.get(f"/messages/{bad.id}/$value")).status for _ in range(3)]
    assert statuses == [500, 500, 500]
    mutable = f"/messages/{bad.mutable_id}/$value"
    assert (await client.get(mutable, prefer=None)).code == "ErrorMimeContentConversionFailed"
    assert (await client.get(f"/messages/{bad.id}")).status == 200
    assert (await client.get(f"/messages/{good.id}/$value")).status == 200


async def test_faults_of_user_app_and_path_are_taken_from_the_narrowest(
    client: Client, graph: GraphStandIn, mailbox: Mailbox
) -> None:
    graph.faults.on_app(CLIENT, "serviceNotAvailable", retry_after=7)
    graph.faults.on_user(mailbox, "TooManyRequests", 2)
    graph.faults.on_path("/mailFolders/", "UnknownError")
    got = [await client.get(INBOX) for _ in range(5)]
    assert [each.status for each in got] == [504, 429, 429, 503, 200]
    assert got[3].headers["Retry-After"] == "7"
    assert got[1].json["error"]["innerError"]["code"] == "429"


async def test_a_throttled_call_may_not_say_how_long(client: Client, graph: GraphStandIn) -> None:
    graph.faults.on_user(USER, "TooManyRequests", retry_after=0)
    got = await client.get(INBOX)
    assert (got.status, "Retry-After" in got.headers) == (429, False)


async def test_plans_can_be_cleared(client: Client, graph: GraphStandIn) -> None:
    graph.faults.on_user(USER, "UnknownError", FOREVER)
    graph.faults.on_path(".", "UnknownError", FOREVER)
    graph.faults.clear()
    assert (await client.get(INBOX)).status == 200


async def test_an_unknown_kind_is_a_mistake_of_the_test(graph: GraphStandIn) -> None:
    with pytest.raises(KeyError):
        graph.faults.on_user(USER, "ErrorNoSuchThing")


async def test_a_connection_can_end_before_the_answer(client: Client, graph: GraphStandIn) -> None:
    graph.faults.on_user(USER, "dropped", 2)  # aiohttp asks a second time by itself
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.get(INBOX)
    assert ("GET", f"/v1.0/users/{USER}{INBOX}", 0) in list(graph.requests)
    assert (await client.get(INBOX)).status == 200


@pytest.mark.parametrize("size", [200, 1_000_000])
async def test_a_connection_can_end_in_the_middle_of_the_body(
    client: Client, inbox: Folder, size: int
) -> None:
    message = client.graph.world.deliver(inbox, RepeatedMime(b"Subject: x\r\n\r\n", size))
    client.graph.faults.on_value(message, "truncated")
    with pytest.raises(aiohttp.ClientPayloadError):
        await client.get(f"/messages/{message.id}/$value")
    assert len((await client.get(f"/messages/{message.id}/$value")).body) == size


async def test_a_body_can_stall_and_its_place_is_free_when_the_client_leaves(
    client: Client, graph: GraphStandIn, inbox: Folder, mailbox: Mailbox
) -> None:
    message = graph.world.deliver(inbox, RepeatedMime(b"Subject: x\r\n\r\n", 100_000))
    graph.faults.on_value(message, "stalled")
    url = f"{graph.url}/users/{USER}/messages/{message.id}/$value"
    headers = {"Authorization": f"Bearer {client.token}", "Prefer": 'IdType="ImmutableId"'}
    response = await client.http.get(url, headers=headers)
    assert await response.content.readexactly(50_000)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(response.content.readexactly(1), 0.05)
    meter = graph.throttle.meter(CLIENT, mailbox.id)
    assert meter.in_flight == 1
    response.close()
    async with asyncio.timeout(5):
        while meter.in_flight:  # noqa: ASYNC110 - the server hears of it from the socket
            await asyncio.sleep(0)


@pytest.mark.parametrize("accident", ["dropped", "truncated"])
async def test_a_sign_in_can_fail_too(client: Client, graph: GraphStandIn, accident: Accident) -> None:
    graph.faults.on_sign_in(accident)
    with pytest.raises(aiohttp.ClientError):
        await client.sign_in()
    graph.faults.on_sign_in("serviceNotAvailable")
    got = await client.sign_in()
    assert (got.status, got.json["error"]) == (503, "temporarily_unavailable")
    assert (await client.sign_in()).status == 200


async def test_an_answer_can_be_late(client: Client, graph: GraphStandIn) -> None:
    graph.faults.on_user(USER, Fault(delay_s=0.05))
    started = asyncio.get_running_loop().time()
    assert (await client.get(INBOX)).status == 200
    assert asyncio.get_running_loop().time() - started >= 0.05
