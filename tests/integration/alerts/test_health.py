"""Every message that is not delivered is counted with its reason, and for how long."""

from datetime import timedelta

from prometheus_client import CollectorRegistry, generate_latest

from bot.bootstrap.meters import Meters
from bot.domain.routing import Mute, Subscription
from bot.domain.wishes import MuteKind
from bot.ports.health import HealthRecord
from bot.sandbox.slack.roster import ADA, ALERTS, IT_OPS
from bot.services.health import Health
from bot.services.pulse import Pulse
from bot.store import SqlHealth
from bot.views.health import ConnectionHealth, Held, Undelivered, Waiting
from tests.integration.alerts.scene import Scene
from tests.integration.store.words import at, completed, item_failed, item_synced, mailbox, started


async def health(scene: Scene) -> HealthRecord:
    return await SqlHealth(scene.database).read()


def backlog(record: HealthRecord) -> dict[str, int]:
    return {each.kind: each.rows for each in record.backlog}


async def two_fail(scene: Scene) -> None:
    await scene.happens(mailbox(key="m2"), item_failed(0), item_failed(0, mailbox="m2"))


async def test_nothing_waits_once_all_is_told(scene: Scene) -> None:
    await two_fail(scene)
    await scene.passes(seconds=5)
    record = await health(scene)
    (channel,) = record.channels
    assert (channel.channel, channel.reason) == (ALERTS, None)
    assert channel.delivered_at
    assert (record.undelivered, record.held) == ((), ())
    assert record.backlog[0] == Waiting("alerts", 0, None)


async def test_a_dead_channel_has_all_its_messages_counted_those_never_tried_too(scene: Scene) -> None:
    await scene.subscribe(Subscription(IT_OPS))
    scene.slack.world.archive(ALERTS)
    await two_fail(scene)
    await scene.passes(minutes=10, every=5)
    record = await health(scene)
    assert record.undelivered == (Undelivered(ALERTS, "is_archived", 2, at(0) + timedelta(seconds=5)),)
    dead = next(each for each in record.channels if each.channel == ALERTS)
    assert dead.told_at is not None
    assert dead.retry_after is not None
    assert record.backlog[0] == Waiting("alerts", 2, at(0))


async def test_one_message_that_slack_refuses_is_told_apart_and_an_admin_is_told(scene: Scene) -> None:
    await two_fail(scene)
    scene.slack.faults.fail("chat.postMessage", "invalid_arguments")
    await scene.sweep()
    assert [(each.reason, each.messages) for each in (await health(scene)).undelivered] == [
        ("invalid_arguments", 1)
    ]
    assert scene.letters() == []
    scene.slack.faults.fail("chat.postMessage", "invalid_arguments", times=2)
    await scene.passes(minutes=2, every=20)
    (letter,) = scene.letters()
    assert letter.startswith(f"Some alerts cannot be delivered to <#{ALERTS}>")
    await scene.passes(minutes=10, every=20)
    assert (await health(scene)).undelivered == ()
    assert len(scene.told()) == 2


async def test_what_is_over_before_it_was_told_is_not_undelivered(scene: Scene) -> None:
    scene.slack.world.archive(ALERTS)
    await two_fail(scene)
    await scene.sweep()
    await scene.happens(item_synced(1), item_synced(1, of="m2"))
    assert (await health(scene)).undelivered == ()


async def test_an_edit_that_is_refused_counts(scene: Scene) -> None:
    await scene.happens(item_failed(0))
    await scene.sweep()
    scene.slack.faults.fail("chat.update", "is_inactive")
    await scene.happens(item_synced(1))
    await scene.passes(seconds=5)
    assert [(each.reason, each.messages) for each in (await health(scene)).undelivered] == [
        ("is_inactive", 1)
    ]


async def test_what_is_held_back_on_purpose_is_no_backlog(scene: Scene) -> None:
    await scene.mute(Mute(MuteKind.MAILBOX, "m1", None, ADA.id, at(0)))
    await scene.happens(item_failed(0))
    await scene.passes(seconds=3)
    record = await health(scene)
    assert record.held == (Held("muted", 1),)
    assert backlog(record)["alerts"] == 0
    assert record.undelivered == ()


async def test_the_backlog_counts_retries_and_events_that_wait_too(scene: Scene) -> None:
    await scene.happens(item_failed(1), started(1, "r1", of="nobody"))
    await scene.store.retry(2)
    assert backlog(await health(scene)) == {"alerts": 1, "retries": 1, "parked events": 1}
    await scene.happens(mailbox(key="nobody"))
    assert backlog(await health(scene))["parked events"] == 0


async def test_the_engine_tells_by_its_runs_and_by_what_it_did_not_take(scene: Scene) -> None:
    await scene.happens(started(1, "r1"), completed(2, "r1"), started(3, "r2"))
    engine = (await health(scene)).engine
    assert (engine.running, engine.began_at, engine.ended_at, engine.unsent) == (1, at(3), at(2), 0)
    await scene.happens(item_failed(4))
    await scene.store.retry(5)
    (request,) = await scene.store.retries.lease_due(at(5), until=at(6), limit=1)
    await scene.store.retries.postpone(request.key, until=at(7))
    engine = (await health(scene)).engine
    assert (engine.unsent, engine.unsent_since) == (1, at(5))


async def test_the_metrics_tell_the_same_and_forget_what_is_over(scene: Scene) -> None:
    async def connection() -> ConnectionHealth:
        return ConnectionHealth(is_connected=True)

    pulse, registry = Pulse(scene.clock), CollectorRegistry()
    await pulse.of("alerts", scene.sweep)()
    told = Health(SqlHealth(scene.database), scene.subscriptions, pulse, scene.clock, connection)
    meters = Meters(told, registry)
    scene.slack.world.archive(ALERTS)
    await two_fail(scene)
    await scene.passes(minutes=1, every=5)
    await meters.read()
    text = generate_latest(registry).decode()
    labels = f'{{channel="{ALERTS}",reason="is_archived"}}'
    assert f"syncbot_undelivered{labels} 2.0" in text
    assert f"syncbot_undelivered_age_seconds{labels} 55.0" in text
    assert 'syncbot_backlog{kind="alerts"} 2.0' in text
    assert 'syncbot_backlog_age_seconds{kind="alerts"} 60.0' in text
    assert "syncbot_slack_connected 1.0" in text
    assert 'syncbot_sweep_age_seconds{sweep="alerts"} 60.0' in text
    scene.slack.world.channels[ALERTS].is_archived = False
    await scene.passes(minutes=10, every=5)
    await meters.read()
    assert labels not in generate_latest(registry).decode()
