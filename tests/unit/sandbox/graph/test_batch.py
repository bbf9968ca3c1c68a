"""A batch holds up to twenty requests, each with its own status."""

from typing import Any

import aiohttp
import pytest

from bot.sandbox.graph import Folder, GraphStandIn, Limits
from tests.unit.sandbox.graph.clients import IMMUTABLE, USER, Client, Got, Starter


async def batch(client: Client, *requests: object) -> Got:
    return await client.ask("POST", f"{client.graph.url}/$batch", json={"requests": list(requests)})


def get(number: int, path: str, **more: object) -> dict[str, object]:
    return {"id": str(number), "method": "GET", "url": f"/users/{USER}{path}", **more}


def by_id(got: Got) -> dict[str, Any]:
    return {response["id"]: response for response in got.json["responses"]}


async def test_each_request_has_its_status(client: Client, inbox: Folder) -> None:
    message = client.graph.world.deliver(inbox, b"Subject: x\r\n\r\n")
    got = await batch(
        client,
        get(1, "/mailFolders/inbox?$select=id"),
        get(2, "/mailFolders/clutter"),
        get(3, f"/messages/{message.id}", headers={"Prefer": IMMUTABLE}),
        {"id": "4", "method": "DELETE", "url": f"users/{USER}/messages/{message.id}"},
    )
    found = by_id(got)
    assert {number: response["status"] for number, response in found.items()} == {
        "1": 200,
        "2": 404,
        "3": 200,
        "4": 405,
    }
    assert found["1"]["body"]["id"] == inbox.id
    assert found["2"]["body"]["error"]["code"] == "ErrorItemNotFound"


async def test_twenty_are_the_most(client: Client) -> None:
    twenty = [get(number, "/mailFolders/inbox") for number in range(20)]
    assert len(by_id(await batch(client, *twenty))) == 20
    got = await batch(client, *twenty, get(21, "/mailFolders/inbox"))
    assert (got.status, got.code) == (400, "MaximumValueExceeded")


@pytest.mark.parametrize(
    "requests",
    [
        [],
        ["x"],
        [{"id": 1, "method": "GET", "url": "/users"}],
        [{"id": "1", "method": "GET"}],
        [get(1, ""), get(1, "")],
        [{"id": "1", "method": "GET", "url": "https://elsewhere.example/users"}],
        [get(1, "", headers=["Prefer"])],
    ],
)
async def test_a_malformed_batch_is_refused_as_a_whole(client: Client, requests: list[object]) -> None:
    assert (await batch(client, *requests)).status == 400


@pytest.mark.parametrize("more", [{"dependsOn": ["2"]}, {"body": {}}])
async def test_what_is_not_done_in_a_batch_is_refused(client: Client, more: dict[str, object]) -> None:
    assert (await batch(client, get(1, "", **more))).status == 501


async def test_a_batch_is_posted_and_signed_in(client: Client, graph: GraphStandIn) -> None:
    assert (await client.ask("GET", f"{graph.url}/$batch")).status == 405
    client.token = "a.b.c"
    assert (await batch(client, get(1, ""))).status == 401


async def test_mime_is_not_batched(client: Client, inbox: Folder) -> None:
    message = client.graph.world.deliver(inbox, b"Subject: x\r\n\r\n")
    [response] = (await batch(client, get(1, f"/messages/{message.mutable_id}/$value"))).json["responses"]
    assert response["status"] == 501


async def test_requests_count_one_by_one(standing: Starter) -> None:
    async with standing(Limits(requests=2)) as client:
        got = await batch(client, *(get(number, "/mailFolders/inbox") for number in range(3)))
        statuses = [response["status"] for response in got.json["responses"]]
        refused = by_id(got)["2"]
    assert (statuses, refused["headers"]["Retry-After"]) == ([200, 200, 429], "600")


async def test_faults_reach_into_a_batch(client: Client, graph: GraphStandIn) -> None:
    graph.faults.on_path("mailFolders/drafts", "UnknownError")
    got = await batch(client, get(1, "/mailFolders/inbox"), get(2, "/mailFolders/drafts"))
    assert [response["status"] for response in got.json["responses"]] == [200, 504]
    graph.faults.on_path("mailFolders/drafts", "dropped")
    with pytest.raises(aiohttp.ClientConnectionError):
        await batch(client, get(1, "/mailFolders/drafts"))
