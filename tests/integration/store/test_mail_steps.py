"""What is due, intended, written down, and counted."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import StatementError

from bot.domain.events import ItemFailed, ItemSynced
from bot.domain.mail import (
    Adjusted,
    Failing,
    GaveUp,
    Gone,
    Imported,
    ItemState,
    Labelled,
    LabelRemoved,
    Later,
    Step,
    Unlabelled,
    Untried,
)
from bot.ports.journal import Entry
from tests.integration.store.journal_words import (
    INBOX,
    Office,
    begun,
    folder,
    folders,
    imported,
    message,
    shown,
)
from tests.integration.store.words import at, mailbox

NEW, SENDING, DONE, CHANGED = ItemState.NEW, ItemState.SENDING, ItemState.DONE, ItemState.CHANGED
REMOVED, FAILED, GONE = ItemState.REMOVED, ItemState.FAILED, ItemState.GONE


# ---- steps -------------------------------------------------------------------------------------------------


async def test_an_import_is_remembered_with_what_the_destination_shows(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    await office.synced(work, "a")
    row = await office.row("a")
    assert (row["state"], row["destination_id"], row["shown_folder"]) == ("done", "d-a", INBOX)
    assert await office.journal.owned(work.mailbox, ["d-a", "d-b"]) == {"d-a"}


async def test_an_import_counts_one_change_and_its_bytes(office: Office) -> None:
    work = await office.run()
    await office.list(work, *(message(name) for name in "abc"))
    await office.synced(work, "a")
    await office.list(work, message("a", version="2", read=True))
    item = await office.item(work, "a")
    await office.write(work, Adjusted(item.id, item.wanted))
    found = await office.due(work)
    await office.write(work, Gone(found["b"].id, changed=True), Gone(found["c"].id))
    row = await office.sync()
    assert (row["changes"], row["bytes"]) == (3, 100)
    again = await office.work(10, owner="B")
    assert (again.changes, again.bytes) == (3, 100)


async def test_an_adjusted_item_is_done_unless_it_changed_meanwhile(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"), message("b"))
    for name in "ab":
        await office.synced(work, name)
    await office.list(work, message("a", version="2", read=True), message("b", version="2", read=True))
    found = await office.due(work)
    await office.list(work, message("b", version="3", read=True, flagged=True))
    await office.write(work, *(Adjusted(item.id, item.wanted) for item in found.values()))
    assert await office.states() == {"a": DONE, "b": CHANGED}
    assert (await office.item(work, "b")).shown == shown(INBOX, read=True)


async def test_a_removed_item_that_was_adjusted_stays_removed(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    item = await office.synced(work, "a")
    await office.remove(work, "a")
    await office.write(work, Adjusted(item.id, item.wanted))
    assert await office.states() == {"a": REMOVED}


async def test_what_surely_did_not_arrive_is_new_again(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    item = await office.sending(work, "a")
    await office.write(work, Later(item.id, at(5), "dest_unavailable", "503"))
    found = await office.item(work, "a", 5)
    assert (found.state, found.attempts, found.code, found.intent_at) == (NEW, 1, "dest_unavailable", None)
    assert found.retry_at == at(5)


async def test_what_may_have_arrived_stays_sending(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    item = await office.sending(work, "a", 1)
    await office.write(work, Later(item.id, at(5), "network", "reset", is_certain=False))
    found = await office.item(work, "a", 5)
    assert (found.state, found.attempts, found.code, found.intent_at) == (SENDING, 1, "network", at(1))


@pytest.mark.parametrize("is_certain", [True, False])
async def test_what_the_destination_has_waits_as_it_is(office: Office, *, is_certain: bool) -> None:
    work = await office.run()
    await office.list(work, message("a"), message("b"))
    for name in "ab":
        await office.synced(work, name)
    await office.list(work, message("a", version="2", read=True))
    await office.remove(work, "b")
    steps = [
        Later(item.id, at(5), "dest_throttled", "429", is_certain=is_certain)
        for item in (await office.due(work)).values()
    ]
    await office.write(work, *steps)
    assert await office.due(work, 4) == {}
    assert await office.states() == {"a": CHANGED, "b": REMOVED}


async def test_an_attempt_that_no_intent_has_counted_is_counted(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    item = await office.item(work, "a")
    await office.write(work, Later(item.id, at(5), "source_busy", "503", counts=True))
    assert (await office.item(work, "a", 5)).attempts == 1


async def test_trouble_that_was_not_its_own_costs_an_item_no_attempt(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"), message("b"), message("c"))
    for name in "bc":
        await office.synced(work, name)
    await office.list(work, message("b", version="2", read=True))
    await office.remove(work, "c")
    await office.sending(work, "a")
    await office.write(work, *(Untried(item.id) for item in (await office.due(work)).values()))
    assert await office.states() == {"a": NEW, "b": CHANGED, "c": REMOVED}
    found = (await office.due(work))["a"]
    assert (found.attempts, found.intent_at) == (0, None)


async def test_a_failed_item_is_not_due_and_names_its_run(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder("f"), folder("g"), folder("h")))
    await office.list(work, message("a"), message("b"))
    await office.failed(work, "a")
    await office.write(work, Unlabelled("f", "dest_label_invalid"), Unlabelled("g", "dest_label_invalid"))
    await office.tree.save_folders(work, folders(removed=["g"]))
    assert set(await office.due(work)) == {"b"}
    assert await office.journal.failing(work.mailbox) == (
        Failing("a", work.run),
        Failing("folder:f", work.run),
    )
    row = await office.row("a")
    assert (row["code"], row["message"]) == ("dest_rejected", "said so")


async def test_whether_a_failed_item_may_have_arrived_is_remembered(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"), message("b"))
    found = {name: await office.sending(work, name) for name in "ab"}
    await office.write(
        work,
        GaveUp(found["a"].id, "network", "reset", is_certain=True),
        GaveUp(found["b"].id, "network", "reset", is_certain=False),
    )
    await office.schedule.begin(work, begun(work), passing=["network"])
    assert await office.states() == {"a": NEW, "b": SENDING}


@pytest.mark.parametrize("how", ["changed", "removed"])
async def test_a_failed_item_that_the_destination_has_is_never_imported_again(
    office: Office, how: str
) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    item = await office.synced(work, "a")
    if how == "changed":
        await office.list(work, message("a", version="2", read=True))
    else:
        await office.remove(work, "a")
    await office.write(work, GaveUp(item.id, "dest_unavailable", "503"))
    assert await office.states() == {"a": FAILED}
    await office.schedule.begin(work, begun(work), passing=["dest_unavailable"])
    assert await office.states() == {"a": ItemState(how)}


@pytest.mark.parametrize("how", ["imported", "adjusted", "gone"])
async def test_what_went_well_forgets_what_failed_before(office: Office, how: str) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    item = await office.sending(work, "a")
    await office.write(work, Later(item.id, at(5), "dest_unavailable", "503"))
    steps: dict[str, Step] = {
        "imported": imported(item),
        "adjusted": Adjusted(item.id, item.wanted),
        "gone": Gone(item.id),
    }
    await office.write(work, steps[how])
    row = await office.row("a")
    assert (row["code"], row["message"], row["retry_at"]) == (None, None, None)


async def test_a_label_ends_the_failure_of_its_folder(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder("f")))
    await office.write(work, Unlabelled("f", "dest_label_invalid"))
    await office.write(work, Labelled("f", "L1", "F"))
    (known,) = await office.tree.folders(work.mailbox)
    assert (known.label, known.label_name, known.failed) == ("L1", "F", None)
    assert await office.journal.failing(work.mailbox) == ()


async def test_the_label_of_a_folder_that_is_gone_is_forgotten(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder("f")))
    await office.write(work, Labelled("f", "L1", "F"))
    await office.write(work, LabelRemoved("f"))
    (known,) = await office.tree.folders(work.mailbox)
    assert (known.label, known.label_name) == (None, None)


async def test_two_steps_about_one_item_keep_their_order(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    item = await office.sending(work, "a")
    await office.write(work, GaveUp(item.id, "network", "x"), imported(item))
    assert await office.states() == {"a": DONE}


async def test_several_mailboxes_write_in_one_transaction(office: Office) -> None:
    await office.store.record(mailbox(key="m2"))
    await office.employ()
    works = await office.claim()
    entries = []
    for work in works:
        await office.list(work, message(f"{work.mailbox_key}-a"))
        item = await office.sending(work, f"{work.mailbox_key}-a")
        event = ItemFailed(at(1), work.mailbox_key, "email", f"{work.mailbox_key}-b", "dest_rejected", "no")
        entries.append(Entry(work, (imported(item),), (event,)))
    await office.journal.write(entries)
    assert set((await office.states()).values()) == {DONE}
    assert [(await office.sync(key))["changes"] for key in ("m1", "m2")] == [1, 1]
    assert len(await office.store.rows("SELECT id FROM failure")) == 2


async def test_steps_and_reports_are_written_together_or_not_at_all(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    item = await office.sending(work, "a")
    unusable = ItemFailed(at(1), "m1", "email", "x" * 513, "dest_rejected", "no")
    with pytest.raises(StatementError, match="longer than 512"):
        await office.write(work, imported(item), events=[unusable])
    assert await office.states() == {"a": SENDING}


async def test_what_a_process_did_counts_though_it_lost_the_mailbox(office: Office) -> None:
    old = await office.run()
    await office.list(old, message("a"), message("b"))
    first, second = [await office.sending(old, name) for name in "ab"]
    new = await office.work(10, owner="B")
    await office.write(old, imported(first), Later(second.id, at(50), "network", "reset"))
    found = await office.due(new, 10)
    assert {name: item.state for name, item in found.items()} == {"b": SENDING}
    assert (await office.sync())["changes"] == 1


async def test_an_import_is_remembered_though_its_mailbox_was_taken_out_meanwhile(office: Office) -> None:
    """The mailbox may come back, and its journal is kept for that."""
    work = await office.run()
    await office.list(work, message("a"))
    item = await office.sending(work, "a")
    await office.do("DELETE FROM mail_sync")
    failure = ItemFailed(at(1), "m1", "email", "b", "dest_rejected", "no")
    await office.write(work, imported(item), events=[failure])
    assert await office.states() == {"a": DONE}
    assert await office.store.rows("SELECT id FROM failure") == []


# ---- answers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "event"),
    [
        (Imported(0, "d", shown(INBOX)), ItemSynced(at(2), "m1", "email", "a")),
        (GaveUp(0, "dest_rejected", "no"), ItemFailed(at(2), "m1", "email", "a", "dest_rejected", "no")),
        (Gone(0), ItemSynced(at(2), "m1", "email", "a")),
    ],
)
async def test_a_step_that_ends_a_retry_answers_it_even_if_it_came_late(
    office: Office, step: Any, event: Any
) -> None:
    """The engine read the item before somebody asked for it."""
    work = await office.run()
    await office.list(work, message("a"))
    item = await office.failed(work, "a")
    failure = ItemFailed(at(0), "m1", "email", "a", "dest_rejected", "no")
    await office.store.record(failure)
    await office.store.retry(1)
    (request,) = await office.store.retries.lease_due(at(1), until=at(2), limit=1)
    await office.asked.ask(request, at(1))
    await office.sending(work, "a", 1)
    await office.write(work, replace(step, item=item.id), events=[event])
    expected = "failed" if isinstance(step, GaveUp) else "succeeded"
    assert await office.store.rows("SELECT outcome FROM retry") == [{"outcome": expected}]
    assert (await office.row("a"))["retry_key"] is None


async def test_a_step_that_ends_nothing_leaves_who_waits(office: Office) -> None:
    work = await office.run()
    await office.list(work, message("a"))
    await office.asks("a")
    item = await office.sending(work, "a")
    await office.write(work, Later(item.id, at(5), "network", "reset"))
    assert (await office.item(work, "a", 5)).retry_key == "k" * 32
