"""What is old is forgotten, except what is still shown or still wrong."""

from datetime import timedelta

from bot.domain.values import MailboxStatus
from bot.store import Pruning
from bot.store.prune import CHUNK
from tests.integration.store.words import (
    Store,
    at,
    completed,
    item_failed,
    item_synced,
    started,
    sync_failed,
)

KEEP = timedelta(days=90)
LATER = at(0) + timedelta(days=100)


async def test_old_history_goes_but_the_newest_run_stays(store: Store) -> None:
    await store.record(started(1, "r1"), completed(2, "r1"), started(3, "r2"), completed(4, "r2"))
    await store.record(started(5, "r3"), sync_failed(6, "r3"))
    await Pruning(store.database).prune(LATER, KEEP)
    card = await store.card(LATER)
    assert ([entry.key for entry in card.history], card.status) == (["r3", "r2"], MailboxStatus.FAILED)
    assert card.run_failure is not None
    assert card.activity != ()


async def test_resolved_failures_go_and_unresolved_ones_stay(store: Store) -> None:
    await store.record(item_failed(1, "gone"), item_failed(1, "open"))
    await store.retry(2)
    for request in await store.retries.lease_due(at(2), until=at(3), limit=10):
        answer = item_synced if request.item == "gone" else item_failed
        await store.record(answer(3, request.item or "", retry_id=request.key))
    await Pruning(store.database).prune(LATER, KEEP)
    assert [line.item for line in (await store.errors()).lines] == ["open"]
    assert await store.rows("SELECT id FROM retry") == []
    assert await store.audit() != []


async def test_a_retry_under_way_stays(store: Store) -> None:
    await store.record(item_failed(1))
    await store.retry(2)
    await Pruning(store.database).prune(LATER, KEEP)
    assert len(await store.rows("SELECT id FROM retry")) == 1


async def test_recent_history_stays(store: Store) -> None:
    await store.record(started(1, "r1"), completed(2, "r1"), started(3, "r2"), completed(4, "r2"))
    assert await Pruning(store.database).prune(at(0) + timedelta(days=29), KEEP) == 0


async def test_cleared_alerts_go_with_their_messages(store: Store) -> None:
    await store.record(item_failed(1))
    await store.wanted_by("C1")
    assert len(await store.due(1)) == 1
    await store.record(item_synced(2))
    await Pruning(store.database).prune(LATER, KEEP)
    assert await store.rows("SELECT id FROM alert_message") == []


async def test_more_than_a_chunk_goes_in_chunks(store: Store) -> None:
    """Known events are kept for 30 days; `store` has recorded two before."""
    await store.record(*(item_synced(n, f"i{n}") for n in range(2 * CHUNK)))
    assert await Pruning(store.database).prune(at(0) + timedelta(days=31), KEEP) == 2 * CHUNK + 2
