"""Open cards follow their mailbox."""

import asyncio
from dataclasses import replace

from bot.domain.events import SyncProgress
from bot.domain.values import MailboxStatus, WatchId
from bot.ports import Watch, WatchKind
from bot.services.following import RESPONSE_EVERY, RESPONSE_LIFE, RESPONSE_USES
from bot.store import SqlWatches
from bot.views import CardKind, CardRef
from tests.integration.store.words import Store, at, completed, item_failed, started


async def follow(store: Store, *, uses: int = 3, target: str = "V1") -> SqlWatches:
    watches = SqlWatches(store.database)
    chosen = await store.mailbox_id()
    ref = CardRef(CardKind.STATUS, chosen, status=MailboxStatus.FAILED)
    version = await store.mailboxes.version(chosen)
    watch = Watch(WatchId(0), WatchKind.VIEW, target, "h0", "U1", ref, uses, version)
    await watches.follow(watch, mailbox=chosen, expires_at=at(60))
    return watches


async def test_nothing_is_due_before_a_change(store: Store) -> None:
    watches = await follow(store)
    assert await watches.lease_due(at(1), until=at(2), limit=10) == ()


async def test_a_change_is_due_once_and_carries_all_that_was_stored(store: Store) -> None:
    watches = await follow(store)
    await store.record(started(1, "r1"))
    (watch,) = await watches.lease_due(at(1), until=at(2), limit=10)
    assert (watch.hash, watch.user, watch.uses_left, watch.ref.status) == (
        "h0",
        "U1",
        3,
        MailboxStatus.FAILED,
    )
    await watches.shown(watch, hash="h1")
    assert await watches.lease_due(at(3), until=at(4), limit=10) == ()
    await store.record(completed(2, "r1"))
    (again,) = await watches.lease_due(at(3), until=at(4), limit=10)
    assert (again.hash, again.uses_left) == ("h1", 2)


async def test_a_watch_belongs_to_one_sweep_at_a_time(store: Store) -> None:
    watches = await follow(store)
    await store.record(started(1, "r1"))
    leases = await asyncio.gather(*(watches.lease_due(at(1), until=at(2), limit=10) for _ in range(8)))
    assert sorted(map(len, leases)) == [0] * 7 + [1]


async def test_a_used_up_watch_is_not_due(store: Store) -> None:
    watches = await follow(store, uses=0)
    await store.record(started(1, "r1"))
    assert await watches.lease_due(at(1), until=at(2), limit=10) == ()


async def test_the_last_redraw_is_kept_for_the_result(store: Store) -> None:
    """A run tells of itself more often than a response_url can be used."""
    await store.retry(whole_mailbox=True)
    watches = await follow(store, uses=1)
    key = await store.retry_key(0)
    await store.record(item_failed(1, "i1"))
    assert await watches.lease_due(at(1), until=at(2), limit=10) == ()
    await store.record(started(1, "r1", retry_id=key))
    assert await watches.lease_due(at(1), until=at(2), limit=10) == ()
    await store.record(completed(2, "r1"))
    assert len(await watches.lease_due(at(3), until=at(4), limit=10)) == 1


async def test_an_expired_watch_is_deleted(store: Store) -> None:
    watches = await follow(store)
    await store.record(started(1, "r1"))
    assert await watches.lease_due(at(60), until=at(61), limit=10) == ()
    assert await store.rows("SELECT id FROM watch") == []


async def test_a_target_shows_one_card(store: Store) -> None:
    watches = await follow(store)
    await follow(store)
    assert len(await store.rows("SELECT id FROM watch")) == 1
    await watches.drop("V1")
    assert await store.rows("SELECT id FROM watch") == []


async def test_a_reader_s_newest_message_about_a_mailbox_is_the_one_that_is_followed(store: Store) -> None:
    """Each click on a message brings another response_url: two would draw two pages in turn."""
    watches = SqlWatches(store.database)
    chosen = await store.mailbox_id()
    ref = CardRef(CardKind.ERRORS, chosen)
    for number, (kind, user) in enumerate(
        [
            (WatchKind.RESPONSE, "U1"),
            (WatchKind.RESPONSE, "U2"),
            (WatchKind.VIEW, "U1"),
            (WatchKind.RESPONSE, "U1"),
        ]
    ):
        watch = Watch(WatchId(0), kind, f"target-{number}", None, user, ref, 3, 1)
        await watches.follow(watch, mailbox=chosen, expires_at=at(60))
    assert [row["target"] for row in await store.rows("SELECT target FROM watch ORDER BY target")] == [
        "target-1",
        "target-2",
        "target-3",
    ]


async def test_following_the_same_target_at_once_is_no_error(store: Store) -> None:
    watches = await follow(store)
    await store.record(started(1, "r1"))
    (watch,) = await watches.lease_due(at(1), until=at(2), limit=10)
    chosen = await store.mailbox_id()
    same = [replace(watch, hash=f"h{n}") for n in range(8)]
    await asyncio.gather(*(watches.follow(one, mailbox=chosen, expires_at=at(60)) for one in same))
    assert len(await store.rows("SELECT id FROM watch")) == 1


async def test_a_postponed_redraw_is_due_at_its_time_with_the_hash_that_it_is_given(store: Store) -> None:
    watches = await follow(store)
    await store.record(started(1, "r1"))
    (watch,) = await watches.lease_due(at(1), until=at(2), limit=10)
    await watches.postpone(watch, until=at(5), hash=None)
    assert await watches.lease_due(at(4), until=at(6), limit=10) == ()
    (again,) = await watches.lease_due(at(5), until=at(6), limit=10)
    assert (again.hash, again.uses_left) == (None, 3)


async def test_what_was_followed_anew_is_not_postponed(store: Store) -> None:
    watches = await follow(store)
    await store.record(started(1, "r1"))
    (watch,) = await watches.lease_due(at(1), until=at(2), limit=10)
    await watches.follow(watch, mailbox=await store.mailbox_id(), expires_at=at(60))
    await watches.postpone(watch, until=at(5), hash=None)
    await store.record(completed(2, "r1"))
    (again,) = await watches.lease_due(at(3), until=at(4), limit=10)
    assert again.hash == "h0"


async def follow_home(store: Store, user: str = "U1", *, not_before: float = 1) -> SqlWatches:
    watches = SqlWatches(store.database)
    ref = CardRef(CardKind.OVERVIEW)
    watch = Watch(WatchId(0), WatchKind.HOME, f"home:{user}", "h0", user, ref, 9, 0, "digest-0")
    await watches.follow(watch, mailbox=None, expires_at=at(60), not_before=at(not_before))
    return watches


async def test_a_home_is_due_from_its_time_on_whatever_has_changed(store: Store) -> None:
    watches = await follow_home(store)
    await store.record(started(0.1, "r1"))
    assert await watches.lease_due(at(0.5), until=at(2), limit=10) == ()
    (home,) = await watches.lease_due(at(1), until=at(2), limit=10)
    assert (home.kind, home.hash, home.digest, home.version) == (WatchKind.HOME, "h0", "digest-0", 0)
    assert await watches.lease_due(at(1), until=at(2), limit=10) == ()
    await watches.shown(home, hash="h1", digest="digest-1", not_before=at(3))
    assert await watches.lease_due(at(2.9), until=at(4), limit=10) == ()
    (again,) = await watches.lease_due(at(3), until=at(4), limit=10)
    assert (again.hash, again.digest) == ("h1", "digest-1")


async def test_a_person_has_one_home_and_opening_it_again_takes_it_from_a_sweep(store: Store) -> None:
    watches = await follow_home(store)
    (home,) = await watches.lease_due(at(1), until=at(2), limit=10)
    await follow_home(store, not_before=5)
    await watches.shown(home, hash="late", digest="late", not_before=at(9))
    (again,) = await watches.lease_due(at(5), until=at(6), limit=10)
    assert (again.hash, again.digest) == ("h0", "digest-0")


async def test_homes_and_cards_are_due_together_the_one_that_waited_longest_first(store: Store) -> None:
    await follow(store)
    await follow_home(store, "U1", not_before=2)
    watches = await follow_home(store, "U2", not_before=1)
    await store.record(started(1, "r1"))
    due = await watches.lease_due(at(3), until=at(4), limit=2)
    assert {watch.target for watch in due} == {"V1", "home:U2"}


async def test_a_home_is_forgotten_once_nobody_opens_it(store: Store) -> None:
    watches = await follow_home(store)
    assert await watches.lease_due(at(60), until=at(61), limit=10) == ()
    assert await store.rows("SELECT id FROM watch") == []


async def test_a_card_that_was_just_redrawn_rests_a_while(store: Store) -> None:
    watches = await follow(store)
    await store.record(started(1, "r1"))
    (watch,) = await watches.lease_due(at(1), until=at(2), limit=10)
    await watches.shown(watch, hash="h1", not_before=at(4))
    await store.record(completed(2, "r1"))
    assert await watches.lease_due(at(3), until=at(5), limit=10) == ()
    assert len(await watches.lease_due(at(4), until=at(5), limit=10)) == 1


async def test_of_many_open_cards_those_go_first_that_rested_longest(store: Store) -> None:
    for target in ("V1", "V2", "V3"):
        watches = await follow(store, target=target)
    await store.record(started(1, "r1"))
    (first,) = await watches.lease_due(at(1), until=at(2), limit=1)
    await watches.shown(first, hash="h1", not_before=at(1))
    await store.record(completed(2, "r1"))
    due = await watches.lease_due(at(3), until=at(4), limit=2)
    assert (first.target, {watch.target for watch in due}) == ("V1", {"V2", "V3"})


async def test_the_last_redraw_of_an_answer_is_used_before_it_expires_though_the_work_goes_on(
    store: Store,
) -> None:
    """It says that none follows; a result that comes later could not be shown."""
    watches = await follow(store, uses=1)
    await store.record(started(1, "r1"))
    assert await watches.lease_due(at(57), until=at(58), limit=10) == ()
    assert len(await watches.lease_due(at(58), until=at(59), limit=10)) == 1


async def test_an_answer_is_replaced_three_times_however_often_its_run_tells_of_itself(store: Store) -> None:
    """The last of them, which says that none follows, is kept for the end. Slack takes five uses."""
    watches = SqlWatches(store.database)
    chosen = await store.mailbox_id()
    await store.record(started(0, "r1"))
    version = await store.mailboxes.version(chosen)
    ref = CardRef(CardKind.STATUS, chosen)
    watch = Watch(WatchId(0), WatchKind.RESPONSE, "url", None, "U1", ref, RESPONSE_USES, version)
    await watches.follow(watch, mailbox=chosen, expires_at=at(0) + RESPONSE_LIFE)
    redrawn = []
    for minute in range(30):
        await store.record(SyncProgress(at(minute), "m1", "r1", minute, 100), now=at(minute))
        for due in await watches.lease_due(at(minute), until=at(minute + 1), limit=10):
            redrawn.append((minute, due.uses_left))
            await watches.shown(due, hash=None, not_before=at(minute) + RESPONSE_EVERY)
    assert redrawn == [(0, 3), (1, 2), (27, 1)]
