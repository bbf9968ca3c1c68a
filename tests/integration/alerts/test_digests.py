"""Each channel reads its day or week once, whatever Slack, clocks and processes do."""

import asyncio
from datetime import UTC, datetime, time, timedelta

from bot.domain.routing import Filter, Mute, Subscription
from bot.domain.wishes import Cadence, DigestPlan, Mode, MuteKind, QuietHours, Urgency
from bot.sandbox.slack.faults import Fault
from bot.sandbox.slack.roster import ADA, ALERTS, IT_OPS
from tests.integration.alerts.scene import Replica, Scene
from tests.integration.store.words import completed, item_failed, item_synced, mailbox

DAILY = DigestPlan(Cadence.DAILY, "Europe/Zurich", time(9, 30))
"""It is nine there when a scene begins."""

WANTED = Subscription(IT_OPS, mode=Mode.DIGEST, digest=DAILY)
FINE = "Mailbox sync, the last day: 1 of 1 mailbox synced, and nothing is failing ✅"


async def subscribed(scene: Scene, wanted: Subscription = WANTED) -> None:
    await scene.subscribe(wanted)
    await scene.happens(completed(0, "r1"))


async def hours_pass(scene: Scene, hours: float, *, every: float = 60) -> None:
    """Minute by minute in the reconciler's view, should something wait."""
    until = scene.clock.at + timedelta(hours=hours)
    while scene.clock.at < until:
        scene.clock.at = min(until, scene.clock.at + timedelta(minutes=every))
        await scene.bot.digests.sweep()
        await scene.sweep()


async def test_it_comes_when_the_channel_wants_it_and_once(scene: Scene) -> None:
    await subscribed(scene)
    await hours_pass(scene, 0.49, every=10)
    assert scene.told(IT_OPS) == []
    await hours_pass(scene, 0.02, every=10)
    assert scene.told(IT_OPS) == [FINE]
    scene.restart()
    await hours_pass(scene, 23)
    assert scene.told(IT_OPS) == [FINE]
    assert await scene.unsettled() == 0
    await hours_pass(scene, 1)
    assert len(scene.told(IT_OPS)) == 2


async def test_it_tells_what_happened_in_its_period(scene: Scene) -> None:
    await subscribed(scene)
    await scene.happens(mailbox(key="m2"), item_failed(1), item_failed(2, "i2"), item_failed(3, "i3"))
    await scene.happens(item_synced(5, "i2"), item_failed(40, "i4"))
    await hours_pass(scene, 0.5, every=30)
    (message,) = scene.messages(IT_OPS)
    for said in (
        "1 of 2 mailboxes synced. 3 failures are unresolved ⚠️",
        "Sun 1 March 2026, 09:30 to Mon 2 March 2026, 09:30 (Europe/Zurich)",
        "Failed: 3 failures of 1 mailbox",
        "Healed by themselves: 1 failure",
        "Oldest last success: 30 minutes ago",
        "Larger than Gmail takes: 3 failures of 1 mailbox. Remedy: Share the attachment through Drive",
    ):
        assert said in message.text
    kinds = [block["type"] for block in message.blocks or []]
    assert kinds.count("data_visualization") == 2


async def test_no_address_and_no_subject_stands_in_it(scene: Scene) -> None:
    await subscribed(scene)
    await scene.happens(item_failed(1, subject="Secret plan", sender="Bo <bo@old.example>"))
    await hours_pass(scene, 0.5, every=30)
    told = str(scene.messages(IT_OPS)[0])
    assert "old.example" not in told
    assert "Secret" not in told


async def test_quiet_hours_do_not_hold_it_back_and_nobody_is_mentioned(scene: Scene) -> None:
    quiet = QuietHours("UTC", time(0), time(23, 59))
    await subscribed(scene, Subscription(IT_OPS, digest=DAILY, quiet=quiet, mention="S0ADMINS"))
    await hours_pass(scene, 0.5, every=30)
    assert scene.told(IT_OPS) == [FINE]


async def test_after_a_week_without_power_there_is_one_and_it_says_that_it_is_late(scene: Scene) -> None:
    await subscribed(scene)
    scene.clock.at += timedelta(days=7, hours=5)
    await hours_pass(scene, 1)
    (message,) = scene.messages(IT_OPS)
    assert "Late: it was due 2026-03-09 08:30 UTC" in message.text
    assert "Sun 8 March 2026, 09:30 to Mon 9 March 2026, 09:30" in message.text


async def test_after_days_without_slack_only_the_newest_comes(scene: Scene) -> None:
    await subscribed(scene)
    scene.slack.faults.break_down("chat.postMessage", 503, times=10_000)
    await hours_pass(scene, 60)
    scene.slack.faults.clear()
    await hours_pass(scene, 1, every=5)
    (message,) = scene.messages(IT_OPS)
    assert "Tue 3 March 2026, 09:30 to Wed 4 March 2026, 09:30" in message.text
    assert await scene.unsettled() == 0


async def test_a_channel_that_takes_nothing_is_told_the_newest_once_it_does_and_an_admin_knows(
    scene: Scene,
) -> None:
    await subscribed(scene)
    scene.slack.world.archive(IT_OPS)
    await hours_pass(scene, 60)
    assert scene.told(IT_OPS) == []
    assert len(scene.letters()) == 1
    scene.slack.world.channels[IT_OPS].is_archived = False
    await hours_pass(scene, 1, every=5)
    assert len(scene.told(IT_OPS)) == 1


async def test_with_a_429_it_comes_a_little_later(scene: Scene) -> None:
    await subscribed(scene)
    for _ in range(3):
        scene.slack.faults.limit("chat.postMessage", 20)
        scene.slack.faults.plan("chat.postMessage", Fault())
    await hours_pass(scene, 0.6, every=1)
    assert scene.told(IT_OPS) == [FINE]


async def test_a_lost_answer_makes_no_second_one(scene: Scene) -> None:
    await subscribed(scene)
    scene.slack.faults.lose_answer("chat.postMessage")
    await hours_pass(scene, 0.75, every=5)
    assert scene.told(IT_OPS) == [FINE]


async def test_replicas_that_count_together_post_one(scene: Scene) -> None:
    await subscribed(scene)
    scene.clock.at += timedelta(minutes=30)
    replicas = [Replica(scene) for _ in range(4)]
    await asyncio.gather(*(each.digests.sweep() for each in replicas))
    await asyncio.gather(*(each.sweep() for each in replicas))
    await scene.passes(seconds=5)
    assert scene.told(IT_OPS) == [FINE]


async def test_a_muted_channel_gets_the_newest_when_the_mute_ends(scene: Scene) -> None:
    await subscribed(scene)
    until = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
    await scene.mute(Mute(MuteKind.CHANNEL, IT_OPS, until, ADA.id, scene.clock.now()))
    await hours_pass(scene, 24 * 3)
    assert scene.told(IT_OPS) == []
    await hours_pass(scene, 6)
    (message,) = scene.messages(IT_OPS)
    assert "to Thu 5 March 2026, 09:30" in message.text


async def test_one_that_unsubscribed_meanwhile_gets_none(scene: Scene) -> None:
    await subscribed(scene)
    scene.slack.faults.break_down("chat.postMessage", 503, times=10_000)
    await hours_pass(scene, 1)
    await scene.subscriptions.remove(IT_OPS, by=ADA.id, now=scene.clock.now())
    scene.slack.faults.clear()
    await hours_pass(scene, 24)
    assert scene.told(IT_OPS) == []
    assert await scene.unsettled() == 0


async def test_whoever_asks_for_another_time_gets_none_of_what_is_over_by_then(scene: Scene) -> None:
    await subscribed(scene)
    await hours_pass(scene, 1)
    earlier = DigestPlan(Cadence.DAILY, "Europe/Zurich", time(8))
    later = DigestPlan(Cadence.DAILY, "Europe/Zurich", time(9, 45))
    for plan in (earlier, later):
        await scene.subscribe(Subscription(IT_OPS, mode=Mode.DIGEST, digest=plan))
        await hours_pass(scene, 0.1, every=5)
    assert scene.told(IT_OPS) == [FINE]


async def test_it_is_no_alert_of_another_channel(scene: Scene) -> None:
    await subscribed(scene)
    await hours_pass(scene, 1)
    await scene.subscribe(Subscription(ALERTS, mode=Mode.THREAD))
    await hours_pass(scene, 25)
    assert scene.told(ALERTS) == []
    assert len(scene.told(IT_OPS)) == 2


async def test_one_with_alerts_and_threads_has_no_reply_under_it(scene: Scene) -> None:
    await subscribed(scene, Subscription(IT_OPS, mode=Mode.THREAD, digest=DAILY))
    await hours_pass(scene, 50)
    assert [scene.thread(message) for message in scene.messages(IT_OPS)] == [[], [], []]
    assert scene.calls("chat.update") == []


async def test_a_week_has_a_chart_by_days(scene: Scene) -> None:
    weekly = DigestPlan(Cadence.WEEKLY, "Europe/Zurich", time(9, 30), weekday=0)
    only = Filter(least=Urgency.ERROR)
    await subscribed(scene, Subscription(IT_OPS, only, mode=Mode.DIGEST, digest=weekly))
    await scene.happens(item_failed(2))
    await scene.days_pass(7.1)
    first, second = scene.messages(IT_OPS)
    assert first.text.startswith(
        "Mailbox sync, the last week: 1 of 1 mailbox synced. 1 failure is unresolved"
    )
    assert "Only what this channel subscribed to" in first.text
    (chart,) = [block for block in first.blocks or [] if "chart" in block and "Failures" in block["title"]]
    labels = chart["chart"]["axis_config"]["categories"]
    assert labels == ["Mon 23", "Tue 24", "Wed 25", "Thu 26", "Fri 27", "Sat 28", "Sun 1"]
    assert "Mon 2 March 2026, 09:30 to Mon 9 March" in second.text


async def test_a_preview_tells_what_happened_so_far_and_posts_nothing(scene: Scene) -> None:
    await subscribed(scene)
    await hours_pass(scene, 1)
    await scene.happens(item_failed(70))
    scene.clock.at += timedelta(hours=2)
    card = await scene.bot.digests.preview(IT_OPS)
    assert (card.is_preview, card.failed, card.unresolved, card.synced) == (True, 1, 1, 0)
    assert (card.begins_at, card.ends_at) == (datetime(2026, 3, 2, 8, 30, tzinfo=UTC), scene.clock.at)
    assert (await scene.bot.digests.preview("C0NOBODY")).zone == "UTC"
    assert len(scene.told(IT_OPS)) == 1
