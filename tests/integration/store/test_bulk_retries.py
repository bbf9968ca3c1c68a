"""All mailboxes that fail for one cause are retried by one click: each once, one after another."""

import asyncio
from datetime import timedelta

from bot.domain.storms import RETRIED_AT_ONCE, RETRY_EVERY
from bot.store import SqlIncidents
from bot.views import IncidentRetried
from tests.integration.alerts import crowd
from tests.integration.store.words import Store, at, item_failed, mailbox, sync_failed

PATIENCE = timedelta(minutes=10)


async def retry(store: Store, minute: float = 5, code: str = "dest_too_large") -> IncidentRetried:
    incidents = SqlIncidents(store.database)
    return await incidents.claim_retries_of_cause(code, actor="U1", now=at(minute), patience=PATIENCE)


async def failing(store: Store) -> None:
    """Two mailboxes fail for it, with three items; and for another cause, one item and one whole run."""
    await store.record(mailbox(key="m2"), mailbox(key="m3"))
    await store.record(item_failed(1, "i1"), item_failed(1, "i2"), item_failed(2, "i1", mailbox="m2"))
    await store.record(item_failed(2, "i9", code="dest_rejected"), sync_failed(3, "r1", mailbox="m3"))


async def test_exactly_what_fails_for_that_cause_is_retried(store: Store) -> None:
    await failing(store)
    started = await retry(store)
    assert (started.claimed, started.waiting) == (2, 2)
    rows = await store.rows("SELECT code, state FROM failure ORDER BY code, id")
    assert [(row["code"], row["state"]) for row in rows] == [
        ("dest_rejected", "open"),
        *[("dest_too_large", "retrying")] * 3,
        ("source_auth", "open"),
    ]


async def test_a_cause_of_whole_runs_syncs_the_mailboxes(store: Store) -> None:
    await failing(store)
    assert (await retry(store, code="source_auth")).claimed == 1
    (row,) = await store.rows("SELECT whole FROM retry")
    assert bool(row["whole"])


async def test_who_asked_for_how_many_is_audited_as_a_whole_and_for_each_mailbox(store: Store) -> None:
    await failing(store)
    await retry(store)
    rows = await store.rows("SELECT message FROM audit WHERE event = 'retry requested' AND actor = 'U1'")
    assert sorted(row["message"] for row in rows) == [
        "cause dest_too_large: 2 of 2 mailboxes",
        "m1@old.example: retry of 2 items",
        "m2@old.example: retry of 1 item",
    ]


async def test_a_second_click_takes_nothing_twice(store: Store) -> None:
    await failing(store)
    await retry(store)
    assert await retry(store, 6) == IncidentRetried((await retry(store, 7)).cause, 0, 0, None)


async def test_of_many_clicks_at_once_each_mailbox_is_won_by_one(store: Store) -> None:
    await failing(store)
    started = await asyncio.gather(*(retry(store) for _ in range(5)))
    assert sum(each.claimed for each in started) == 2
    assert len(await store.rows("SELECT id FROM retry")) == 3


async def test_a_cause_that_nothing_fails_for_claims_nothing(store: Store) -> None:
    assert (await retry(store, code="network")).claimed == 0
    assert await store.rows("SELECT id FROM retry") == []


async def test_one_click_takes_so_many_and_sends_them_one_after_another(store: Store) -> None:
    many = range(RETRIED_AT_ONCE + 20)
    await crowd.employ(store.database, many)
    await crowd.fail(store.database, many, lambda n: at(n / 60), "dest_rejected", "i1")
    started = await retry(store, 60, "dest_rejected")
    assert (started.claimed, started.waiting) == (RETRIED_AT_ONCE, len(many))
    assert started.last_at == at(60) + (RETRIED_AT_ONCE - 1) * RETRY_EVERY
    more = await retry(store, 61, "dest_rejected")
    assert (more.claimed, more.last_at) == (20, started.last_at + 20 * RETRY_EVERY)
