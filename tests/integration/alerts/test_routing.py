"""Each channel gets what it subscribed to, when it wants it; what it got once is kept true."""

from datetime import UTC, datetime, time, timedelta

from bot.domain.routing import GATHERING, Filter, Mute, Subscription
from bot.domain.wishes import Mode, MuteKind, QuietHours, Urgency
from bot.sandbox.slack.roster import ADA, ALERTS, GENERAL, IT_OPS
from bot.services.delivering import REPLY_EVERY
from bot.store import Database
from bot.store.handling_adapter import SqlHandling
from tests.integration.alerts.scene import Scene, opened
from tests.integration.store.words import at, item_failed, item_synced, mailbox, policy, sync_failed

ONE = "1 sync failure: m1@old.example. Larger than Gmail takes."
TWO = "2 sync failures: m1@old.example. Larger than Gmail takes."
HEALED = "Healed: the sync failure of m1@old.example is resolved ✅"


def muted(kind: MuteKind, key: str, until: datetime | None = None, minute: float = 0) -> Mute:
    return Mute(kind, key, until, ADA.id, at(minute))


async def test_a_channel_gets_what_its_filter_takes(scene: Scene) -> None:
    await scene.happens(policy(key="silver", name="Silver"), mailbox(key="m2", under="silver"))
    await scene.subscribe(Subscription(IT_OPS, Filter(policies=frozenset({"silver"}))))
    await scene.subscribe(Subscription(GENERAL, Filter(least=Urgency.CRITICAL)))
    await scene.happens(item_failed(0), item_failed(0, mailbox="m2"))
    await scene.passes(seconds=5)
    assert len(scene.told(ALERTS)) == 2
    assert scene.told(IT_OPS) == ["1 sync failure: m2@old.example. Larger than Gmail takes."]
    assert scene.told(GENERAL) == []
    assert await scene.unsettled() == 0


async def test_an_alert_that_gets_worse_is_posted_where_only_the_worst_is_wanted(scene: Scene) -> None:
    await scene.subscribe(
        Subscription(IT_OPS, Filter(causes=frozenset({"source_item_gone", "dest_rejected"})))
    )
    await scene.happens(item_failed(0))
    await scene.passes(seconds=5)
    assert scene.told(IT_OPS) == []
    await scene.happens(item_failed(1, "i2", code="dest_rejected"))
    await scene.passes(seconds=5)
    assert scene.told(IT_OPS) == [TWO]


async def test_a_new_channel_learns_of_what_is_open_already(scene: Scene) -> None:
    await scene.happens(item_failed(0))
    await scene.passes(seconds=2)
    await scene.subscribe(Subscription(IT_OPS))
    await scene.passes(seconds=2)
    assert scene.told(IT_OPS) == [ONE]


async def test_a_channel_that_unsubscribed_gets_nothing_new_but_what_it_got_is_kept_true(
    scene: Scene,
) -> None:
    await scene.subscribe(Subscription(IT_OPS))
    await scene.happens(mailbox(key="m2"), item_failed(0))
    await scene.passes(seconds=5)
    await scene.subscriptions.remove(IT_OPS, by=ADA.id, now=scene.clock.now())
    await scene.happens(item_failed(1, mailbox="m2"))
    await scene.passes(seconds=5)
    assert scene.told(IT_OPS) == [ONE]
    await scene.happens(item_synced(2))
    await scene.passes(seconds=5)
    assert scene.told(IT_OPS) == [HEALED]
    assert await scene.unsettled() == 0


async def test_a_channel_that_subscribes_again_has_no_message_twice(scene: Scene) -> None:
    await scene.subscribe(Subscription(IT_OPS))
    await scene.happens(item_failed(0))
    await scene.passes(seconds=3)
    await scene.subscriptions.remove(IT_OPS, by=ADA.id, now=scene.clock.now())
    await scene.passes(seconds=3)
    await scene.subscribe(Subscription(IT_OPS))
    await scene.passes(seconds=3)
    assert scene.told(IT_OPS) == [ONE]


async def test_what_waits_for_a_channel_that_unsubscribed_waits_no_more(scene: Scene) -> None:
    scene.slack.world.archive(IT_OPS)
    await scene.subscribe(Subscription(IT_OPS))
    await scene.happens(item_failed(0))
    await scene.passes(seconds=3)
    await scene.subscriptions.remove(IT_OPS, by=ADA.id, now=scene.clock.now())
    await scene.passes(minutes=2, every=10)
    assert await scene.unsettled() == 0


async def test_another_alert_channel_in_the_settings_keeps_the_messages_of_the_old_one_true(
    database: Database,
) -> None:
    async with opened(database) as scene:
        await scene.happens(item_failed(0))
        await scene.passes(seconds=3)
        scene.default = Subscription(IT_OPS)
        scene.restart()
        await scene.passes(seconds=3)
        assert (scene.told(ALERTS), scene.told(IT_OPS)) == ([ONE], [ONE])
        await scene.happens(item_synced(1))
        await scene.passes(seconds=3)
        assert (scene.told(ALERTS), scene.told(IT_OPS)) == ([HEALED], [HEALED])


async def test_what_is_muted_is_posted_once_it_is_not(scene: Scene) -> None:
    await scene.mute(muted(MuteKind.MAILBOX, "m1"))
    await scene.happens(item_failed(0))
    await scene.passes(minutes=1)
    assert scene.told() == []
    assert await scene.unsettled() == 0
    await scene.mutes.remove(MuteKind.MAILBOX, "m1", by=ADA.id, now=scene.clock.now())
    await scene.passes(seconds=2)
    assert scene.told() == [ONE]


async def test_a_mute_that_ends_by_itself_lets_the_alert_through(scene: Scene) -> None:
    await scene.mute(muted(MuteKind.CHANNEL, ALERTS, at(30)))
    await scene.happens(item_failed(0))
    await scene.passes(minutes=29, every=10)
    assert scene.told() == []
    await scene.passes(minutes=2, every=10)
    assert scene.told() == [ONE]


async def test_what_is_posted_already_is_edited_though_it_is_muted(scene: Scene) -> None:
    await scene.happens(item_failed(0))
    await scene.sweep()
    await scene.mute(muted(MuteKind.POLICY, "gold"))
    await scene.happens(item_failed(1, "i2"))
    await scene.passes(seconds=3)
    assert scene.told() == [TWO]


async def test_another_cause_lets_an_alert_through_whose_first_cause_is_muted(scene: Scene) -> None:
    await scene.mute(muted(MuteKind.CAUSE, "dest_too_large"))
    await scene.happens(item_failed(0))
    await scene.passes(seconds=5)
    assert scene.told() == []
    await scene.happens(item_failed(1, "i2", code="dest_rejected"))
    await scene.passes(seconds=5)
    assert scene.told() == [TWO]


async def test_in_quiet_hours_only_what_breaks_them_is_posted(scene: Scene) -> None:
    """It is 9 in Zurich; the hours go over midnight and over the night in which clocks go forward."""
    quiet = QuietHours("Europe/Zurich", time(22), time(7), Urgency.CRITICAL)
    await scene.subscribe(Subscription(ALERTS, quiet=quiet))
    scene.clock.at = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)
    await scene.happens(item_failed(0), mailbox(key="m2"), sync_failed(0, "r1", mailbox="m2"))
    await scene.passes(minutes=2, every=20)
    [told] = scene.told()
    assert told.startswith("Sync failed: m2@old.example. Certificate or secret of the Microsoft 365")
    scene.clock.at = datetime(2026, 3, 29, 4, 59, 59, tzinfo=UTC)
    await scene.sweep()
    assert len(scene.told()) == 1
    scene.clock.at = datetime(2026, 3, 29, 5, 0, tzinfo=UTC)
    await scene.sweep()
    assert scene.told()[1:] == [ONE]


async def test_what_heals_in_quiet_hours_is_never_posted(scene: Scene) -> None:
    quiet = QuietHours("UTC", time(8), time(9))
    await scene.subscribe(Subscription(ALERTS, quiet=quiet))
    await scene.happens(item_failed(0))
    await scene.passes(minutes=10, every=60)
    await scene.happens(item_synced(10))
    await scene.passes(minutes=60, every=60)
    assert scene.told() == []
    assert await scene.unsettled() == 0


async def test_a_failure_of_a_connection_waits_for_others_like_it(scene: Scene) -> None:
    await scene.happens(sync_failed(0, "r1"))
    await scene.passes(seconds=GATHERING.total_seconds() - 1)
    assert scene.told() == []
    await scene.passes(seconds=2)
    assert len(scene.told()) == 1


async def test_a_snoozed_alert_is_posted_when_it_wakes(scene: Scene) -> None:
    await scene.happens(item_failed(0))
    snoozed = f"UPDATE alert SET snoozed_until = '{at(30).replace(tzinfo=None)}'"
    if not scene.database.is_sqlite:
        snoozed = f"UPDATE alert SET snoozed_until = '{at(30).isoformat()}'"
    await scene.database.write(lambda c: c.exec_driver_sql(snoozed))
    await scene.passes(minutes=29, every=30)
    assert scene.told() == []
    await scene.passes(minutes=2, every=30)
    assert scene.told() == [ONE]


async def test_a_mention_stands_on_the_first_post_only(scene: Scene) -> None:
    await scene.subscribe(Subscription(ALERTS, mention="S0ADMINS"))
    await scene.subscribe(Subscription(IT_OPS, mention="<!channel>"))
    await scene.happens(item_failed(0))
    await scene.passes(seconds=2)
    assert scene.told(ALERTS) == [f"<!subteam^S0ADMINS> {ONE}"]
    assert scene.told(IT_OPS) == [f"&lt;!channel&gt; {ONE}"]
    await scene.happens(item_failed(1, "i2"))
    await scene.passes(seconds=3)
    assert scene.told(ALERTS) == [TWO]


async def test_a_channel_with_digests_only_gets_no_alert(scene: Scene) -> None:
    await scene.subscribe(Subscription(ALERTS, mode=Mode.DIGEST))
    await scene.happens(item_failed(0))
    await scene.passes(minutes=2, every=10)
    assert scene.told() == []
    assert await scene.unsettled() == 0
    await scene.subscribe(Subscription(ALERTS))
    await scene.passes(seconds=2)
    assert scene.told() == [ONE]


async def test_a_thread_is_told_what_is_new_and_what_healed_and_nobody_else_is(scene: Scene) -> None:
    await scene.subscribe(Subscription(ALERTS, mode=Mode.THREAD))
    await scene.happens(item_failed(0))
    await scene.sweep()
    await scene.happens(item_failed(1, "i2", code="dest_rejected"), item_failed(1, "i3"))
    await scene.passes(seconds=REPLY_EVERY.total_seconds() + 2)
    await scene.happens(item_failed(2, "i4", code="dest_rejected"))
    await scene.passes(seconds=REPLY_EVERY.total_seconds() + 2)
    await scene.happens(*(item_synced(3, f"i{n}") for n in range(1, 5)))
    await scene.passes(seconds=5)
    (message,) = scene.messages()
    assert scene.thread(message) == [
        "2 new sync failures. 3 are unresolved.",
        "1 new sync failure. Blocked attachment type, virus, or not a valid message. 4 are unresolved.",
        "Healed by System ✅",
    ]
    assert all("reply_broadcast" not in args for args in scene.calls("chat.postMessage"))
    assert await scene.unsettled() == 0


async def test_a_thread_keeps_quiet_while_its_message_is_kept_true(scene: Scene) -> None:
    await scene.subscribe(
        Subscription(ALERTS, mode=Mode.THREAD, quiet=QuietHours("UTC", time(8, 10), time(9)))
    )
    await scene.happens(item_failed(0))
    await scene.passes(minutes=15, every=30)
    await scene.happens(item_failed(15, "i2"))
    await scene.passes(minutes=5, every=30)
    assert scene.told() == [TWO]
    (message,) = scene.messages()
    assert scene.thread(message) == []
    await scene.happens(item_failed(20, "i3"))
    await scene.passes(seconds=5)
    assert scene.told() == ["3 sync failures: m1@old.example. Larger than Gmail takes."]
    await scene.passes(minutes=41, every=30)
    assert scene.thread(message) == ["2 new sync failures. 3 are unresolved."]


async def test_a_thread_that_was_muted_when_all_healed_is_told_so_once_it_is_not(scene: Scene) -> None:
    await scene.subscribe(Subscription(ALERTS, mode=Mode.THREAD))
    await scene.happens(item_failed(0))
    await scene.sweep()
    await scene.mute(muted(MuteKind.MAILBOX, "m1"))
    await scene.happens(item_synced(1))
    await scene.passes(minutes=10, every=30)
    (message,) = scene.messages()
    assert scene.thread(message) == []
    await scene.mutes.remove(MuteKind.MAILBOX, "m1", by=ADA.id, now=scene.clock.now())
    await scene.passes(seconds=5)
    assert scene.thread(message) == ["Healed by System ✅"]
    assert await scene.unsettled() == 0


async def test_a_thread_is_told_at_once_that_what_was_snoozed_has_healed(scene: Scene) -> None:
    await scene.subscribe(Subscription(ALERTS, mode=Mode.THREAD))
    await scene.happens(item_failed(0))
    await scene.sweep()
    handling, now = SqlHandling(scene.database), scene.clock.now()
    assert await handling.snooze(await scene.alert(), until=now + timedelta(hours=1), by=ADA.id, now=now)
    await scene.happens(item_synced(1))
    await scene.passes(seconds=5)
    (message,) = scene.messages()
    assert scene.thread(message) == ["Healed by System ✅"]


async def test_a_thread_is_told_nothing_that_it_has_read_in_another_mode(scene: Scene) -> None:
    await scene.happens(item_failed(0))
    await scene.passes(seconds=3)
    await scene.happens(item_failed(1, "i2"))
    await scene.passes(seconds=3)
    await scene.subscribe(Subscription(ALERTS, mode=Mode.THREAD))
    await scene.passes(minutes=2, every=10)
    (message,) = scene.messages()
    assert scene.thread(message) == []


async def test_a_thousand_open_alerts_are_routed_anew_in_few_sweeps(scene: Scene) -> None:
    keys = [f"m{n}" for n in range(1, 1001)]
    await scene.happens(*(mailbox(key=key) for key in keys))
    await scene.mute(muted(MuteKind.POLICY, "gold"))
    await scene.happens(*(item_failed(0, mailbox=key) for key in keys))
    await scene.sweep()
    await scene.sweep()
    assert await scene.unsettled() == 0
    await scene.subscribe(Subscription(IT_OPS))
    await scene.sweep()
    rows = await scene.store.rows(f"SELECT count(*) AS n FROM alert_message WHERE channel = '{IT_OPS}'")
    assert rows == [{"n": 1000}]
