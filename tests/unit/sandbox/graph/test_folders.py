"""Folders are read by name or id, page by page, and their changes are tracked over the whole tree."""

from typing import Any

import pytest

from bot.sandbox.graph import GraphStandIn, Mailbox
from tests.unit.sandbox.graph.clients import USER, Client, Starter

DELTA = "/mailFolders/delta"


def named(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {item["displayName"]: item for item in items if "displayName" in item}


async def test_well_known_names_are_the_same_in_every_language(client: Client, graph: GraphStandIn) -> None:
    graph.world.add_user("uwe@contoso.example", language="de")
    url = f"{graph.url}/users/uwe@contoso.example/mailFolders/SentItems"
    got = await client.ask("GET", url)
    assert got.json["displayName"] == "Gesendete Elemente"
    assert (await client.get("/mailfolders/sentitems")).json["displayName"] == "Sent Items"


async def test_a_folder_has_its_counts(client: Client, mailbox: Mailbox) -> None:
    world, inbox = client.graph.world, mailbox.folder("inbox")
    messages = world.populate(inbox, 3)
    world.set_read(messages[0])
    world.add_folder("Travel", inbox)
    got = await client.get(f"/mailFolders/{inbox.id}")
    assert (got.json["totalItemCount"], got.json["unreadItemCount"], got.json["childFolderCount"]) == (
        3,
        2,
        1,
    )
    assert got.json["parentFolderId"] == mailbox.root.id


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [("clutter", 404, "ErrorItemNotFound"), ("Travel", 400, "ErrorInvalidIdMalformed")],
)
async def test_an_unknown_folder_is_refused(client: Client, name: str, status: int, code: str) -> None:
    got = await client.get(f"/mailFolders/{name}")
    assert (got.status, got.code) == (status, code)


async def test_ids_are_case_sensitive(client: Client, mailbox: Mailbox) -> None:
    folder = mailbox.folder("inbox").id
    other = folder[:8] + folder[8:].swapcase()
    assert (await client.get(f"/mailFolders/{other}")).code == "ErrorItemNotFound"


async def test_the_top_level_comes_in_pages_and_without_hidden_ones(client: Client, mailbox: Mailbox) -> None:
    world = client.graph.world
    for name in "abcdef":
        world.add_folder(name)
    world.add_folder("nested", mailbox.folder("inbox"))
    world.add_folder("hidden", is_hidden=True)
    first = await client.get("/mailFolders?$select=displayName")
    assert len(first.value) == 10
    rest = await client.get(first.json["@odata.nextLink"])
    assert not {"nested", "hidden"} & named([*first.value, *rest.value]).keys()
    assert (len(rest.value), "@odata.nextLink" in rest.json) == (3, False)
    everything = await client.get("/mailFolders?includeHiddenFolders=true&$top=50")
    assert "hidden" in named(everything.value)


async def test_the_delta_holds_the_whole_tree(client: Client, mailbox: Mailbox) -> None:
    travel = client.graph.world.add_folder("Travel", mailbox.folder("inbox"))
    items, _ = await client.round(DELTA)
    assert named(items)["Travel"]["parentFolderId"] == mailbox.folder("inbox").id
    assert {item["id"] for item in items} == set(mailbox.folders) - {mailbox.root.id}
    assert travel.id in mailbox.folders


async def test_a_search_folder_is_told_apart_by_its_type(client: Client, mailbox: Mailbox) -> None:
    client.graph.world.add_folder("Digests", mailbox.folder("inbox"), is_search=True)
    items, _ = await client.round(f"{DELTA}?$select=displayName")
    kinds = {name: item.get("@odata.type") for name, item in named(items).items()}
    assert (kinds["Digests"], kinds["Inbox"]) == ("#microsoft.graph.mailSearchFolder", None)


async def test_the_root_can_be_in_the_delta(standing: Starter) -> None:
    async with standing(root_in_folder_delta=True) as client:
        items, _ = await client.round(DELTA)
        assert "Top of Information Store" in named(items)


async def test_renamed_moved_and_removed_folders_are_told(client: Client, mailbox: Mailbox) -> None:
    world = client.graph.world
    kept, moved, removed = (world.add_folder(name) for name in ("kept", "moved", "removed"))
    inside = world.add_folder("inside", removed)
    _, link = await client.round(f"{DELTA}?$select=displayName,parentFolderId")
    world.rename_folder(kept, "renamed")
    world.move_folder(moved, kept)
    world.remove_folder(removed)
    items, link = await client.round(link)
    assert {item["id"] for item in items} == {kept.id, moved.id, removed.id, inside.id}
    assert named(items)["moved"] | {"@odata.etag": 0} == {
        "@odata.etag": 0,
        "id": moved.id,
        "displayName": "moved",
        "parentFolderId": kept.id,
    }
    gone = [item for item in items if "@removed" in item]
    assert {item["id"] for item in gone} == {removed.id, inside.id}
    assert (await client.get(f"/mailFolders/{removed.id}/messages/delta")).status == 404
    assert mailbox.folder("renamed") is kept


async def test_a_new_message_is_no_change_of_its_folder_unless_asked_for(standing: Starter) -> None:
    for counts, changed in ((False, set()), (True, {"Inbox"})):
        async with standing(counts_change_folders=counts) as client:
            _, link = await client.round(DELTA)
            mailbox = client.graph.world.mailbox(USER)
            assert mailbox
            client.graph.world.populate(mailbox.folder("inbox"), 1)
            assert named((await client.round(link))[0]).keys() == changed
