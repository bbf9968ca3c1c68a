"""What people do about alerts and failures: kept, counted, audited, and undone."""

from collections.abc import Collection
from typing import Any

import pytest

from bot.domain.catalogue import cause_of
from bot.domain.routing import Mute
from bot.domain.values import SYSTEM, AlertId, FailureId, FailureState, MailboxId, RetryOutcome
from bot.domain.wishes import MuteKind
from bot.store import SqlMutes
from bot.store.alert_cards import alert_cards
from bot.store.handling_adapter import SqlHandling, SqlToHandle
from bot.store.incident_adapter import SqlIncidents
from bot.store.incident_cards import incident_cards
from bot.views import AlertCard, AlertState, Dismissal, Handled
from tests.integration.store.words import (
    Store,
    at,
    completed,
    item_failed,
    item_synced,
    mailbox,
    policy,
    started,
    sync_failed,
)

BY = "U0OMAR"
LOST = "Sent it through Drive"


async def failing(store: Store, *items: str) -> tuple[FailureId, ...]:
    await store.record(*(item_failed(1 + n, item) for n, item in enumerate(items or ("i1",))))
    return tuple(line.id for line in (await store.errors()).lines)


async def dismiss(store: Store, *failures: FailureId, minute: float = 5) -> Collection[FailureId]:
    return await SqlHandling(store.database).dismiss(failures, reason=LOST, by=BY, now=at(minute))


async def restore(store: Store, *failures: FailureId, minute: float = 9) -> Collection[FailureId]:
    return await SqlHandling(store.database).restore(failures, by=BY, now=at(minute))


async def open_items(store: Store) -> list[str | None]:
    return [line.item for line in (await store.errors()).lines]


async def alert_id(store: Store) -> AlertId:
    return AlertId((await store.rows("SELECT id FROM alert ORDER BY id DESC LIMIT 1"))[0]["id"])


async def version(store: Store) -> int:
    return int((await store.rows("SELECT version FROM alert"))[0]["version"])


async def test_what_is_dismissed_counts_no_longer_and_clears_the_alert_with_the_last(store: Store) -> None:
    first, second = await failing(store, "i1", "i2")
    assert await dismiss(store, first) == [first]
    assert (await store.card()).open_failures == 1
    assert await store.rows("SELECT id FROM alert WHERE cleared_at IS NOT NULL") == []
    assert await dismiss(store, second, minute=6) == [second]
    assert (await store.card()).open_failures == 0
    assert len(await store.rows("SELECT id FROM alert WHERE cleared_at IS NOT NULL AND dirty")) == 1


async def test_who_dismissed_what_and_why_is_kept_and_audited(store: Store) -> None:
    chosen = await failing(store, "i1", "i2")
    await dismiss(store, *chosen)
    rows = await store.rows("SELECT state, resolved_by, reason FROM failure")
    assert rows == [{"state": "dismissed", "resolved_by": BY, "reason": LOST}] * 2
    (line,) = await store.rows(
        "SELECT actor, message, mailbox_id FROM audit WHERE event = 'failure dismissed'"
    )
    assert line == {
        "actor": BY,
        "message": f"m1@old.example: 2 failed items (dest_too_large) dismissed: {LOST}",
        "mailbox_id": await store.mailbox_id(),
    }


async def test_a_retry_under_way_ends_as_refused_and_its_late_answers_are_only_kept(store: Store) -> None:
    (chosen,) = await failing(store)
    await store.retry(2)
    key = await store.retry_key(3)
    await dismiss(store, chosen, minute=4)
    assert (await store.rows("SELECT outcome FROM retry"))[0]["outcome"] == RetryOutcome.REFUSED
    assert (await store.rows("SELECT unanswered FROM retry_batch"))[0]["unanswered"] == 1
    await store.record(item_failed(5, retry_id=key))
    assert await open_items(store) == []
    await store.record(item_synced(6, retry_id=key))
    assert [row["state"] for row in await store.rows("SELECT state FROM failure")] == ["resolved"]
    assert await restore(store, chosen) == []


async def test_nothing_is_dismissed_twice_nor_what_healed_nor_a_whole_run(store: Store) -> None:
    (chosen,) = await failing(store)
    await store.record(sync_failed(2, "r1"))
    whole = next(line.id for line in (await store.errors()).lines if line.item is None)
    assert await dismiss(store, chosen) == [chosen]
    assert await dismiss(store, chosen, whole, FailureId(999)) == []
    assert (await store.card()).open_failures == 1


async def test_a_dismissed_item_that_fails_the_same_way_again_stays_dismissed(store: Store) -> None:
    (chosen,) = await failing(store)
    await dismiss(store, chosen)
    await store.record(
        started(10, "r1"),
        item_failed(11, run="r1"),
        completed(12, "r1", still_failing=("i1",)),
        started(13, "r2"),
        completed(14, "r2", still_failing=("i1",)),
    )
    assert await open_items(store) == []
    assert len(await store.rows("SELECT id FROM alert")) == 1


@pytest.mark.parametrize("new", [{"code": "dest_rejected"}, {"size": 7}], ids=["cause", "content"])
async def test_a_dismissed_item_that_fails_in_another_way_or_has_changed_is_a_new_alert(
    store: Store, new: dict[str, Any]
) -> None:
    await store.record(item_failed(1, size=5))
    await dismiss(store, (await store.errors()).lines[0].id)
    await store.record(item_failed(10, **({"size": 5} | new)))
    assert await open_items(store) == ["i1"]
    assert len(await store.rows("SELECT id FROM alert")) == 2


async def test_a_mailbox_under_another_policy_is_looked_at_anew(store: Store) -> None:
    (chosen,) = await failing(store)
    await dismiss(store, chosen)
    await store.record(policy(6, key="silver"), mailbox(7, under="silver"), item_failed(10))
    assert await open_items(store) == ["i1"]


async def test_what_is_restored_is_open_again_under_an_alert_and_may_be_retried(store: Store) -> None:
    (chosen,) = await failing(store)
    await dismiss(store, chosen)
    assert await restore(store, chosen) == [chosen]
    assert [line.state for line in (await store.errors()).lines] == [FailureState.OPEN]
    assert len(await store.rows("SELECT id FROM alert WHERE cleared_at IS NULL")) == 1
    assert ("failure restored", "Information", BY) in await store.audit()
    assert (await store.retry(10)).claimed == 1


async def test_what_failed_anew_since_is_not_restored(store: Store) -> None:
    (chosen,) = await failing(store)
    await dismiss(store, chosen)
    await store.record(item_failed(10, code="dest_rejected"))
    assert await restore(store, chosen, minute=11) == []
    assert await open_items(store) == ["i1"]


async def test_a_restored_failure_clears_with_the_next_success(store: Store) -> None:
    (chosen,) = await failing(store)
    await dismiss(store, chosen)
    await restore(store, chosen)
    await store.record(started(10, "r1"), completed(11, "r1"))
    assert (await store.card()).open_failures == 0


# ---- alerts


async def test_an_alert_is_acknowledged_by_one_and_given_back(store: Store) -> None:
    await failing(store)
    chosen, handling, before = await alert_id(store), SqlHandling(store.database), await version(store)
    assert await handling.acknowledge(chosen, seen=1, by=BY, now=at(5))
    assert not await handling.acknowledge(chosen, seen=1, by="U0ADA", now=at(6))
    (row,) = await store.rows("SELECT acknowledged_by, version, dirty FROM alert")
    assert (row["acknowledged_by"], row["version"], bool(row["dirty"])) == (BY, before + 1, True)
    assert await handling.unacknowledge(chosen, by=BY, now=at(7))
    assert not await handling.unacknowledge(chosen, by=BY, now=at(8))
    assert [event for event, _, actor in await store.audit() if actor == BY] == [
        "alert acknowledged",
        "alert acknowledgement withdrawn",
    ]


async def test_nothing_is_done_about_an_alert_that_is_cleared(store: Store) -> None:
    await failing(store)
    chosen, handling = await alert_id(store), SqlHandling(store.database)
    await store.record(item_synced(2))
    assert not await handling.acknowledge(chosen, seen=1, by=BY, now=at(5))
    assert not await handling.snooze(chosen, until=at(60), by=BY, now=at(5))


async def test_a_snooze_wakes_by_itself_and_once(store: Store) -> None:
    await failing(store)
    chosen, handling, before = await alert_id(store), SqlHandling(store.database), await version(store)
    assert await handling.snooze(chosen, until=at(60), by=BY, now=at(5))
    assert not await handling.wake_due(at(59))
    assert await handling.wake_due(at(60))
    assert not await handling.wake_due(at(61))
    (row,) = await store.rows("SELECT snoozed_until, snoozed_by, version FROM alert")
    assert tuple(row.values()) == (None, None, before + 2)
    assert [(event, actor) for event, _, actor in await store.audit() if event.startswith("alert")] == [
        ("alert snoozed", BY),
        ("alert woken", SYSTEM),
    ]


async def test_a_snooze_can_be_ended_by_hand(store: Store) -> None:
    await failing(store)
    chosen, handling = await alert_id(store), SqlHandling(store.database)
    assert not await handling.snooze(chosen, until=None, by=BY, now=at(5))
    await handling.snooze(chosen, until=at(60), by=BY, now=at(5))
    assert await handling.snooze(chosen, until=None, by=BY, now=at(6))
    assert ("alert woken", "Information", BY) in await store.audit()


@pytest.mark.parametrize(("kind", "key"), [(MuteKind.MAILBOX, "m1"), (MuteKind.POLICY, "gold")])
async def test_messages_are_drawn_anew_when_a_mute_begins_and_when_it_ends(
    store: Store, kind: MuteKind, key: str
) -> None:
    await failing(store)
    mutes, handling, before = SqlMutes(store.database), SqlHandling(store.database), await version(store)
    await mutes.add(Mute(kind, key, at(60), BY, at(5)))
    assert await version(store) == before + 1
    assert not await handling.wake_due(at(59))
    assert await handling.wake_due(at(60))
    assert await version(store) == before + 2
    assert await mutes.live(at(30)) == ()
    await mutes.add(Mute(kind, key, None, BY, at(61)))
    await mutes.remove(kind, key, by=BY, now=at(62))
    assert await version(store) == before + 4


async def opened_incident(store: Store) -> AlertId:
    """Of three mailboxes."""
    keys = ("m1", "m2", "m3")
    await store.record(*(mailbox(key=key) for key in keys))
    await store.record(*(sync_failed(1, "r1", mailbox=key, code="dest_auth") for key in keys))
    incidents = SqlIncidents(store.database)
    await incidents.gather()
    await incidents.count(at(2))
    return AlertId((await store.rows("SELECT id FROM alert WHERE kind = 'incident'"))[0]["id"])


async def drawn(store: Store) -> AlertCard:
    chosen = await alert_id(store)
    cards = await store.database.read(alert_cards, [chosen])
    return cards[chosen]


async def test_an_acknowledgement_is_of_what_was_shown_and_counts_what_came_since(store: Store) -> None:
    await failing(store, "i1", "i2")
    chosen, handling = await alert_id(store), SqlHandling(store.database)
    await handling.acknowledge(chosen, seen=(await drawn(store)).ever, by=BY, now=at(5))
    assert (await drawn(store)).handled == Handled(BY, at(5))
    await store.record(item_failed(6, "i3"), item_failed(7, "i1"))
    assert (await drawn(store)).handled.new_since == 1
    await store.record(item_synced(8, "i2"))
    assert (await drawn(store)).handled.new_since == 1
    await handling.unacknowledge(chosen, by=BY, now=at(9))
    assert (await drawn(store)).handled == Handled()


async def test_a_message_that_lagged_behind_acknowledges_no_more_than_it_showed(store: Store) -> None:
    await failing(store, "i1")
    seen = (await drawn(store)).ever
    await store.record(item_failed(4, "i2"))
    await SqlHandling(store.database).acknowledge(await alert_id(store), seen=seen, by=BY, now=at(5))
    assert (await drawn(store)).handled.new_since == 1


async def test_of_two_who_snooze_one_wins_until_it_wakes(store: Store) -> None:
    await failing(store)
    chosen, handling = await alert_id(store), SqlHandling(store.database)
    assert await handling.snooze(chosen, until=at(60), by=BY, now=at(5))
    assert not await handling.snooze(chosen, until=at(90), by="U0ADA", now=at(6))
    state = await SqlToHandle(store.database).state(chosen)
    assert state == AlertState(
        chosen, "m1@old.example", is_cleared=False, handled=Handled(snoozed_by=BY, snoozed_until=at(60))
    )
    assert await handling.snooze(chosen, until=at(90), by="U0ADA", now=at(60))


async def test_an_alert_that_is_over_says_so_and_sleeps_no_more(store: Store) -> None:
    await failing(store)
    chosen, handling = await alert_id(store), SqlHandling(store.database)
    await handling.snooze(chosen, until=at(60), by=BY, now=at(5))
    await store.record(item_synced(6))
    assert await SqlToHandle(store.database).state(chosen) == AlertState(
        chosen, "m1@old.example", is_cleared=True, handled=Handled()
    )
    assert await SqlToHandle(store.database).state(AlertId(999)) is None


async def test_an_alert_tells_who_dismissed_what_for_which_reason(store: Store) -> None:
    first, second, third, _ = await failing(store, "i1", "i2", "i3", "i4")
    await dismiss(store, first, second)
    await SqlHandling(store.database).dismiss([third], reason="Too old", by="U0ADA", now=at(6))
    card = await drawn(store)
    assert card.dismissals == (Dismissal(BY, 2, LOST), Dismissal("U0ADA", 1, "Too old"))
    assert (card.open_failures, card.resolved, card.dismissed, card.ever) == (1, 0, 3, 4)


async def test_what_may_be_dismissed_are_failed_items_and_up_to_what_was_seen(store: Store) -> None:
    first, second = await failing(store, "i1", "i2")
    await store.record(sync_failed(3, "r1"))
    reads, mailbox_id = SqlToHandle(store.database), await store.mailbox_id()
    found = await reads.dismissable(mailbox_id, 1)
    assert found is not None
    assert ([line.item for line in found.lines], found.total, found.newest) == (["i1"], 2, second)
    await store.record(item_failed(4, "i3"))
    assert await reads.unresolved(mailbox_id, second) == (first, second)
    assert await reads.dismissable(MailboxId(999), 1) is None


async def test_an_incident_is_acknowledged_by_its_mailboxes(store: Store) -> None:
    incident = await opened_incident(store)
    handling, reads = SqlHandling(store.database), SqlToHandle(store.database)
    assert await handling.acknowledge(incident, seen=2, by=BY, now=at(5))
    cards = await store.database.read(incident_cards, [incident])
    assert cards[incident].handled == Handled(BY, at(5), new_since=1)
    state = await reads.state(incident)
    assert state is not None
    assert state.told == cause_of("dest_auth").cause
    assert ("alert acknowledged", "Information", BY) in await store.audit()
