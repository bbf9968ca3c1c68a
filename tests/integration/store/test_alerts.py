"""Which channel messages are due, whose they are, and what they show."""

import asyncio

from bot.domain.routing import Wait
from bot.domain.values import FailureState
from bot.ports.delivery import AlertDelivery, Room, Shown, Told
from bot.store import SqlAlerts
from bot.views import AlertCard
from tests.integration.store.words import (
    Store,
    at,
    completed,
    item_failed,
    item_synced,
    mailbox,
    policy,
    started,
)

OPS = ("C_OPS",)


async def due(store: Store, minute: float = 10, channels: tuple[str, ...] = OPS) -> tuple[AlertDelivery, ...]:
    await store.wanted_by(*channels)
    return await store.due(minute)


def told(delivery: AlertDelivery) -> AlertCard:
    assert isinstance(delivery.card, AlertCard)
    return delivery.card


async def post(store: Store, delivery: AlertDelivery, ts: str = "1.0") -> None:
    shown = Shown(delivery.ts or ts, "d", Told(delivery.count, at(10)), sent=True)
    await store.alert_messages.shown(delivery, shown, at(10))


async def postpone(store: Store, delivery: AlertDelivery, minute: float) -> None:
    until = at(minute)
    await store.alert_messages.postpone(
        delivery, until=until, reason="ratelimited", may_have_arrived=False, now=at(10)
    )


async def post_all(store: Store) -> None:
    for delivery in await due(store):
        await post(store, delivery)


async def test_a_failure_is_due_in_each_channel_once(store: Store) -> None:
    await store.record(item_failed(1, subject="Plan", sender="Ann"))
    deliveries = await due(store, channels=("C1", "C2"))
    assert [delivery.channel for delivery in deliveries] == ["C1", "C2"]
    assert [line.subject or line.sender for line in told(deliveries[0]).lines] == [None]
    for delivery in deliveries:
        await post(store, delivery)
    assert await due(store, 20, ("C1", "C2")) == ()


async def test_a_message_belongs_to_one_reconciler_at_a_time(store: Store) -> None:
    await store.record(*(mailbox(key=f"m{n}") for n in range(2, 12)))
    await store.record(*(item_failed(1, mailbox=f"m{n}") for n in range(1, 12)))
    await store.wanted_by(*OPS)
    replicas = [SqlAlerts(store.database) for _ in range(6)]
    await asyncio.gather(*(one.route(500) for one in replicas for _ in range(2)))
    leases = await asyncio.gather(
        *(one.lease_due((), at(2), until=at(3), room=Room(50, 50)) for one in replicas for _ in range(2))
    )
    leased = [delivery.id for lease in leases for delivery in lease]
    assert len(leased) == len(set(leased)) == 11


async def test_who_has_lost_the_lease_changes_nothing_any_more(store: Store) -> None:
    """A process that stood still for longer than its lease finds that another has taken over."""
    await store.record(item_failed(1))
    (late,) = await due(store, 1)
    (taken_over,) = await due(store, 3)
    await post(store, late, ts="late")
    await store.alert_messages.forget_message(late)
    await store.alert_messages.hold([(late, Wait(None, "muted"))])
    await postpone(store, late, 3)
    assert not await store.alert_messages.posting(late, at(3))
    assert await due(store, 3) == ()
    await post(store, taken_over, ts="1.0")
    assert await store.rows("SELECT ts, attempts FROM alert_message") == [{"ts": "1.0", "attempts": 0}]


async def test_a_change_is_due_again_as_an_edit(store: Store) -> None:
    await store.record(item_failed(1))
    await post_all(store)
    await store.record(item_failed(11, "i2"))
    (delivery,) = await due(store, 12)
    assert (delivery.ts, told(delivery).open_failures, delivery.shown_digest) == ("1.0", 2, "d")


async def test_a_change_during_the_post_is_not_lost(store: Store) -> None:
    await store.record(item_failed(1))
    (delivery,) = await due(store)
    await store.record(item_synced(2))
    await post(store, delivery)
    (edit,) = await due(store, 10.1)
    assert (edit.ts, told(edit).cleared_at, told(edit).resolved) == ("1.0", at(2), 1)


async def test_an_alert_that_cleared_before_it_was_posted_needs_no_message(store: Store) -> None:
    await store.record(item_failed(1), item_synced(2))
    assert await due(store) == ()
    await store.record(item_failed(3))
    await postpone(store, (await due(store, 10))[0], 30)
    await store.record(item_synced(11))
    assert await due(store, 30) == ()
    assert await store.rows("SELECT id FROM alert WHERE dirty") == []


async def test_what_comes_back_is_a_new_alert(store: Store) -> None:
    await store.record(item_failed(1))
    await post_all(store)
    await store.record(item_synced(2), item_failed(3))
    first, second = sorted(await due(store, 20), key=lambda each: each.alert)
    assert (told(first).cleared_at, told(first).lines, told(first).open_failures) == (at(2), (), 0)
    assert (second.ts, told(second).opened_at, told(second).open_failures) == (None, at(3), 1)


async def test_a_postponed_message_waits_and_counts_its_attempts(store: Store) -> None:
    await store.record(item_failed(1))
    (delivery,) = await due(store)
    await postpone(store, delivery, 30)
    assert await due(store, 29) == ()
    (again,) = await due(store, 30)
    assert again.attempts == 1


async def test_a_message_that_was_deleted_is_posted_anew_while_the_alert_is_open(store: Store) -> None:
    await store.record(item_failed(1))
    await post_all(store)
    await store.record(item_failed(2, "i2"))
    (edit,) = await due(store, 12)
    await store.alert_messages.forget_message(edit)
    (again,) = await due(store, 12)
    assert again.ts is None
    await store.record(item_synced(20), item_synced(20, "i2"))
    await store.alert_messages.forget_message(again)
    assert await due(store, 30) == ()


async def test_a_new_channel_learns_of_what_is_open_already(store: Store) -> None:
    await store.record(item_failed(1))
    await post_all(store)
    (delivery,) = await due(store, 20, ("C_OPS", "C_NEW"))
    assert (delivery.channel, delivery.ts) == ("C_NEW", None)


async def test_a_channel_that_is_no_longer_wanted_keeps_nothing_waiting(store: Store) -> None:
    await store.record(item_failed(1))
    await due(store, 10, ("C1", "C2"))
    delivery, unwanted = await due(store, 20, ("C1",))
    await post(store, delivery)
    await store.alert_messages.hold([(unwanted, Wait(None, "no subscription takes it"))])
    assert await due(store, 30, ("C1",)) == ()
    assert await store.rows("SELECT id FROM alert WHERE dirty") == []


async def test_the_card_names_the_five_oldest_and_counts_all(store: Store) -> None:
    await store.record(*(item_failed(n, f"i{n}") for n in range(1, 9)))
    await store.record(item_synced(20, "i1"))
    lines = (await store.errors()).lines
    await store.retry(21, failures=(lines[0].id,))
    (delivery,) = await due(store, 22)
    card = told(delivery)
    assert [line.item for line in card.lines] == ["i2", "i3", "i4", "i5", "i6"]
    assert card.lines[0].state is FailureState.RETRYING
    assert (card.open_failures, card.retrying, card.resolved, card.resolved_by) == (7, 1, 1, ("System",))


async def test_the_card_says_who_healed_it(store: Store) -> None:
    await store.record(item_failed(1), item_failed(1, "i2"))
    await post_all(store)
    first, _ = (await store.errors()).lines
    await store.retry(2, failures=(first.id,))
    await store.record(item_synced(3, retry_id=await store.retry_key(2)))
    await store.record(started(4, "r1"), completed(5, "r1"))
    (delivery,) = await due(store, 20)
    assert (told(delivery).resolved, told(delivery).resolved_by) == (2, ("U1", "System"))


async def test_a_renamed_policy_is_due_in_the_messages_that_name_it(store: Store) -> None:
    await store.record(item_failed(1))
    await post_all(store)
    await store.record(policy(2, name="Platinum"))
    (delivery,) = await due(store, 20)
    assert told(delivery).policy == "Platinum"
