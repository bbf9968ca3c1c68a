"""Retries of single items, of folders, and of whole mailboxes, by their rows."""

import pytest

from bot.domain.events import ItemFailed
from bot.domain.mail import GaveUp, Gone, ItemState, Labelled, Later, Unlabelled, Work
from bot.domain.values import RetryKey
from bot.errors import EngineRefused
from bot.ports import RetryRequest
from tests.integration.store.journal_words import Office, done, folder, folders, imported, message
from tests.integration.store.words import at, mailbox

NEW, SENDING, DONE, CHANGED = ItemState.NEW, ItemState.SENDING, ItemState.DONE, ItemState.CHANGED
KEY = RetryKey("k" * 32)


async def _click(office: Office, item: str, minute: float = 1) -> RetryRequest:
    """Somebody clicks Retry on the failure of an item; what is then sent to the engine."""
    await office.store.record(ItemFailed(at(0), "m1", "email", item, "dest_rejected", "no"))
    await office.store.retry(minute)
    (request,) = await office.store.retries.lease_due(at(minute), until=at(minute + 1), limit=1)
    return request


async def _outcomes(office: Office) -> list[str | None]:
    return [row["outcome"] for row in await office.store.rows("SELECT outcome FROM retry ORDER BY id")]


async def _listed(office: Office, *names: str) -> Work:
    work = await office.run()
    await office.list(work, *map(message, names))
    return work


# ---- whole mailboxes ---------------------------------------------------------------------------------------


async def test_a_mailbox_that_somebody_asks_for_is_due_at_once(office: Office) -> None:
    first = await office.run()
    await office.schedule.finish(first, done(first, next_minute=60))
    assert await office.claim(5) == ()
    await office.asks(None, 5)
    assert (await office.work(5)).retry_key == KEY


async def test_a_run_that_is_under_way_answers(office: Office) -> None:
    work = await office.run()
    await office.asks(None, 1)
    assert await office.claim(1, owner="B") == ()
    await office.schedule.pause(work, until=at(20), pauses=0)
    assert await office.claim(19, owner="B") == ()
    assert (await office.work(20, owner="B")).run == work.run


async def test_asking_twice_with_one_key_is_asking_once(office: Office) -> None:
    await office.asks(None)
    await office.asks(None)
    work = await office.run()
    await office.schedule.finish(work, done(work))
    assert await office.claim(5) == ()


async def test_asking_again_after_the_answer_starts_nothing(office: Office) -> None:
    """A request is sent until its sending is known to have worked, so that it may come twice."""
    work = await _listed(office, "a")
    item = await office.failed(work, "a")
    request = await _click(office, "a")
    await office.asked.ask(request, at(1))
    await office.sending(work, "a", 1)
    failure = ItemFailed(at(2), "m1", "email", "a", "dest_rejected", "no", retry_id=request.key)
    await office.write(work, GaveUp(item.id, "dest_rejected", "no"), events=[failure])
    await office.asked.ask(request, at(3))
    assert await office.states() == {"a": ItemState.FAILED}


# ---- single items ------------------------------------------------------------------------------------------


async def test_a_failed_item_is_new_again_with_no_attempts(office: Office) -> None:
    work = await _listed(office, "a")
    await office.failed(work, "a")
    await office.asks("a", 1)
    item = await office.item(work, "a", 1)
    assert (item.state, item.attempts, item.retry_key) == (NEW, 0, KEY)


async def test_a_failed_item_that_may_have_arrived_is_probed_first(office: Office) -> None:
    work = await _listed(office, "a")
    item = await office.sending(work, "a")
    await office.write(work, GaveUp(item.id, "network", "reset", is_certain=False))
    await office.asks("a", 1)
    assert (await office.item(work, "a", 1)).state is SENDING


async def test_an_item_that_is_under_way_answers(office: Office) -> None:
    work = await _listed(office, "a")
    item = await office.sending(work, "a")
    await office.write(work, Later(item.id, at(9), "network", "reset", is_certain=False))
    await office.asks("a", 1)
    assert await office.due(work, 8) == {}
    found = await office.item(work, "a", 9)
    assert (found.state, found.retry_key) == (SENDING, KEY)


@pytest.mark.parametrize("state", ["done", "gone"])
async def test_what_is_done_or_gone_answers_at_once(office: Office, state: str) -> None:
    work = await _listed(office, "a")
    item = await office.sending(work, "a")
    await office.write(work, imported(item) if state == "done" else Gone(item.id))
    await office.asked.ask(await _click(office, "a"), at(1))
    assert await _outcomes(office) == ["succeeded"]
    assert (await office.store.errors()).lines == ()
    assert (await office.row("a"))["retry_key"] is None


async def test_a_failed_item_that_is_as_it_should_be_by_now_answers_at_once(office: Office) -> None:
    work = await _listed(office, "a")
    item = await office.synced(work, "a")
    await office.list(work, message("a", version="2", read=True))
    await office.write(work, GaveUp(item.id, "dest_unavailable", "503"))
    await office.do("UPDATE mail_item SET is_read = :read", read=False)
    await office.asked.ask(await _click(office, "a"), at(1))
    assert (await office.states(), await _outcomes(office)) == ({"a": DONE}, ["succeeded"])


async def test_who_asks_just_before_an_item_arrives_is_answered_by_the_next_claim(office: Office) -> None:
    """The engine does not report an item that it has never seen fail."""
    work = await _listed(office, "a")
    item = await office.failed(work, "a")
    request = await _click(office, "a")
    await office.asked.ask(request, at(1))
    await office.sending(work, "a", 1)
    await office.write(work, imported(item))
    assert await office.claim_items(2) == ()
    assert await _outcomes(office) == ["succeeded"]


@pytest.mark.parametrize("item", ["never seen", "folder:never seen"])
async def test_what_is_not_in_the_journal_is_refused(office: Office, item: str) -> None:
    with pytest.raises(EngineRefused, match="not in the journal"):
        await office.asks(item)


async def test_a_mailbox_of_another_engine_is_refused(office: Office) -> None:
    await office.store.record(mailbox(key="m2"))
    request = RetryRequest(KEY, "m2", None, None, "U1", at(0), 1)
    with pytest.raises(EngineRefused, match="does not sync this mailbox"):
        await office.asked.ask(request, at(0))


async def test_a_service_of_another_engine_is_refused(office: Office) -> None:
    request = RetryRequest(KEY, "m1", "calendar", "a", "U1", at(0), 1)
    with pytest.raises(EngineRefused, match="does not sync calendar"):
        await office.asked.ask(request, at(0))


# ---- folders -----------------------------------------------------------------------------------------------


async def test_a_failed_folder_may_be_tried_again(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder("f")))
    await office.write(work, Unlabelled("f", "dest_label_invalid"))
    await office.asks("folder:f", 1)
    (known,) = await office.tree.folders(work.mailbox)
    assert (known.failed, known.retry_key) == (None, KEY)
    assert [found.mailbox for found in await office.claim_items(1)] == [work.mailbox]
    await office.write(work, Unlabelled("f", "dest_label_invalid"))
    (known,) = await office.tree.folders(work.mailbox)
    assert (known.failed, known.retry_key) == ("dest_label_invalid", None)


async def test_a_folder_that_has_its_label_answers_at_once(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder("f")))
    await office.write(work, Labelled("f", "L1", "F"))
    await office.asked.ask(await _click(office, "folder:f"), at(1))
    assert await _outcomes(office) == ["succeeded"]


async def test_who_waits_for_a_folder_that_is_removed_is_answered_by_the_next_claim(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder("f")))
    await office.write(work, Unlabelled("f", "dest_label_invalid"))
    await office.asked.ask(await _click(office, "folder:f"), at(1))
    await office.tree.save_folders(work, folders(removed=["f"]))
    assert await office.claim_items(2) == ()
    assert await _outcomes(office) == ["succeeded"]


# ---- claims ------------------------------------------------------------------------------------------------


async def test_asked_items_are_one_process_s_alone_though_a_run_goes_on(office: Office) -> None:
    work = await _listed(office, "a", "b")
    await office.failed(work, "a")
    await office.asks("a", 1)
    (found,) = await office.claim_items(1, owner="B")
    assert (found.run, found.owner, found.mailbox, found.window_start) == (
        None,
        "B",
        work.mailbox,
        work.window_start,
    )
    assert await office.claim_items(1, owner="C") == ()
    items = await office.asked.items(work.mailbox, at(1), limit=10)
    assert [item.source_id for item in items] == ["a"]


async def test_asked_items_are_claimed_again_once_they_are_left(office: Office) -> None:
    work = await _listed(office, "a")
    await office.failed(work, "a")
    await office.asks("a", 1)
    (found,) = await office.claim_items(1, owner="B")
    await office.asked.leave_items(found)
    assert [again.owner for again in await office.claim_items(1, owner="C")] == ["C"]


async def test_asked_items_of_a_process_that_vanished_are_claimed_again(office: Office) -> None:
    work = await _listed(office, "a")
    await office.failed(work, "a")
    await office.asks("a", 1)
    (found,) = await office.claim_items(1, owner="B")
    assert (await office.claim_items(2.9, owner="C"), len(await office.claim_items(3, owner="C"))) == ((), 1)
    assert not await office.schedule.prolong(found, until=at(9))


async def test_work_on_items_is_prolonged_by_itself(office: Office) -> None:
    work = await _listed(office, "a")
    await office.failed(work, "a")
    await office.asks("a", 1)
    (found,) = await office.claim_items(1, owner="B")
    assert await office.schedule.prolong(found, until=at(9))
    assert await office.claim_items(8, owner="C") == ()


async def test_asked_items_wait_for_their_time(office: Office) -> None:
    work = await _listed(office, "a")
    item = await office.failed(work, "a")
    await office.asks("a", 1)
    await office.write(work, Later(item.id, at(9), "dest_throttled", "429"))
    assert (await office.claim_items(8), len(await office.claim_items(9))) == ((), 1)
    found = [await office.asked.items(work.mailbox, at(minute), limit=1) for minute in (8, 9)]
    assert list(map(len, found)) == [0, 1]


async def test_a_claim_of_items_takes_at_most_what_it_may(office: Office) -> None:
    work = await _listed(office, "a")
    await office.failed(work, "a")
    await office.asks("a", 1)
    assert await office.asked.claim_items("B", at(1), until=at(2), at_most=0) == ()


async def test_work_on_single_items_counts_for_no_run(office: Office) -> None:
    work = await _listed(office, "a")
    await office.failed(work, "a")
    await office.asks("a", 1)
    (single,) = await office.claim_items(1, owner="B")
    await office.write(single, imported(await office.sending(work, "a", 1)))
    assert (await office.sync())["changes"] == 0
    assert await office.states() == {"a": DONE}
