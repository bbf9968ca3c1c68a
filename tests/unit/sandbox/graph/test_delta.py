"""Rounds of change tracking go as the delta query overview has them."""

import itertools
from typing import Any

import pytest

from bot.sandbox.graph import Folder, GraphStandIn, Mailbox
from tests.unit.sandbox.graph.clients import IMMUTABLE, Client, Starter

DELTA = "/mailFolders/inbox/messages/delta"


def ids(items: list[dict[str, Any]]) -> list[str]:
    return [item["id"] for item in items]


def removed(items: list[dict[str, Any]]) -> dict[str, str]:
    return {item["id"]: item["@removed"]["reason"] for item in items if "@removed" in item}


def inbox_of(client: Client) -> Folder:
    return next(iter(client.graph.world.users())).folder("inbox")


async def test_the_first_round_holds_every_message_in_pages_of_ten(client: Client, inbox: Folder) -> None:
    messages = client.graph.world.populate(inbox, 25)
    first = await client.get(DELTA)
    assert len(first.value) == 10
    assert "@odata.deltaLink" not in first.json
    items, _ = await client.round(DELTA)
    assert sorted(ids(items)) == sorted(message.id for message in messages)


async def test_the_order_is_not_that_of_arrival_yet_the_same_each_time(client: Client, inbox: Folder) -> None:
    messages = client.graph.world.populate(inbox, 25)
    items, _ = await client.round(DELTA)
    again, _ = await client.round(DELTA)
    assert ids(items) == ids(again)
    assert ids(items) not in ([m.id for m in messages], [m.id for m in reversed(messages)])


async def test_the_preferred_size_goes_for_the_page_that_asks(client: Client, inbox: Folder) -> None:
    client.graph.world.populate(inbox, 25)
    first = await client.get(DELTA, prefer=f"{IMMUTABLE}, odata.maxpagesize=4")
    assert (len(first.value), "odata.maxpagesize=4" in first.headers["Preference-Applied"]) == (4, True)
    assert len((await client.get(first.json["@odata.nextLink"])).value) == 10


async def test_a_link_keeps_the_selection(client: Client, inbox: Folder) -> None:
    client.graph.world.populate(inbox, 11)
    items, link = await client.round(f"{DELTA}?$select=isRead,flag")
    client.graph.world.set_flag(inbox.mailbox.messages[items[0]["id"]])
    later, _ = await client.round(link)
    for item in (*items, *later):
        assert {name for name in item if not name.startswith("@")} == {"id", "isRead", "flag"}
    assert later[0]["flag"] == {"flagStatus": "flagged"}


async def test_a_later_round_holds_what_changed_alone(client: Client, inbox: Folder) -> None:
    world = client.graph.world
    first, second, third = world.populate(inbox, 3)
    _, link = await client.round(DELTA)
    assert (await client.round(link))[0] == []
    world.set_read(first)
    world.delete(second, hard=True)
    fresh = world.deliver(inbox, b"Subject: Hi\r\n\r\n")
    items, link = await client.round(link)
    assert sorted(ids(items)) == sorted([first.id, second.id, fresh.id])
    assert removed(items) == {second.id: "deleted"}
    assert third.id not in ids(items)
    assert (await client.round(link))[0] == []


async def test_a_link_may_be_followed_twice(client: Client, inbox: Folder) -> None:
    world = client.graph.world
    [message] = world.populate(inbox, 1)
    _, link = await client.round(DELTA)
    world.set_read(message)
    assert (await client.round(link))[0] == (await client.round(link))[0] != []


async def test_a_move_is_a_removal_here_and_the_same_id_there(client: Client, mailbox: Mailbox) -> None:
    world = client.graph.world
    [message] = world.populate(mailbox.folder("inbox"), 1)
    _, here = await client.round(DELTA)
    _, there = await client.round("/mailFolders/archive/messages/delta")
    world.move(message, mailbox.folder("archive"))
    assert removed((await client.round(here))[0]) == {message.id: "deleted"}
    [arrived] = (await client.round(there))[0]
    assert (arrived["id"], arrived["parentFolderId"]) == (message.id, mailbox.folder("archive").id)


async def test_a_move_can_be_called_a_change(standing: Starter) -> None:
    async with standing(move_reason="changed") as client:
        world = client.graph.world
        [message] = world.populate(inbox_of(client), 1)
        _, link = await client.round(DELTA)
        world.delete(message)
        assert removed((await client.round(link))[0]) == {message.id: "changed"}


async def test_without_the_preference_ids_change_on_a_move(client: Client, mailbox: Mailbox) -> None:
    world = client.graph.world
    [message] = world.populate(mailbox.folder("inbox"), 1)
    [before], link = await client.round(DELTA, prefer="odata.maxpagesize=5")
    world.move(message, mailbox.folder("archive"))
    [gone], _ = await client.round(link, prefer="odata.maxpagesize=5")
    [after], _ = await client.round("/mailFolders/archive/messages/delta", prefer="odata.maxpagesize=5")
    assert gone["id"] == before["id"] != after["id"]
    assert message.id not in {before["id"], after["id"]}


async def test_a_message_that_came_back_is_no_removal(client: Client, mailbox: Mailbox) -> None:
    world = client.graph.world
    [message] = world.populate(mailbox.folder("inbox"), 1)
    _, link = await client.round(DELTA)
    world.move(message, mailbox.folder("archive"))
    world.move(message, mailbox.folder("inbox"))
    items, _ = await client.round(link)
    assert (ids(items), removed(items)) == ([message.id], {})


async def test_what_leaves_during_a_round_is_told_in_the_next(client: Client, inbox: Folder) -> None:
    world = client.graph.world
    messages = world.populate(inbox, 15)
    first = await client.get(DELTA)
    left = next(message for message in messages if message.id not in ids(first.value))
    world.delete(left, hard=True)
    rest, link = await client.round(first.json["@odata.nextLink"])
    assert left.id not in ids(rest)
    assert removed((await client.round(link))[0]) == {left.id: "deleted"}


async def test_pages_may_be_empty_and_go_on(standing: Starter) -> None:
    async with standing(empty_every=1) as client:
        client.graph.world.populate(inbox_of(client), 25)
        first = await client.get(DELTA)
        assert (first.value, "@odata.nextLink" in first.json) == ([], True)
        items, _ = await client.round(first.json["@odata.nextLink"])
        assert len(set(ids(items))) == len(items) == 25


async def test_pages_may_come_twice(standing: Starter) -> None:
    async with standing(replay_every=1) as client:
        client.graph.world.populate(inbox_of(client), 20)
        first = await client.get(DELTA)
        assert ids((await client.get(first.json["@odata.nextLink"])).value) == ids(first.value)
        items, _ = await client.round(DELTA)
        assert (len(items), len(set(ids(items)))) == (40, 20)


async def test_items_may_come_twice(standing: Starter) -> None:
    async with standing(repeats=0.5) as client:
        client.graph.world.populate(inbox_of(client), 40)
        items, _ = await client.round(DELTA)
        assert len(items) > len(set(ids(items))) == 40


async def test_a_change_may_come_with_its_properties_alone(standing: Starter) -> None:
    async with standing(sparse_updates=True) as client:
        world = client.graph.world
        message, other = world.populate(inbox_of(client), 2)
        _, link = await client.round(DELTA)
        world.set_read(message)
        world.set_flag(other)
        items = {item["id"]: item for item in (await client.round(link))[0]}
        assert {name for name in items[message.id] if name[0] != "@"} == {"id", "isRead"}
        assert {name for name in items[other.id] if name[0] != "@"} == {"id", "flag"}


@pytest.mark.parametrize("query", ["$search=x", "$count=true", "$skip=5", "isRead=true"])
async def test_an_option_that_graph_does_not_have_is_refused(client: Client, query: str) -> None:
    got = await client.get(f"{DELTA}?{query}")
    assert (got.status, got.code) == (400, "ErrorInvalidUrlQuery")


@pytest.mark.parametrize("query", ["$expand=attachments", "changeType=created", "$select=id,body"])
async def test_what_the_stand_in_leaves_out_is_refused_otherwise(client: Client, query: str) -> None:
    got = await client.get(f"{DELTA}?{query}")
    assert (got.status, got.code) == (501, "notSupported")


async def test_options_beside_a_token_are_refused(client: Client) -> None:
    _, link = await client.round(DELTA)
    assert (await client.get(f"{link}&$select=id")).code == "ErrorInvalidUrlQuery"


async def test_an_unknown_property_is_refused(client: Client) -> None:
    got = await client.get(f"{DELTA}?$select=isRed")
    assert (got.status, "isRed" in got.json["error"]["message"]) == (400, True)


@pytest.mark.parametrize(("operator", "found"), [("ge", 2), ("gt", 1)])
async def test_the_time_of_reception_alone_filters(
    client: Client, inbox: Folder, operator: str, found: int
) -> None:
    messages = client.graph.world.populate(inbox, 3)
    since = messages[1].received_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    items, _ = await client.round(f"{DELTA}?$filter=receivedDateTime+{operator}+{since}")
    assert len(items) == found
    assert (await client.get(f"{DELTA}?$filter=isRead+eq+true")).status == 400


async def test_a_filter_stops_at_five_thousand(client: Client, inbox: Folder) -> None:
    client.graph.world.populate(inbox, 5_010)
    filtered = f"{DELTA}?$select=id&$filter=receivedDateTime+ge+2020-01-01T00:00:00Z"
    items, _ = await client.round(filtered, prefer="odata.maxpagesize=1000")
    assert len(items) == 5_000


async def test_newest_first_is_the_one_order_to_ask_for(client: Client, inbox: Folder) -> None:
    client.graph.world.populate(inbox, 12)
    items, _ = await client.round(f"{DELTA}?$orderby=receivedDateTime+desc")
    times = [item["receivedDateTime"] for item in items]
    assert all(newer >= older for newer, older in itertools.pairwise(times))
    assert (await client.get(f"{DELTA}?$orderby=receivedDateTime+asc")).status == 400


@pytest.mark.parametrize("code", ["SyncStateNotFound", "resyncRequired"])
async def test_a_token_may_be_lost_once(client: Client, graph: GraphStandIn, code: str) -> None:
    _, link = await client.round(DELTA)
    graph.faults.on_path("messages/delta$", code)
    got = await client.get(link)
    assert (got.status, got.code) == (410, code)
    assert (await client.get(link)).status == 200


async def test_lost_tokens_stay_lost(client: Client, graph: GraphStandIn) -> None:
    _, link = await client.round(DELTA)
    graph.expire_delta_tokens()
    assert [(await client.get(link)).status for _ in range(2)] == [410, 410]
    assert (await client.get(DELTA)).status == 200


async def test_the_oldest_tokens_are_forgotten_when_there_are_too_many(standing: Starter) -> None:
    async with standing(token_capacity=2) as client:
        _, oldest = await client.round(DELTA)
        _, newer = await client.round(DELTA)
        await client.round(DELTA)
        assert (await client.get(newer)).status == 200
        assert (await client.get(oldest)).code == "SyncStateNotFound"


async def test_a_token_is_for_its_folder(client: Client, mailbox: Mailbox) -> None:
    _, link = await client.round(DELTA)
    elsewhere = link.replace(mailbox.folder("inbox").id, mailbox.folder("archive").id)
    assert (await client.get(elsewhere)).status == 410
