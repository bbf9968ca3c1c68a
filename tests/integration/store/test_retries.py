"""Asking for retries, sending them, and how they end."""

import asyncio

import pytest

from bot.domain.values import (
    FailureState,
    MailboxId,
    MailboxStatus,
    RetryKey,
    RetryOutcome,
    RunStatus,
    Trigger,
)
from bot.ports import RetryTarget
from bot.views import RetryEntry, RunEntry
from tests.integration.store.words import (
    Store,
    at,
    completed,
    item_failed,
    item_synced,
    started,
    sync_failed,
)


async def test_the_audit_log_never_repeats_what_an_engine_says(store: Store) -> None:
    """Viewers read it, and an engine may quote a subject."""
    secret = "Cannot send “Secret subject”"
    await store.record(item_failed(0), sync_failed(0, "r1", code="engine_own", message=secret))
    (failed, whole) = (line.id for line in (await store.errors()).lines)
    await store.retry(1, failures=(failed,))
    await store.record(item_failed(2, code="unknown", message=secret, retry_id=await store.retry_key(1)))
    await store.retry(3, failures=(whole,))
    key = RetryKey(await store.retry_key(3))
    await store.retries.end(key, RetryOutcome.REFUSED, secret, at(4))
    lines = await store.rows("SELECT event, message FROM audit ORDER BY id")
    assert [line["event"] for line in lines].count("retry failed") == 2
    assert not [line for line in lines if "Secret" in line["message"]]


async def test_twenty_people_who_retry_at_once_make_one_attempt(store: Store) -> None:
    await store.record(item_failed(1))
    begun = await asyncio.gather(*(store.retry(2, actor=f"U{n}") for n in range(20)))
    assert sorted((one.claimed, one.already_retrying) for one in begun) == [(0, 1)] * 19 + [(1, 0)]
    assert len(await store.rows("SELECT id FROM retry")) == 1


async def test_a_retry_of_a_mailbox_that_does_not_exist_is_nothing(store: Store) -> None:
    target = RetryTarget(MailboxId(999))
    assert await store.retries.claim(target, actor="U1", now=at(0), deadline=at(10)) is None


async def test_chosen_failures_alone_are_retried(store: Store) -> None:
    await store.record(item_failed(1, "i1"), item_failed(2, "i2"))
    first, _ = (await store.errors()).lines
    begun = await store.retry(3, failures=(first.id,))
    assert begun.claimed == 1
    assert [line.state for line in (await store.errors()).lines] == [FailureState.RETRYING, FailureState.OPEN]


async def test_a_failed_run_is_retried_as_the_whole_mailbox(store: Store) -> None:
    await store.record(sync_failed(1, "r1"), item_failed(2))
    begun = await store.retry(3)
    requests = await store.retries.lease_due(at(3), until=at(4), limit=10)
    assert begun.claimed == 2
    assert {(request.service, request.item) for request in requests} == {("email", "i1"), (None, None)}


async def test_sync_now_is_asked_for_once(store: Store) -> None:
    first, second = await store.retry(1, whole_mailbox=True), await store.retry(2, whole_mailbox=True)
    assert (first.claimed, second.claimed, second.already_retrying) == (1, 0, 1)
    assert (await store.card()).syncing_requested


async def test_the_run_of_sync_now_names_who_asked(store: Store) -> None:
    await store.retry(1, whole_mailbox=True)
    key = await store.retry_key(1)
    await store.record(started(2, "r1", retry_id=key), completed(3, "r1"))
    card = await store.card()
    (entry,) = card.history
    assert isinstance(entry, RunEntry)
    assert (entry.trigger, entry.actor, entry.status) == (Trigger.MANUAL, "U1", RunStatus.SUCCEEDED)
    assert not card.syncing_requested
    assert [row["outcome"] for row in await store.rows("SELECT outcome FROM retry")] == ["succeeded"]


async def test_a_retry_of_the_mailbox_that_fails_reopens_its_failure(store: Store) -> None:
    await store.record(sync_failed(1, "r1"))
    await store.retry(2)
    key = await store.retry_key(2)
    await store.record(started(3, "r2", retry_id=key), sync_failed(4, "r2"))
    (line,) = (await store.errors()).lines
    assert (line.state, line.last_retry, line.attempts) == (FailureState.OPEN, RetryOutcome.FAILED, 2)


async def test_the_retry_of_an_item_changes_neither_status_nor_latest_sync(store: Store) -> None:
    await store.record(started(1, "r1"), sync_failed(2, "r1"), item_failed(2))
    await store.retry(3)
    before = await store.card()
    keys = [r.key for r in await store.retries.lease_due(at(3), until=at(4), limit=10) if r.item]
    await store.record(item_synced(4, retry_id=keys[0]))
    after = await store.card()
    assert (after.status, after.latest_sync_at) == (MailboxStatus.FAILED, before.latest_sync_at)


async def test_a_retry_stands_in_the_history_with_who_asked(store: Store) -> None:
    await store.record(item_failed(1), item_failed(1, "i2"))
    begun = await store.retry(2)
    one, two = await store.retries.lease_due(at(2), until=at(3), limit=10)
    await store.record(
        item_synced(3, one.item or "", retry_id=one.key),
        item_failed(4, two.item or "", retry_id=two.key),
        now=at(4),
    )
    (entry,) = (await store.history()).entries
    assert entry == RetryEntry(begun.batch, "U1", at(2), at(4), 2, 1, 1, 0, ("Larger than Gmail takes",))


async def test_a_request_is_sent_by_one_sender_at_a_time(store: Store) -> None:
    await store.record(item_failed(1))
    await store.retry(2)
    leases = await asyncio.gather(*(store.retries.lease_due(at(2), until=at(3), limit=10) for _ in range(8)))
    assert sorted(map(len, leases)) == [0] * 7 + [1]


async def test_a_request_whose_sender_died_is_sent_again_with_the_same_key(store: Store) -> None:
    await store.record(item_failed(1))
    await store.retry(2)
    (first,) = await store.retries.lease_due(at(2), until=at(3), limit=10)
    (again,) = await store.retries.lease_due(at(3), until=at(4), limit=10)
    assert (again.key, first.attempts, again.attempts) == (first.key, 1, 2)


async def test_a_postponed_request_waits(store: Store) -> None:
    await store.record(item_failed(1))
    await store.retry(2)
    (request,) = await store.retries.lease_due(at(2), until=at(3), limit=10)
    await store.retries.postpone(request.key, until=at(5))
    assert await store.retries.lease_due(at(4), until=at(6), limit=10) == ()
    assert len(await store.retries.lease_due(at(5), until=at(6), limit=10)) == 1


async def test_a_sent_request_is_not_sent_again_and_expires_without_an_answer(store: Store) -> None:
    await store.record(item_failed(1))
    await store.retry(2)
    key = await store.retry_key(2)
    assert await store.retries.lease_due(at(9), until=at(10), limit=10) == ()
    assert await store.retries.expired(at(11), 10) == ()
    assert await store.retries.expired(at(12), 10) == (key,)


async def test_a_sign_of_life_that_comes_while_a_retry_is_given_up_keeps_it(store: Store) -> None:
    await store.retry(0, whole_mailbox=True)
    key = RetryKey(await store.retry_key(0))
    assert await store.retries.expired(at(10), limit=10) == (key,)
    await store.record(started(10, "r1", retry_id=key), now=at(10))
    assert not await store.retries.end(key, RetryOutcome.TIMED_OUT, "no answer", at(10))
    assert await store.rows("SELECT outcome FROM retry") == [{"outcome": None}]
    assert await store.retries.expired(at(20), limit=10) == (key,)
    assert await store.retries.end(key, RetryOutcome.TIMED_OUT, "no answer", at(20))


@pytest.mark.parametrize("outcome", [RetryOutcome.REFUSED, RetryOutcome.TIMED_OUT])
async def test_a_retry_without_an_answer_reopens_its_failure_once(
    store: Store, outcome: RetryOutcome
) -> None:
    await store.record(item_failed(1))
    await store.retry(2)
    key = RetryKey(await store.retry_key(2))
    ended = [await store.retries.end(key, outcome, "no answer", at(12)) for _ in range(2)]
    (line,) = (await store.errors()).lines
    assert (ended, line.state, line.last_retry) == ([True, False], FailureState.OPEN, outcome)
    assert ("retry failed", "Error", "U1") in await store.audit()
    (entry,) = (await store.history()).entries
    assert isinstance(entry, RetryEntry)
    assert (entry.unanswered, entry.pending, entry.finished_at) == (1, 0, at(12))


async def test_a_true_answer_replaces_a_time_out(store: Store) -> None:
    await store.record(item_failed(1))
    await store.retry(2)
    key = RetryKey(await store.retry_key(2))
    await store.retries.end(key, RetryOutcome.TIMED_OUT, "no answer", at(12))
    await store.record(item_synced(13, retry_id=key))
    (entry,) = (await store.history()).entries
    assert isinstance(entry, RetryEntry)
    assert (entry.succeeded, entry.unanswered) == (1, 0)
    assert await store.rows("SELECT resolved_by FROM failure") == [{"resolved_by": "U1"}]


async def test_a_report_that_is_no_answer_leaves_the_failure_retrying(store: Store) -> None:
    await store.record(item_failed(1))
    await store.retry(2)
    await store.record(item_failed(3, message="again", retry_id="somebody else's"))
    (line,) = (await store.errors()).lines
    assert (line.state, line.message) == (FailureState.RETRYING, "again")


async def test_a_scheduled_success_ends_the_retries_that_it_makes_needless(store: Store) -> None:
    await store.record(sync_failed(1, "r1"), item_failed(1))
    await store.retry(2)
    await store.record(started(3, "r2"), completed(4, "r2"))
    outcomes = [row["outcome"] for row in await store.rows("SELECT outcome FROM retry")]
    assert (outcomes, (await store.card()).open_failures) == (["succeeded"] * 2, 0)


async def test_a_run_that_lives_is_not_given_up(store: Store) -> None:
    await store.retry(1, whole_mailbox=True)
    key = await store.retry_key(1)
    await store.record(started(9, "r1", retry_id=key), now=at(9))
    assert await store.retries.expired(at(12), 10) == ()
    assert await store.retries.expired(at(20), 10) == (key,)


async def test_an_item_that_is_gone_needs_no_retry_any_more(store: Store) -> None:
    await store.record(item_failed(1))
    await store.retry(2)
    key = await store.retry_key(2)
    await store.record(item_failed(3, code="source_item_gone", retry_id=key))
    assert (await store.card()).open_failures == 0


async def test_three_failed_retries_call_for_support(store: Store) -> None:
    await store.record(item_failed(0))
    for minute in (1, 2, 3):
        await store.retry(minute)
        await store.record(item_failed(minute, retry_id=await store.retry_key(minute)))
    assert (await store.errors()).lines[0].escalate
    assert (await store.card()).escalate
