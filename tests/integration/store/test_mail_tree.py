"""Folders in the journal, and what pages of changes make of the messages in them."""

from typing import Any

import pytest

from bot.domain.mail import ELSEWHERE, Adjusted, ItemState, Labelled, Unlabelled, WellKnown
from tests.integration.store.journal_words import (
    Office,
    folder,
    folders,
    message,
    shown,
)

NEW, SENDING, DONE, CHANGED = ItemState.NEW, ItemState.SENDING, ItemState.DONE, ItemState.CHANGED
REMOVED, FAILED, GONE = ItemState.REMOVED, ItemState.FAILED, ItemState.GONE


async def _folder(office: Office, name: str) -> Any:
    (mailbox_id,) = {row["id"] for row in await office.store.rows("SELECT id FROM mailbox")}
    return next(one for one in await office.tree.folders(mailbox_id) if one.id == name)


# ---- the tree ----------------------------------------------------------------------------------------------


async def test_folders_come_back_as_the_source_showed_them(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(
        work, folders(folder("a"), folder("b", parent="a", called="B"), cursor="x")
    )
    first, second = await office.tree.folders(work.mailbox)
    assert (first.id, second.id, second.parent, second.name) == ("a", "b", "a", "B")
    assert (first.cursor, first.label, first.failed, first.is_removed) == (None, None, None, False)
    assert (await office.sync())["folders_cursor"] == "x"


async def test_a_page_of_folders_may_come_again(office: Office) -> None:
    work = await office.run()
    for called in ("A", "A", "B"):
        await office.tree.save_folders(work, folders(folder("a", called=called)))
    assert [one.name for one in await office.tree.folders(work.mailbox)] == ["B"]


async def test_a_well_known_name_waits_for_its_folder(office: Office) -> None:
    work = await office.run()
    await office.tree.name_well_known(work, {"a": WellKnown.INBOX, "b": WellKnown.JUNK})
    assert await office.tree.folders(work.mailbox) == ()
    await office.tree.save_folders(work, folders(folder("a"), folder("c")))
    found = await office.tree.folders(work.mailbox)
    assert {one.id: one.well_known for one in found} == {"a": WellKnown.INBOX, "c": None}


async def test_a_well_known_name_goes_over_to_another_folder(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder("a"), folder("b")))
    await office.tree.name_well_known(work, {"a": WellKnown.ARCHIVE})
    await office.tree.name_well_known(work, {"b": WellKnown.ARCHIVE})
    found = await office.tree.folders(work.mailbox)
    assert {one.id: one.well_known for one in found} == {"a": None, "b": WellKnown.ARCHIVE}


async def test_messages_of_a_removed_folder_become_candidates_for_removal(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder("a"), folder("b")))
    await office.list(work, message("x"), of="a")
    await office.list(work, message("y"), of="b")
    await office.tree.save_folders(work, folders(removed=["a", "never seen"]))
    assert await office.states() == {"x": REMOVED, "y": NEW}
    assert [(one.id, one.is_removed) for one in await office.tree.folders(work.mailbox)] == [
        ("a", True),
        ("b", False),
    ]


async def test_a_folder_that_comes_back_is_listed_from_the_start(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder("a")))
    await office.list(work, message("x"), of="a")
    assert (await _folder(office, "a")).cursor == "c"
    await office.tree.save_folders(work, folders(removed=["a"]))
    await office.tree.save_folders(work, folders(folder("a")))
    known = await _folder(office, "a")
    assert (known.is_removed, known.cursor) == (False, None)
    await office.list(work, message("x"), of="a")
    assert await office.states() == {"x": NEW}


async def test_a_message_that_moved_out_of_a_removed_folder_stays(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder("a"), folder("b")))
    await office.list(work, message("x"), of="a")
    await office.list(work, message("x", version="2"), of="b")
    await office.tree.save_folders(work, folders(removed=["a"]))
    await office.remove(work, "x", of="a")
    assert await office.states() == {"x": NEW}


@pytest.mark.parametrize("renamed", [folder("a", called="New"), folder("a", parent="p")])
async def test_a_renamed_folder_that_had_failed_may_be_tried_again(office: Office, renamed: Any) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder("a")))
    await office.write(work, Unlabelled("a", "dest_label_invalid"))
    await office.tree.save_folders(work, folders(folder("a")))
    assert (await _folder(office, "a")).failed == "dest_label_invalid"
    await office.tree.save_folders(work, folders(renamed))
    assert (await _folder(office, "a")).failed is None


async def test_a_renamed_folder_keeps_the_label_that_it_has(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder("a")))
    await office.write(work, Labelled("a", "L1", "a", "Outlook a"))
    await office.tree.save_folders(work, folders(folder("a", called="b")))
    known = await _folder(office, "a")
    assert (known.label, known.label_name, known.label_called, known.name) == ("L1", "a", "Outlook a", "b")


async def test_what_a_new_listing_of_the_tree_does_not_show_is_removed_once_it_is_complete(
    office: Office,
) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder("a"), folder("b"), folder("c")))
    await office.list(work, message("x"), of="c")
    await office.tree.forget_cursor(work, None)
    assert (await office.sync())["folders_cursor"] is None
    await office.tree.save_folders(work, folders(folder("a"), last=False))
    assert not (await _folder(office, "c")).is_removed
    await office.tree.save_folders(work, folders(folder("b")))
    found = await office.tree.folders(work.mailbox)
    assert {one.id: one.is_removed for one in found} == {"a": False, "b": False, "c": True}
    assert await office.states() == {"x": REMOVED}


async def test_a_later_page_without_changes_removes_no_folder(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder("a")))
    await office.tree.save_folders(work, folders())
    assert not (await _folder(office, "a")).is_removed


async def test_what_is_in_a_folder_that_is_no_longer_synced_is_a_candidate_for_removal(
    office: Office,
) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder("a"), folder("b"), folder("c")))
    await office.list(work, message("x"), message("y"), of="a")
    await office.list(work, message("y", version="2"), message("z"), of="b")
    await office.tree.vacate(work, ["a", "c"])
    assert await office.states() == {"x": REMOVED, "y": NEW, "z": NEW}
    known = await _folder(office, "a")
    assert (known.is_removed, known.cursor) == (False, None)


async def test_a_folder_that_is_synced_again_is_listed_from_the_start(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder("a")))
    await office.list(work, message("x"), message("y"), of="a")
    for _ in range(2):
        await office.tree.vacate(work, ["a"])
    await office.list(work, message("x"), of="a")
    assert await office.states() == {"x": NEW, "y": REMOVED}


# ---- places


async def test_what_a_folder_shows_is_elsewhere_once_the_folder_has_another_place(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder("a"), folder("b")))
    await office.list(work, message("x", read=True), message("new"), message("failed"), of="a")
    await office.list(work, message("y"), of="b")
    for name in ("x", "y"):
        await office.synced(work, name)
    await office.failed(work, "failed")
    await office.tree.settle(work, {"a": "", "b": ""})
    assert await office.states() == {"x": DONE, "y": DONE, "new": NEW, "failed": FAILED}

    await office.tree.settle(work, {"a": "TRASH", "b": ""})
    assert await office.states() == {"x": CHANGED, "y": DONE, "new": NEW, "failed": FAILED}
    item = await office.item(work, "x")
    assert item.shown == shown(ELSEWHERE, read=True)
    assert (await _folder(office, "a")).place == "TRASH"

    await office.write(work, Adjusted(item.id, item.wanted))
    await office.tree.settle(work, {"a": "TRASH"})
    assert await office.state("x") == DONE


async def test_what_moved_elsewhere_stays_so_whatever_else_is_told_of_it(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder("a")))
    await office.list(work, message("x"), of="a")
    await office.synced(work, "x")
    for place in ("", "TRASH", ""):
        await office.tree.settle(work, {"a": place})
    await office.list(work, message("x", version="2", flagged=True), of="a")
    item = await office.item(work, "x")
    assert (item.state, item.shown) == (CHANGED, shown(ELSEWHERE))


async def test_who_lost_the_mailbox_settles_nothing(office: Office) -> None:
    old = await office.run()
    await office.tree.save_folders(old, folders(folder("a")))
    await office.work(10, owner="B")
    await office.tree.settle(old, {"a": "TRASH"})
    assert (await _folder(office, "a")).place is None
