"""What was removed at the source may come back, and what a run has done and left is counted on the way."""

from dataclasses import replace

from bot.domain.mail import Adjusted, Gone, ItemState, Labelled, LabelRemoved, Later, Progress
from tests.integration.store.journal_words import ARCHIVE, INBOX, Office, folder, folders, message
from tests.integration.store.words import at, mailbox

NEW, DONE, CHANGED = ItemState.NEW, ItemState.DONE, ItemState.CHANGED
REMOVED, GONE = ItemState.REMOVED, ItemState.GONE


# ---- out of the trash


async def test_a_message_that_comes_back_from_the_trash_is_set_anew_though_nothing_else_changed(
    office: Office,
) -> None:
    work = await office.run()
    await office.list(work, message("trashed"), message("kept"))
    for name in ("trashed", "kept"):
        await office.synced(work, name)
    await office.remove(work, "trashed", "kept")
    found = await office.due(work)
    await office.write(work, Gone(found["trashed"].id, changed=True), Gone(found["kept"].id))
    assert set((await office.states()).values()) == {GONE}
    await office.list(work, message("trashed"), message("kept"))
    assert await office.states() == {"trashed": CHANGED, "kept": DONE}
    item = await office.item(work, "trashed")
    assert (item.shown, item.destination_id) == (None, "d-trashed")


async def test_a_message_that_came_back_is_done_once_everything_is_set(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    await office.synced(work, "a")
    await office.remove(work, "a")
    await office.write(work, Gone((await office.item(work, "a")).id, changed=True))
    await office.list(work, message("a", read=True), of=ARCHIVE)
    item = await office.item(work, "a")
    await office.write(work, Adjusted(item.id, item.wanted))
    assert await office.states() == {"a": DONE}
    await office.list(work, message("a", version="2"), of=ARCHIVE)
    assert (await office.item(work, "a")).shown == item.wanted


async def test_what_came_back_while_it_was_put_into_the_trash_is_brought_out_again(office: Office) -> None:
    """A process that lost the mailbox was at it when the page came."""
    work = await office.run()
    await office.list(work, message("a"))
    await office.synced(work, "a")
    await office.remove(work, "a")
    item = await office.item(work, "a")
    await office.list(work, message("a"))
    await office.write(work, Gone(item.id, changed=True))
    found = await office.item(work, "a")
    assert (found.state, found.shown, found.destination_id) == (CHANGED, None, "d-a")


# ---- folders that are left


async def test_who_lost_the_mailbox_vacates_nothing(office: Office) -> None:
    old = await office.run()
    await office.tree.save_folders(old, folders(folder(INBOX)))
    await office.list(old, message("a"))
    new = await office.work(10, owner="B")
    await office.tree.vacate(old, [INBOX])
    (known,) = await office.tree.folders(new.mailbox)
    assert (await office.states(), known.cursor) == ({"a": NEW}, "c")


async def test_what_was_dealt_with_stays_gone_when_its_folder_is_vacated(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder(INBOX)))
    await office.list(work, message("gone"), message("later"))
    found = await office.due(work)
    await office.write(
        work, Gone(found["gone"].id), Later(found["later"].id, at(50), "dest_unavailable", "503")
    )
    await office.tree.vacate(work, [INBOX])
    assert await office.states() == {"gone": GONE, "later": REMOVED}
    assert (await office.item(work, "later")).retry_at is None


async def test_another_mailbox_s_folder_of_the_same_name_is_not_vacated_and_keeps_its_label(
    office: Office,
) -> None:
    await office.store.record(mailbox(key="m2"))
    await office.employ()
    first, second = await office.claim()
    for work in (first, second):
        await office.tree.save_folders(work, folders(folder(INBOX)))
        await office.list(work, message(f"{work.mailbox_key}-a"))
        await office.write(work, Labelled(INBOX, "L1", "Inbox"))
    await office.tree.vacate(first, [INBOX])
    await office.write(first, LabelRemoved(INBOX))
    assert await office.states() == {"m1-a": REMOVED, "m2-a": NEW}
    labels = [(await office.tree.folders(work.mailbox))[0].label for work in (first, second)]
    assert labels == [None, "L1"]


async def test_a_folder_that_comes_back_after_its_label_went_needs_a_new_one(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder("f")))
    await office.write(work, Labelled("f", "L1", "F"))
    await office.tree.save_folders(work, folders(removed=["f"]))
    await office.write(work, LabelRemoved("f"))
    await office.tree.save_folders(work, folders(folder("f")))
    (known,) = await office.tree.folders(work.mailbox)
    assert (known.is_removed, known.label, known.label_name) == (False, None, None)


# ---- progress


async def test_progress_tells_what_this_run_did_and_what_is_left_of_this_mailbox(office: Office) -> None:
    await office.store.record(mailbox(key="m2"))
    await office.employ()
    first, second = await office.claim()
    await office.list(first, message("a"), message("b"), message("c"), message("d"))
    await office.list(second, message("z"))
    await office.synced(first, "a")
    await office.failed(first, "b")
    later = await office.sending(first, "c")
    await office.write(first, Later(later.id, at(50), "dest_unavailable", "503"))
    assert await office.journal.progress(first.mailbox) == Progress(1, 100, 2)
    assert await office.journal.progress(second.mailbox) == Progress(0, 0, 1)


async def test_work_on_single_items_is_no_progress_of_the_run(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    item = await office.sending(work, "a")
    await office.write(replace(work, run=None), Adjusted(item.id, item.wanted))
    assert await office.journal.progress(work.mailbox) == Progress(0, 0, 0)


async def test_a_mailbox_that_was_taken_out_has_no_progress(office: Office) -> None:
    """Whoever still works on it is about to hear so."""
    work = await office.run()
    await office.list(work, message("a"))
    await office.synced(work, "a")
    await office.do("DELETE FROM mail_sync")
    assert await office.journal.progress(work.mailbox) == Progress(0, 0, 0)
