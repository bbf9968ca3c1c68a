"""How far a bulk retry and a run are, from rows alone, wherever they are shown."""

import pytest

from bot.domain.events import SyncProgress
from bot.domain.values import RunKind
from bot.ports import RetryRequest
from bot.ports.delivery import AlertDelivery
from bot.store import SqlHome
from bot.views import NOTHING, AlertCard, RetryProgress, RunProgress
from tests.integration.store.words import T0, Store, at, item_failed, item_synced, started, sync_failed


@pytest.fixture
async def requests(store: Store) -> dict[str | None, RetryRequest]:
    """Three items of two causes, all retried at minute 5 by U1; by item."""
    await store.wanted_by("C1")
    await store.record(
        item_failed(1, "a"), item_failed(1, "b"), item_failed(1, "c", code="dest_rejected"), now=at(1)
    )
    await store.retry(5)
    due = await store.retries.lease_due(at(5), until=at(6), limit=10)
    return {request.item: request for request in due}


def alert_of(delivery: AlertDelivery) -> AlertCard:
    assert isinstance(delivery.card, AlertCard)
    return delivery.card


async def newest(store: Store) -> RetryProgress:
    """As the list of errors shows it; all others show the same."""
    (told,) = (await store.errors()).under_way.retries
    assert (await store.card()).under_way.retries == (told,)
    return told


async def test_at_first_nothing_is_known_but_how_many_wait(store: Store, requests: object) -> None:
    told = await newest(store)
    assert (told.actor, told.began_at, told.requested, told.waiting) == ("U1", at(5), 3, 3)
    assert (told.heard_at, told.ended_at) == (None, None)
    assert [(cause.code, cause.requested, cause.answered) for cause in told.causes] == [
        ("dest_too_large", 2, 0),
        ("dest_rejected", 1, 0),
    ]
    del requests


async def test_each_answer_is_counted_by_its_cause_and_moves_the_time(
    store: Store, requests: dict[str, RetryRequest]
) -> None:
    await store.record(item_synced(6, "a", retry_id=requests["a"].key), now=at(6))
    await store.record(item_failed(7, "b", retry_id=requests["b"].key), now=at(7))
    told = await newest(store)
    assert (told.healed, told.failed, told.waiting, told.heard_at) == (1, 1, 1, at(7))
    large, rejected = told.causes
    assert (large.healed, large.failed, rejected.answered) == (1, 1, 0)


async def test_the_last_answer_ends_it(store: Store, requests: dict[str, RetryRequest]) -> None:
    await store.record(
        *(item_synced(6, item, retry_id=requests[item].key) for item in ("a", "b")),
        item_failed(6, "c", retry_id=requests["c"].key),
        now=at(6),
    )
    told = await newest(store)
    assert (told.healed, told.failed, told.waiting, told.ended_at, told.causes) == (2, 1, 0, at(6), ())


async def test_a_retry_of_one_item_stands_at_the_item_alone(store: Store) -> None:
    await store.record(item_failed(1, "a"), item_failed(1, "b"))
    first, _ = (await store.errors()).lines
    await store.retry(2, failures=(first.id,))
    assert (await store.errors()).under_way.retries == ()


async def test_a_run_says_how_far_it_is_and_when_it_said_so(store: Store) -> None:
    await store.record(started(1, "r1"), SyncProgress(at(3), "m1", "r1", 10, 40), now=at(3))
    expected = RunProgress(RunKind.DELTA, at(1), at(3), 10, 40)
    assert (await store.errors()).under_way.run == expected
    card = await store.card()
    assert (card.under_way.run, card.progress) == (expected, (10, 40))


async def test_the_alert_shows_the_newest_since_it_was_opened(
    store: Store, requests: dict[str, RetryRequest]
) -> None:
    (delivery,) = await store.due(6)
    assert alert_of(delivery).under_way.retries == (await newest(store),)
    for item in ("a", "b", "c"):
        await store.record(item_synced(7, item, retry_id=requests[item].key), now=at(7))
    await store.record(item_failed(8, "d"), item_failed(8, "e"), now=at(8))
    cards = [alert_of(each) for each in await store.due(9)]
    assert [card.under_way for card in cards if card.cleared_at is None] == [NOTHING]


async def test_the_alert_follows_a_run_that_somebody_asked_for_and_no_other(store: Store) -> None:
    await store.wanted_by("C1")
    await store.record(sync_failed(1, "r0"), now=at(1))
    await store.retry(2)
    key = await store.retry_key(2)
    await store.record(started(3, "r1", retry_id=key), now=at(3))
    await store.due(3)
    await store.record(SyncProgress(at(6), "m1", "r1", 10, 40), now=at(6))
    (delivery,) = await store.due(6)
    assert alert_of(delivery).under_way.run == RunProgress(RunKind.DELTA, at(3), at(6), 10, 40)
    await store.record(sync_failed(7, "r1"), started(8, "r2"), now=at(8))
    (before,) = await store.due(8)
    await store.record(SyncProgress(at(9), "m1", "r2", 10, 40), now=at(9))
    (after,) = await store.due(10)
    assert (after.version, alert_of(after).under_way) == (before.version, NOTHING)


async def test_home_lists_retries_of_several_items_while_they_go_on(
    store: Store, requests: dict[str, RetryRequest]
) -> None:
    home = SqlHome(store.database)
    record = await home.read(at(6), since=T0.date(), mailboxes=())
    (live,) = record.retrying
    assert (live.mailbox.source, live.progress.waiting, record.retrying_total) == ("m1@old.example", 3, 1)
    for item in ("a", "b", "c"):
        await store.record(item_synced(7, item, retry_id=requests[item].key), now=at(7))
    assert (await home.read(at(8), since=T0.date(), mailboxes=())).retrying == ()
