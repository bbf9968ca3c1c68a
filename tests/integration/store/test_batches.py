"""How far a request has come, as rows tell it."""

import pytest

from bot.domain.values import RetryKey, RetryOutcome
from bot.ports.batches import BatchProgress
from bot.store.batches import SqlBatches
from tests.integration.store.words import Store, at, item_failed, item_synced, started


@pytest.fixture
async def batch(store: Store) -> str:
    """A retry of two failed items."""
    await store.record(item_failed(1, "i1"), item_failed(2, "i2"))
    return (await store.retry(5)).batch


async def progress(store: Store, batch: str) -> BatchProgress:
    found = await SqlBatches(store.database).progress(batch)
    assert found is not None
    return found


async def send(store: Store, minute: float, *, limit: int = 10) -> list[RetryKey]:
    due = await store.retries.lease_due(at(minute), until=at(minute + 1), limit=limit)
    for request in due:
        await store.retries.sent(request.key, at(minute))
    return [request.key for request in due]


async def test_a_request_waits_until_something_sends_it(store: Store, batch: str) -> None:
    waiting = await progress(store, batch)
    assert waiting == BatchProgress(2, 0, 0, 0, 2, 0, at(15))
    assert not waiting.is_taken_up


async def test_a_request_that_is_being_sent_is_taken_up(store: Store, batch: str) -> None:
    await store.retries.lease_due(at(5), until=at(6), limit=1)
    trying = await progress(store, batch)
    assert (trying.is_taken_up, trying.is_sent, trying.tried) == (True, False, 1)


async def test_a_request_is_sent_once_nothing_of_it_waits(store: Store, batch: str) -> None:
    await send(store, 5, limit=1)
    assert (await progress(store, batch)).unsent == 1
    await send(store, 5)
    assert (await progress(store, batch)).is_sent


async def test_a_request_ends_with_its_last_answer(store: Store, batch: str) -> None:
    first, second = await send(store, 5)
    await store.record(item_synced(6, "i1", retry_id=first), now=at(6))
    assert not (await progress(store, batch)).has_ended
    await store.retries.end(second, RetryOutcome.REFUSED, "no", at(7))
    assert await progress(store, batch) == BatchProgress(2, 1, 0, 1, 0, 1, None)
    assert (await progress(store, batch)).has_ended


async def test_a_sign_of_life_moves_the_deadline(store: Store) -> None:
    batch = (await store.retry(5, whole_mailbox=True)).batch
    (key,) = await send(store, 5)
    await store.record(started(9, "r1", retry_id=key), now=at(9))
    assert (await progress(store, batch)).deadline == at(19)


async def test_a_request_that_nobody_made_has_no_progress(store: Store) -> None:
    assert await SqlBatches(store.database).progress("0" * 32) is None
