"""What the listing of a folder makes of the journal."""

from typing import Any

import pytest

from bot.domain.mail import Gone, Imported, ItemState, Later
from tests.integration.store.journal_words import (
    ARCHIVE,
    INBOX,
    Office,
    folder,
    folders,
    imported,
    message,
    messages,
    shown,
)
from tests.integration.store.words import at

NEW, SENDING, DONE, CHANGED = ItemState.NEW, ItemState.SENDING, ItemState.DONE, ItemState.CHANGED
REMOVED, FAILED, GONE = ItemState.REMOVED, ItemState.FAILED, ItemState.GONE


async def _folder(office: Office, name: str) -> Any:
    (mailbox_id,) = {row["id"] for row in await office.store.rows("SELECT id FROM mailbox")}
    return next(one for one in await office.tree.folders(mailbox_id) if one.id == name)


# ---- messages ----------------------------------------------------------------------------------------------


async def test_a_page_and_its_cursor_are_kept_together(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder(INBOX)))
    found = messages(message("a", read=True, flagged=True), message("b"), cursor="next", last=False)
    assert await office.tree.save_messages(work, INBOX, found) == 2
    item = await office.item(work, "a")
    assert (item.wanted, item.state, item.message_id) == (
        shown(INBOX, read=True, flagged=True),
        NEW,
        "<a@old.example>",
    )
    assert (item.shown, item.destination_id, item.attempts, item.intent_at) == (None, None, 0, None)
    assert item.received_at == at(0)
    assert (await _folder(office, INBOX)).cursor == "next"


async def test_items_repeat_and_pages_replay(office: Office) -> None:
    work = await office.run()
    page = messages(message("a"), message("a"), message("b"))
    counted = [await office.tree.save_messages(work, INBOX, page) for _ in range(3)]
    assert (counted, await office.states()) == ([2, 0, 0], {"a": NEW, "b": NEW})


async def test_what_is_older_than_the_window_and_drafts_are_not_kept(office: Office) -> None:
    work = await office.run()
    month = 60 * 24 * 30
    kept = await office.list(
        work,
        message("old", minute=-month - 1),
        message("just in", minute=-month),
        message("draft", draft=True),
        message("undated", minute=None),
    )
    assert (kept, set(await office.states())) == (2, {"just in", "undated"})


async def test_an_item_that_moved_is_not_removed(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    await office.list(work, message("a", version="2"), of=ARCHIVE)
    await office.remove(work, "a")
    item = await office.item(work, "a")
    assert (item.state, item.wanted.folder) == (NEW, ARCHIVE)


async def test_an_item_that_left_before_it_arrives_elsewhere_is_not_removed(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    await office.remove(work, "a")
    assert await office.states() == {"a": REMOVED}
    await office.list(work, message("a", version="2"), of=ARCHIVE)
    assert (await office.item(work, "a")).wanted.folder == ARCHIVE
    assert await office.states() == {"a": NEW}


async def test_a_stale_page_of_the_old_folder_loses_no_message(office: Office) -> None:
    """The new folder is read first; the old one still shows the message, and then tells that it left."""
    work = await office.run()
    await office.list(work, message("a", version="2", read=True), of=ARCHIVE)
    await office.list(work, message("a"))
    await office.remove(work, "a")
    item = await office.item(work, "a")
    assert (item.state, item.wanted) == (NEW, shown(ARCHIVE, read=True))
    assert await office.store.rows("SELECT * FROM mail_sighting") == []


async def test_a_removal_of_what_nobody_knows_is_nothing(office: Office) -> None:
    work = await office.run()
    await office.remove(work, "never seen")
    assert await office.states() == {}


async def test_a_message_that_one_page_removes_and_shows_is_there(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    await office.tree.save_messages(work, INBOX, messages(message("a"), removed=["a"]))
    assert await office.states() == {"a": NEW}


@pytest.mark.parametrize("changed", [{"read": True}, {"flagged": True}])
async def test_another_flag_changes_a_done_item_and_back(office: Office, changed: dict[str, bool]) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    await office.synced(work, "a")
    await office.list(work, message("a", version="2", **changed))
    assert await office.states() == {"a": CHANGED}
    await office.list(work, message("a", version="3"))
    assert await office.states() == {"a": DONE}


async def test_another_folder_changes_a_done_item_and_another_version_alone_does_not(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"), message("b"))
    await office.synced(work, "a")
    await office.synced(work, "b")
    await office.list(work, message("a", version="2"), of=ARCHIVE)
    await office.list(work, message("b", version="2"))
    assert await office.states() == {"a": CHANGED, "b": DONE}


async def test_items_on_their_way_stay_so_under_their_new_folder_and_flags(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"), message("b"))
    await office.sending(work, "b")
    await office.list(work, message("a", read=True), message("b", read=True), of=ARCHIVE)
    found = await office.due(work)
    assert {name: (item.state, item.wanted) for name, item in found.items()} == {
        "a": (NEW, shown(ARCHIVE, read=True)),
        "b": (SENDING, shown(ARCHIVE, read=True)),
    }


async def test_a_removed_item_that_comes_back_is_what_the_destination_makes_it(office: Office) -> None:
    work = await office.run()
    names = ("new", "same", "other")
    await office.list(work, *map(message, names))
    await office.synced(work, "same")
    await office.synced(work, "other")
    await office.remove(work, *names)
    assert set((await office.states()).values()) == {REMOVED}
    await office.list(work, message("new"), message("same"), message("other", read=True))
    assert await office.states() == {"new": NEW, "same": DONE, "other": CHANGED}


async def test_a_gone_item_that_comes_back_is_what_the_destination_makes_it(office: Office) -> None:
    work = await office.run()
    names = ("new", "same", "other")
    await office.list(work, *map(message, names))
    await office.synced(work, "same")
    await office.synced(work, "other")
    await office.remove(work, *names)
    await office.write(work, *(Gone(item.id) for item in (await office.due(work)).values()))
    assert set((await office.states()).values()) == {GONE}
    await office.list(work, message("new"), message("same"), message("other", read=True))
    assert await office.states() == {"new": NEW, "same": DONE, "other": CHANGED}


async def test_an_item_that_is_gone_by_itself_stays_gone_though_its_page_is_replayed(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    await office.write(work, Gone((await office.item(work, "a")).id))
    await office.list(work, message("a"))
    assert await office.states() == {"a": GONE}
    await office.list(work, message("a", version="2"))
    assert await office.states() == {"a": NEW}


async def test_nobody_forgets_that_an_item_may_have_arrived_when_it_moves(office: Office) -> None:
    """Were it NEW again, it would be imported twice."""
    work = await office.run()
    await office.list(work, message("a"))
    await office.sending(work, "a")
    await office.remove(work, "a")
    await office.list(work, message("a", version="2"), of=ARCHIVE)
    item = await office.item(work, "a")
    assert (item.state, item.intent_at, item.attempts) == (SENDING, at(0), 1)


async def test_a_failed_item_is_new_where_its_version_changed(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    await office.failed(work, "a")
    await office.list(work, message("a"))
    assert await office.states() == {"a": FAILED}
    await office.list(work, message("a", version="2"))
    assert (await office.state("a"), (await office.row("a"))["attempts"]) == (NEW, 0)


async def test_a_failed_item_that_is_removed_becomes_a_candidate_too(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    await office.failed(work, "a")
    await office.remove(work, "a")
    assert await office.states() == {"a": REMOVED}


async def test_what_a_new_listing_of_a_folder_does_not_show_is_removed_once_it_is_complete(
    office: Office,
) -> None:
    work = await office.run()
    await office.list(work, *(message(name) for name in "abc"))
    await office.list(work, message("z"), of=ARCHIVE)
    await office.tree.forget_cursor(work, INBOX)
    await office.tree.save_messages(work, INBOX, messages(message("a"), last=False))
    assert set((await office.states()).values()) == {NEW}
    await office.tree.save_messages(work, INBOX, messages(message("c")))
    assert await office.states() == {"a": NEW, "b": REMOVED, "c": NEW, "z": NEW}


async def test_a_forgotten_cursor_is_not_given_again(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder(INBOX)))
    await office.list(work, message("a"))
    await office.tree.forget_cursor(work, INBOX)
    assert (await _folder(office, INBOX)).cursor is None


async def test_a_message_seen_elsewhere_survives_a_new_listing_without_it(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"), of=ARCHIVE)
    await office.list(work, message("a", version="2"))
    await office.tree.forget_cursor(work, INBOX)
    await office.tree.save_messages(work, INBOX, messages())
    item = await office.item(work, "a")
    assert (item.state, item.wanted.folder) == (NEW, ARCHIVE)


async def test_a_removal_does_not_wait_for_the_time_of_the_last_try(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    item = await office.sending(work, "a")
    await office.write(work, Later(item.id, at(50), "dest_unavailable", "503"))
    await office.remove(work, "a")
    assert set(await office.due(work, 1)) == {"a"}


async def test_an_import_that_ends_after_its_item_was_removed_is_remembered(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    item = await office.sending(work, "a")
    await office.remove(work, "a")
    await office.write(work, imported(item, "d1"))
    found = await office.item(work, "a")
    assert (found.state, found.destination_id, found.shown) == (REMOVED, "d1", item.wanted)


async def test_an_import_that_shows_the_old_folder_is_changed(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    item = await office.sending(work, "a")
    await office.list(work, message("a", version="2"), of=ARCHIVE)
    await office.write(work, Imported(item.id, "d1", item.wanted))
    assert (await office.item(work, "a")).state is CHANGED
