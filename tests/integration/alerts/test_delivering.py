"""Each channel ends up showing what the rows say, whatever Slack does in between."""

import asyncio

import pytest

from bot.domain.routing import Subscription
from bot.sandbox.slack.faults import Fault
from bot.sandbox.slack.roster import ADA, ALERTS, IT_OPS
from bot.services.pacing import EDITS_A_MINUTE
from bot.store.handling_adapter import SqlHandling
from tests.integration.alerts.scene import Died, Replica, Scene
from tests.integration.store.words import item_failed, item_synced, mailbox

ONE = "1 sync failure: m1@old.example. Larger than Gmail takes."
HEALED = "Healed: the sync failure of m1@old.example is resolved ✅"


async def test_an_alert_is_posted_edited_and_healed_in_one_message(scene: Scene) -> None:
    await scene.happens(item_failed(0))
    await scene.sweep()
    assert scene.told() == [ONE]
    await scene.happens(item_failed(1, "i2"))
    await scene.passes(seconds=3)
    assert scene.told() == ["2 sync failures: m1@old.example. Larger than Gmail takes."]
    await scene.happens(item_synced(2), item_synced(2, "i2"))
    await scene.passes(seconds=3)
    assert scene.told() == ["Healed: all 2 sync failures of m1@old.example are resolved ✅"]
    assert await scene.unsettled() == 0


async def test_a_restart_posts_nothing_twice(scene: Scene) -> None:
    await scene.happens(item_failed(0))
    await scene.sweep()
    scene.restart()
    await scene.passes(seconds=5)
    assert scene.told() == [ONE]
    assert len(scene.calls("chat.postMessage")) == 1
    assert scene.calls("chat.update") == []


async def test_what_healed_during_an_hour_without_slack_is_never_told(scene: Scene) -> None:
    await scene.happens(mailbox(key="m2"), item_failed(0), item_failed(0, mailbox="m2"))
    scene.slack.faults.break_down("chat.postMessage", 503, times=1000)
    await scene.passes(minutes=60, every=5)
    await scene.happens(item_synced(59))
    assert len(scene.calls("chat.postMessage")) <= 2 * 60 + 2
    scene.slack.faults.clear()
    await scene.passes(minutes=2)
    assert scene.told() == ["1 sync failure: m2@old.example. Larger than Gmail takes."]
    assert await scene.unsettled() == 0


async def test_with_a_429_on_every_second_call_each_alert_is_told_once(scene: Scene) -> None:
    keys = [f"m{n}" for n in range(1, 13)]
    await scene.happens(*(mailbox(key=key) for key in keys))
    await scene.happens(*(item_failed(0, mailbox=key) for key in keys))
    for _ in range(40):
        scene.slack.faults.limit("chat.postMessage", 2)
        scene.slack.faults.plan("chat.postMessage", Fault())
    await scene.passes(seconds=60)
    assert sorted(scene.told()) == sorted(
        f"1 sync failure: {key}@old.example. Larger than Gmail takes." for key in keys
    )
    await scene.happens(*(item_synced(2, of=key) for key in keys))
    for _ in range(40):
        scene.slack.faults.limit("chat.update", 2)
        scene.slack.faults.plan("chat.update", Fault())
    await scene.passes(seconds=90)
    assert {told.partition(":")[0] for told in scene.told()} == {"Healed"}
    assert len(scene.told()) == len(keys)
    assert await scene.unsettled() == 0


async def test_a_flood_keeps_to_what_slack_takes_of_a_channel(scene: Scene) -> None:
    """As many as Slack takes a second, without asking it in vain; and in the other channel meanwhile."""
    keys = [f"m{n}" for n in range(1, 41)]
    await scene.happens(*(mailbox(key=key) for key in keys))
    await scene.happens(*(item_failed(0, mailbox=key) for key in keys))
    await scene.passes(seconds=45)
    assert len(scene.told()) == 40
    assert [call for call in scene.slack.calls if call.status == 429] == []


async def test_an_edit_does_not_wait_for_the_posts_of_a_channel_that_lags(scene: Scene) -> None:
    await scene.happens(item_failed(0))
    await scene.passes(seconds=5)
    keys = [f"m{n}" for n in range(2, 32)]
    await scene.happens(*(mailbox(key=key) for key in keys))
    await scene.happens(*(item_failed(0, mailbox=key, code=f"reason_{key}") for key in keys))
    await scene.passes(seconds=3)
    await scene.happens(item_synced(1))
    await scene.passes(seconds=1)
    assert scene.told()[0] == HEALED
    assert len(scene.told()) < len(keys)


async def test_a_message_is_edited_no_more_often_than_slack_takes(scene: Scene) -> None:
    """A thousand changes of one mailbox within a minute."""
    await scene.happens(item_failed(0))
    await scene.sweep()
    for n in range(60):
        await scene.happens(*(item_failed(1, f"i{n}-{k}") for k in range(15)))
        await scene.passes(seconds=1)
    assert len(scene.calls("chat.update")) <= 31
    await scene.passes(seconds=3)
    assert scene.told()[0].startswith("901 sync failures")


async def test_edits_of_many_messages_together_keep_to_the_limit(scene: Scene) -> None:
    keys = [f"m{n}" for n in range(1, 81)]
    await scene.happens(*(mailbox(key=key) for key in keys))
    await scene.happens(*(item_failed(0, mailbox=key) for key in keys))
    await scene.passes(seconds=85)
    await scene.happens(*(item_synced(2, of=key) for key in keys))
    await scene.passes(seconds=50)
    assert len(scene.calls("chat.update")) == EDITS_A_MINUTE
    await scene.passes(seconds=60)
    assert {told.partition(":")[0] for told in scene.told()} == {"Healed"}
    assert [call for call in scene.slack.calls if call.status == 429] == []


async def test_two_replicas_post_each_alert_once(scene: Scene) -> None:
    keys = [f"m{n}" for n in range(1, 21)]
    await scene.happens(*(mailbox(key=key) for key in keys))
    await scene.happens(*(item_failed(0, mailbox=key) for key in keys))
    replicas = [Replica(scene) for _ in range(3)]
    for _ in range(60):
        await asyncio.gather(*(replica.reconciler.sweep() for replica in replicas))
        await scene.passes(seconds=1)
    assert len(scene.told()) == len(set(scene.told())) == 20


async def test_a_message_that_somebody_deleted_is_posted_anew(scene: Scene) -> None:
    await scene.happens(item_failed(0))
    await scene.sweep()
    scene.slack.world.delete(scene.messages()[0])
    await scene.happens(item_failed(1, "i2"))
    await scene.passes(seconds=10)
    assert scene.told() == ["2 sync failures: m1@old.example. Larger than Gmail takes."]


async def test_a_lost_answer_is_looked_for_where_the_history_may_be_read(scene: Scene) -> None:
    scene.slack.faults.lose_answer("chat.postMessage")
    await scene.happens(item_failed(0))
    await scene.passes(minutes=2)
    assert scene.told() == [ONE]
    await scene.happens(item_synced(3))
    await scene.passes(seconds=5)
    assert scene.told() == [HEALED]


async def test_a_lost_answer_is_looked_for_though_all_healed_meanwhile(scene: Scene) -> None:
    scene.slack.faults.lose_answer("chat.postMessage")
    await scene.happens(item_failed(0))
    await scene.sweep()
    await scene.happens(item_synced(1))
    await scene.passes(minutes=2)
    assert scene.told() == [HEALED]
    assert await scene.unsettled() == 0


async def test_a_process_that_dies_while_it_posts_posts_no_second_one(scene: Scene) -> None:
    """Its successor finds what it was about to do, and the message."""
    await scene.happens(item_failed(0))
    scene.bot.dies_when_posted()
    with pytest.raises(Died):
        await scene.sweep()
    assert scene.told() == [ONE]
    scene.restart()
    await scene.passes(minutes=5, every=10)
    assert scene.told() == [ONE]


@pytest.mark.parametrize("trouble", ["limited", "removed", "revoked"])
async def test_a_lost_answer_is_looked_for_once_the_history_can_be_read(scene: Scene, trouble: str) -> None:
    """What Slack says of the search says nothing of the message."""
    slack, bot = scene.slack, scene.slack.world.bot_user.id
    slack.faults.lose_answer("chat.postMessage")
    await scene.happens(item_failed(0))
    await scene.sweep()
    if trouble == "limited":
        slack.faults.limit("conversations.history", 20)
    elif trouble == "removed":
        slack.world.remove_bot(ALERTS)
    else:
        slack.faults.token = "token_revoked"
    await scene.passes(minutes=3, every=10)
    slack.faults.token = "good"
    slack.world.channels[ALERTS].members.add(bot)
    await scene.passes(minutes=12, every=10)
    assert scene.told() == [ONE]


async def test_what_is_found_again_is_kept_though_slack_refuses_to_edit_it_at_first(scene: Scene) -> None:
    await scene.happens(item_failed(0))
    scene.bot.dies_when_posted()
    with pytest.raises(Died):
        await scene.sweep()
    scene.restart()
    scene.slack.faults.limit("chat.update", 20)
    await scene.passes(minutes=5, every=10)
    assert scene.told() == [ONE]
    assert await scene.unsettled() == 0


async def test_an_edit_whose_answer_was_lost_is_taken_back_with_what_it_said(scene: Scene) -> None:
    await scene.happens(item_failed(0))
    await scene.passes(seconds=3)
    await acknowledge(scene)
    scene.slack.faults.lose_answer("chat.update")
    await scene.sweep()
    assert "Acknowledged" in scene.messages()[0].text
    await take_back(scene)
    await scene.passes(minutes=2)
    assert "Acknowledged" not in scene.messages()[0].text


async def test_an_edit_of_a_process_that_died_is_taken_back_with_what_it_said(scene: Scene) -> None:
    await scene.happens(item_failed(0))
    await scene.passes(seconds=3)
    await acknowledge(scene)
    scene.bot.dies_when_posted()
    with pytest.raises(Died):
        await scene.sweep()
    assert "Acknowledged" in scene.messages()[0].text
    scene.restart()
    await take_back(scene)
    await scene.passes(minutes=5, every=10)
    assert "Acknowledged" not in scene.messages()[0].text


async def acknowledge(scene: Scene) -> None:
    handling, now = SqlHandling(scene.database), scene.clock.now()
    assert await handling.acknowledge(await scene.alert(), seen=1, by=ADA.id, now=now)


async def take_back(scene: Scene) -> None:
    handling, now = SqlHandling(scene.database), scene.clock.now()
    assert await handling.unacknowledge(await scene.alert(), by=ADA.id, now=now)


async def test_without_the_history_a_lost_answer_costs_one_message_too_many(blind: Scene) -> None:
    blind.slack.faults.lose_answer("chat.postMessage")
    await blind.happens(item_failed(0))
    await blind.passes(minutes=2)
    assert blind.told() == [ONE, ONE]


async def test_what_was_surely_not_posted_is_not_looked_for(scene: Scene) -> None:
    scene.slack.faults.limit("chat.postMessage", 5)
    await scene.happens(item_failed(0))
    await scene.passes(seconds=10)
    assert scene.told() == [ONE]
    assert scene.calls("conversations.history") == []


async def test_an_orphan_points_to_the_living_message_from_the_first_click_on(blind: Scene) -> None:
    blind.slack.faults.lose_answer("chat.postMessage")
    await blind.happens(item_failed(0))
    await blind.passes(minutes=2)
    orphan, living = blind.messages()
    (row,) = await blind.store.rows("SELECT alert_id, ts FROM alert_message")
    assert row["ts"] == living.ts
    await blind.bot.orphans.repair(row["alert_id"], ALERTS, living.ts)
    assert blind.told() == [ONE, ONE]
    await blind.bot.orphans.repair(row["alert_id"], ALERTS, orphan.ts)
    assert orphan.text.startswith("This alert goes on in <http")
    assert living.ts.replace(".", "") in orphan.text


async def test_an_orphan_of_an_alert_that_has_no_message_is_adopted(blind: Scene) -> None:
    blind.slack.faults.lose_answer("chat.postMessage")
    await blind.happens(item_failed(0))
    await blind.sweep()
    await blind.happens(item_synced(1))
    await blind.passes(minutes=2)
    (orphan,) = blind.messages()
    assert orphan.text.startswith(ONE), "nobody knows of it"
    (row,) = await blind.store.rows("SELECT id FROM alert")
    await blind.bot.orphans.repair(row["id"], ALERTS, orphan.ts)
    await blind.passes(seconds=3)
    assert blind.told() == [HEALED]


async def test_a_dead_channel_rests_as_a_whole_and_the_admins_are_told_once(scene: Scene) -> None:
    keys = [f"m{n}" for n in range(1, 31)]
    await scene.happens(*(mailbox(key=key) for key in keys))
    await scene.happens(*(item_failed(0, mailbox=key) for key in keys))
    scene.slack.world.archive(ALERTS)
    await scene.passes(minutes=60, every=10)
    asked = [args for args in scene.calls("chat.postMessage") if args["channel"] == ALERTS]
    assert len(asked) <= 12
    (letter,) = scene.letters()
    assert letter.startswith(f"Alerts cannot be delivered to <#{ALERTS}>: it is archived.")
    scene.slack.world.channels[ALERTS].is_archived = False
    await scene.passes(minutes=11, every=2)
    assert len(scene.told()) == 30
    scene.slack.world.remove_bot(ALERTS)
    await scene.happens(mailbox(key="m31"), item_failed(80, mailbox="m31"))
    await scene.passes(minutes=20, every=10)
    assert len(scene.letters()) == 2, "it was well in between"
    assert "syncbot is not a member" in scene.letters()[1]


async def test_an_admin_is_written_to_no_sooner_than_slack_says(scene: Scene) -> None:
    world, faults = scene.slack.world, scene.slack.faults
    world.archive(ALERTS)
    faults.plan("chat.postMessage", Fault())
    faults.limit("chat.postMessage", 30)
    await scene.happens(item_failed(0))
    await scene.sweep()
    world.archive(IT_OPS)
    await scene.subscribe(Subscription(IT_OPS))
    await scene.passes(seconds=10)
    assert [args["channel"] for args in scene.calls("chat.postMessage")].count(ADA.id) == 1
    await scene.passes(minutes=30, every=10)
    assert len(scene.letters()) == 2


async def test_a_dead_channel_keeps_no_other_waiting(scene: Scene) -> None:
    await scene.subscribe(Subscription(IT_OPS))
    del scene.slack.world.channels[ALERTS]
    keys = [f"m{n}" for n in range(1, 21)]
    await scene.happens(*(mailbox(key=key) for key in keys))
    await scene.happens(*(item_failed(0, mailbox=key) for key in keys))
    await scene.passes(seconds=25)
    assert len(scene.told(IT_OPS)) == 20
    assert scene.letters()[0].startswith(f"Alerts cannot be delivered to <#{ALERTS}>: it does not exist")


async def test_with_a_revoked_token_nothing_is_lost_and_nobody_is_told_in_vain_for_ever(scene: Scene) -> None:
    await scene.happens(item_failed(0))
    scene.slack.faults.token = "token_revoked"
    await scene.passes(minutes=60, every=10)
    assert scene.letters() == []
    assert len(scene.slack.calls) <= 2 * 12
    scene.slack.faults.token = "good"
    await scene.passes(minutes=11, every=5)
    assert scene.told() == [ONE]
    assert scene.letters() == []


async def test_an_edit_that_a_channel_refused_comes_once_it_takes_it(scene: Scene) -> None:
    await scene.happens(item_failed(0))
    await scene.sweep()
    scene.slack.faults.fail("chat.update", "is_inactive", times=3)
    await scene.happens(item_synced(1))
    await scene.passes(minutes=1)
    assert scene.told() == [ONE]
    await scene.passes(minutes=10)
    assert scene.told() == [HEALED]


async def test_a_message_that_slack_refuses_holds_up_no_other(scene: Scene) -> None:
    await scene.happens(mailbox(key="m2"), item_failed(0), item_failed(0, mailbox="m2"))
    scene.slack.faults.fail("chat.postMessage", "invalid_arguments")
    await scene.sweep()
    assert scene.told() == ["1 sync failure: m2@old.example. Larger than Gmail takes."]
    await scene.passes(seconds=31)
    assert len(scene.told()) == 2
    assert scene.letters(ADA.id) == []
