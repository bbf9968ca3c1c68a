"""Several recorders at once, as replicas are: nothing is lost, counted twice, or left waiting."""

import asyncio
from random import Random

from bot.ports import Recorded
from bot.store import SqlRecorder
from tests.integration.store.words import Store, at, item_failed, item_synced, mailbox, policy

MAILBOXES = [f"c{n}" for n in range(6)]


async def test_recorders_that_meet_in_the_same_mailboxes_lose_nothing(store: Store) -> None:
    """Each names the mailboxes in an order of its own, so that a lock taken carelessly would block."""
    await store.record(*(mailbox(key=key) for key in MAILBOXES))
    batches = []
    for n in range(16):
        order = Random(n).sample(MAILBOXES, len(MAILBOXES))
        batches.append(store.envelopes([item_failed(1, f"i{n}", mailbox=key) for key in order]))
    await asyncio.gather(*(SqlRecorder(store.database).record(batch, at(1)) for batch in batches))
    rows = await store.rows("SELECT open_failures FROM mailbox WHERE key LIKE 'c%'")
    assert [row["open_failures"] for row in rows] == [16] * len(MAILBOXES)
    alerts = await store.rows("SELECT id FROM alert WHERE cleared_at IS NULL")
    assert len(alerts) == len(MAILBOXES)


async def test_the_same_batch_brought_by_many_counts_once(store: Store) -> None:
    batch = store.envelopes([item_failed(1, f"i{n}") for n in range(20)])
    orders = [Random(n).sample(batch, len(batch)) for n in range(8)]
    answers = await asyncio.gather(*(store.recorder.record(order, at(1)) for order in orders))
    applied = [answer for batch_answers in answers for answer in batch_answers if answer is Recorded.APPLIED]
    assert (len(applied), (await store.card()).open_failures) == (20, 20)


async def test_no_event_is_parked_just_after_what_it_waits_for_came(store: Store) -> None:
    for n in range(25):
        key = f"p{n}"
        arriving = [policy(key=key)], [mailbox(key=key, under=key)], [item_failed(1, mailbox=key)]
        await asyncio.gather(*(store.record(*events) for events in arriving))
    assert await store.rows("SELECT waits_for FROM event_parked") == []
    failing = await store.rows("SELECT key FROM mailbox WHERE open_failures = 1")
    assert len(failing) == 25


async def test_a_click_and_an_answer_at_the_same_time_agree(store: Store) -> None:
    """Whoever comes first: in the end nothing is retrying that no retry holds."""
    for n in range(15):
        await store.record(item_failed(10 * n + 1))
        await asyncio.gather(store.retry(10 * n + 2), store.record(item_synced(10 * n + 3)))
        assert (await store.card()).retrying == 0
    assert await store.rows("SELECT id FROM retry WHERE finished_at IS NULL") == []
