"""A mailbox of Graph as a source, read from the stand-in."""

import pytest

from bot.domain.mail import WellKnown
from bot.engine.fault import CursorLost, Fault
from bot.sandbox.graph import Call, Knobs, RepeatedMime
from tests.unit.engine.graph.conftest import ADDRESS, MIME, Site


async def read(site: Site, message: str) -> bytes:
    async with site.source.open(message) as mime:
        return b"".join([chunk async for chunk in mime.pieces()])


def cause(error: pytest.ExceptionInfo[Fault]) -> str:
    return error.value.cause.code


def test_a_mailbox_is_the_same_one_each_time(site: Site) -> None:
    assert site.graph.mailbox(ADDRESS) is site.source
    assert site.graph.mailbox("ben@contoso.example") is not site.source


# Folders


async def test_well_known_folders_are_known_by_id_in_any_language(site: Site) -> None:
    site.user = site.stand_in.world.add_user("dora@contoso.example", language="de")
    found = await site.graph.mailbox("dora@contoso.example").well_known()
    assert found == {
        folder.id: WellKnown(name) for name, folder in site.user.well_known.items() if name in set(WellKnown)
    }
    assert found[site.inbox.id] is WellKnown.INBOX
    assert found[site.user.root.id] is WellKnown.ROOT


async def test_well_known_folders_take_one_request_and_those_that_are_missing_are_left_out(
    site: Site,
) -> None:
    await site.graph.token()
    site.stand_in.requests.clear()
    found = await site.source.well_known()
    assert WellKnown.SYNC_ISSUES not in found.values()
    assert site.stand_in.requests.by_kind["batch"] == 1
    assert set(site.stand_in.requests.by_kind) == {"batch", "folder"}


async def test_the_folder_tree_comes_with_parents(site: Site) -> None:
    clients = site.stand_in.world.add_folder("Clients")
    contoso = site.stand_in.world.add_folder("Contoso / 2026", clients)
    pages, _ = await site.folders()
    by_id = {folder.id: folder for page in pages for folder in page.folders}
    assert by_id[contoso.id].name == "Contoso / 2026"
    assert by_id[contoso.id].parent == clients.id
    assert by_id[clients.id].parent == site.user.root.id
    assert pages[-1].is_last


async def test_a_root_in_the_tree_is_nobodys_child(site: Site) -> None:
    site.stand_in.knobs.root_in_folder_delta = True
    [page], _ = await site.folders()
    assert {folder.parent for folder in page.folders} == {None, site.user.root.id}


async def test_later_only_changes_of_the_tree_come(site: Site) -> None:
    world = site.stand_in.world
    kept, lost = world.add_folder("Kept"), world.add_folder("Lost")
    _, cursor = await site.folders()
    [nothing], cursor = await site.folders(cursor)
    assert (nothing.folders, nothing.removed) == ((), ())
    world.rename_folder(kept, "Renamed")
    world.remove_folder(lost)
    [changed], _ = await site.folders(cursor)
    assert [(folder.id, folder.name) for folder in changed.folders] == [(kept.id, "Renamed")]
    assert changed.removed == (lost.id,)


async def test_a_large_tree_comes_in_pages(site: Site) -> None:
    added = [site.stand_in.world.add_folder(f"F{number}") for number in range(300)]
    pages, _ = await site.folders()
    assert len(pages) == 2
    assert {folder.id for page in pages for folder in page.folders} >= {folder.id for folder in added}


# Messages


async def test_a_message_comes_with_how_it_is_shown(site: Site) -> None:
    message = site.stand_in.world.deliver(site.inbox, MIME, is_read=True, is_flagged=True)
    [page], _ = await site.messages(site.inbox)
    [found] = page.messages
    assert found.id == message.id
    assert found.message_id == "<one@contoso.example>"
    assert (found.is_read, found.is_flagged, found.is_draft) == (True, True, False)
    assert found.received_at == message.received_at
    assert found.version


async def test_a_draft_and_what_is_unread_are_told(site: Site) -> None:
    site.stand_in.world.deliver(site.inbox, b"Subject: x\r\n\r\n", is_draft=True)
    [page], _ = await site.messages(site.inbox)
    [found] = page.messages
    assert (found.is_read, found.is_flagged, found.is_draft, found.message_id) == (False, False, True, None)


async def test_messages_come_by_the_200(site: Site) -> None:
    delivered = site.stand_in.world.populate(site.inbox, 401)
    pages, _ = await site.messages(site.inbox)
    assert [len(page.messages) for page in pages] == [200, 200, 1]
    assert {m.id for page in pages for m in page.messages} == {m.id for m in delivered}


async def test_a_moved_message_keeps_its_id_and_leaves_its_folder(site: Site) -> None:
    world, archive = site.stand_in.world, site.user.folder("archive")
    message = world.deliver(site.inbox, MIME)
    _, there = await site.messages(site.inbox)
    _, here = await site.messages(archive)
    world.move(message, archive)
    [left], _ = await site.messages(site.inbox, there)
    [came], _ = await site.messages(archive, here)
    assert (left.messages, left.removed) == ((), (message.id,))
    assert [found.id for found in came.messages] == [message.id]
    assert await site.source.folder_of(message.id) == archive.id
    assert await read(site, message.id) == MIME


async def test_a_change_comes_with_another_version(site: Site) -> None:
    message = site.stand_in.world.deliver(site.inbox, MIME)
    [first], cursor = await site.messages(site.inbox)
    site.stand_in.world.set_read(message)
    [second], _ = await site.messages(site.inbox, cursor)
    assert second.messages[0].is_read
    assert second.messages[0].version != first.messages[0].version


async def test_a_sparse_update_loses_nothing_that_did_not_change(site: Site) -> None:
    """https://github.com/microsoftgraph/microsoft-graph-docs/issues/7776"""
    site.stand_in.knobs.sparse_updates = True
    messages = [
        site.stand_in.world.deliver(site.inbox, MIME, is_flagged=True, is_draft=True) for _ in range(45)
    ]
    _, cursor = await site.messages(site.inbox)
    for message in messages:
        site.stand_in.world.set_read(message)
    site.stand_in.requests.clear()
    [page], _ = await site.messages(site.inbox, cursor)
    assert len(page.messages) == 45
    assert all(found.is_read and found.is_flagged and found.is_draft for found in page.messages)
    assert {found.message_id for found in page.messages} == {"<one@contoso.example>"}
    assert site.stand_in.requests.by_kind["batch"] == 3


async def test_a_sparse_update_of_what_is_gone_by_then_is_a_removal(site: Site) -> None:
    world = site.stand_in.world
    site.stand_in.knobs.sparse_updates = True
    gone, kept = world.deliver(site.inbox, MIME), world.deliver(site.inbox, MIME)
    _, cursor = await site.messages(site.inbox)
    world.set_read(gone)
    world.set_read(kept)

    def delete(call: Call) -> None:
        if call.kind == "delta" and not gone.is_gone:
            world.delete(gone, hard=True)

    site.stand_in.after(delete)
    page = await site.source.message_page(site.inbox.id, cursor)
    assert [found.id for found in page.messages] == [kept.id]
    assert page.removed == (gone.id,)


async def test_a_throttled_completion_is_a_fault_and_not_half_a_page(site: Site) -> None:
    site.stand_in.knobs.sparse_updates = True
    message = site.stand_in.world.deliver(site.inbox, MIME)
    _, cursor = await site.messages(site.inbox)
    site.stand_in.world.set_read(message)
    site.stand_in.faults.on_path(f"/messages/{message.id}", "TooManyRequests", retry_after=7)
    with pytest.raises(Fault) as error:
        await site.source.message_page(site.inbox.id, cursor)
    assert cause(error) == "source_throttled"
    assert error.value.retry_after is not None
    assert error.value.retry_after.total_seconds() == 7
    assert (await site.source.message_page(site.inbox.id, cursor)).messages[0].is_read


@pytest.mark.parametrize(
    "knobs",
    [
        Knobs(empty_every=2),
        Knobs(replay_every=2),
        Knobs(repeats=0.5),
        Knobs(seed=3, empty_every=3, replay_every=2, repeats=0.3, sparse_updates=True),
    ],
)
async def test_whatever_a_round_looks_like_it_tells_all(site: Site, knobs: Knobs) -> None:
    for name in ("empty_every", "replay_every", "repeats", "sparse_updates", "seed"):
        setattr(site.stand_in.knobs, name, getattr(knobs, name))
    delivered = site.stand_in.world.populate(site.inbox, 600)
    pages, cursor = await site.messages(site.inbox)
    assert {m.id for page in pages for m in page.messages} == {m.id for m in delivered}
    for message in delivered[:3]:
        site.stand_in.world.move(message, site.user.folder("archive"))
    pages, _ = await site.messages(site.inbox, cursor)
    assert {m for page in pages for m in page.removed} == {m.id for m in delivered[:3]}


async def test_a_lost_cursor_is_told_from_a_failure(site: Site) -> None:
    _, messages = await site.messages(site.inbox)
    _, folders = await site.folders()
    site.stand_in.expire_delta_tokens()
    with pytest.raises(CursorLost, match="HTTP 410"):
        await site.source.message_page(site.inbox.id, messages)
    with pytest.raises(CursorLost):
        await site.source.folder_page(folders)
    await site.messages(site.inbox)


async def test_without_a_cursor_none_can_be_lost(site: Site) -> None:
    """Else the list would begin anew, and anew."""
    site.stand_in.faults.on_user(ADDRESS, "resyncRequired")
    with pytest.raises(Fault) as error:
        await site.source.message_page(site.inbox.id, None)
    assert cause(error) == "source_busy"


async def test_a_cursor_of_another_graph_is_as_good_as_lost(site: Site) -> None:
    other = "https://graph.microsoft.com/v1.0/users/1/mailFolders/2/messages/delta?$deltatoken=x"
    with pytest.raises(CursorLost):
        await site.source.message_page(site.inbox.id, other)
    assert site.stand_in.requests.total == 0


async def test_the_messages_of_a_folder_that_is_gone_are_gone(site: Site) -> None:
    folder = site.stand_in.world.add_folder("Old")
    site.stand_in.world.remove_folder(folder)
    with pytest.raises(Fault) as error:
        await site.source.message_page(folder.id, None)
    assert cause(error) == "source_item_gone"


# One message


async def test_the_bytes_of_a_message_come_unaltered_with_their_size(site: Site) -> None:
    raw = b"Subject: \xff\x00\n\r\n" + bytes(range(256)) * 8
    message = site.stand_in.world.deliver(site.inbox, raw)
    async with site.source.open(message.id) as mime:
        assert mime.size == len(raw)
        assert b"".join([chunk async for chunk in mime.pieces()]) == raw


async def test_a_large_message_comes_in_pieces(site: Site) -> None:
    source = RepeatedMime(MIME, 3_000_000)
    message = site.stand_in.world.deliver(site.inbox, source)
    async with site.source.open(message.id) as mime:
        sizes = [len(chunk) async for chunk in mime.pieces()]
    assert sum(sizes) == source.size
    assert len(sizes) > 5
    assert 0 < min(sizes) <= max(sizes) <= 64 * 1024


async def test_a_message_that_is_left_half_read_harms_nothing(site: Site) -> None:
    large = site.stand_in.world.deliver(site.inbox, MIME * 40_000)
    small = site.stand_in.world.deliver(site.inbox, MIME)
    for _ in range(5):
        async with site.source.open(large.id) as mime:
            await anext(mime.pieces())
    assert await read(site, small.id) == MIME


async def test_an_error_of_who_reads_stays_that_error(site: Site) -> None:
    message = site.stand_in.world.deliver(site.inbox, MIME)
    with pytest.raises(ConnectionResetError):
        async with site.source.open(message.id):
            raise ConnectionResetError
    assert await read(site, message.id) == MIME


async def test_a_message_is_described(site: Site) -> None:
    message = site.stand_in.world.deliver(site.inbox, MIME)
    found = await site.source.describe(message.id)
    assert (found.subject, found.sender, found.size) == ("Hi", "ben@x.example", None)
    assert found.received_at == message.received_at


async def test_what_does_not_exist_is_gone(site: Site) -> None:
    message = site.stand_in.world.deliver(site.inbox, MIME)
    site.stand_in.world.delete(message, hard=True)
    assert await site.source.folder_of(message.id) is None
    with pytest.raises(Fault) as opening:
        await read(site, message.id)
    with pytest.raises(Fault) as describing:
        await site.source.describe(message.id)
    assert (cause(opening), cause(describing)) == ("source_item_gone", "source_item_gone")


async def test_only_what_does_not_exist_is_nowhere(site: Site) -> None:
    message = site.stand_in.world.deliver(site.inbox, MIME)
    site.stand_in.faults.on_path(f"/messages/{message.id}", "MailboxNotEnabledForRESTAPI")
    with pytest.raises(Fault) as error:
        await site.source.folder_of(message.id)
    assert cause(error) == "source_mailbox_unavailable"
