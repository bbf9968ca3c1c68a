"""The state by itself: who hears of changes, and what one world shares with another."""

from bot.sandbox.slack.changes import CAPACITY
from bot.sandbox.slack.model import MessageRef
from bot.sandbox.slack.roster import ADA, ALERTS, small_company
from bot.sandbox.slack.world import World
from tests.unit.sandbox.slack.apps import Clock, manifest
from tests.unit.sandbox.slack.validate import samples as s


def world() -> World:
    return World(manifest(), small_company(), Clock())


async def test_subscribers_hear_of_changes_in_their_order() -> None:
    held = world()
    with held.subscribe() as changes:
        posted = held.post(ALERTS, ADA.id, "hello")
        held.edit(posted, text="bye")
        held.delete(posted)
        heard = [await anext(changes) for _ in range(3)]
    assert [change.kind for change in heard] == ["message.posted", "message.updated", "message.deleted"]
    assert {MessageRef(str(change.channel), str(change.ts)) for change in heard} == {
        MessageRef(ALERTS, posted.ts)
    }


async def test_views_are_announced_to_their_person() -> None:
    held = world()
    with held.subscribe() as changes:
        held.open_view(ADA.id, s.modal())
        held.push_view(ADA.id, s.modal())
        held.clear_views(ADA.id)
        held.publish_home(ADA.id, s.home())
        heard = [await anext(changes) for _ in range(5)]
    assert [change.kind for change in heard] == [
        "view.opened",
        "view.pushed",
        "view.closed",
        "view.closed",
        "home.published",
    ]
    assert {change.user for change in heard} == {ADA.id}


async def test_a_slow_subscriber_loses_the_oldest_and_holds_nobody_up() -> None:
    held = world()
    with held.subscribe() as changes:
        stamps = [held.post(ALERTS, ADA.id, "hello").ts for _ in range(CAPACITY + 3)]
        assert (await anext(changes)).ts == stamps[3]
    assert changes.lost == 3


def test_a_refused_scope_is_not_granted() -> None:
    held = World(manifest(), small_company(), Clock(), refused_scopes=frozenset({"users:read"}))
    assert "users:read" not in held.app.scopes
    assert "chat:write" in held.app.scopes


def test_who_left_hears_nothing_more() -> None:
    held = world()
    with held.subscribe() as changes:
        pass
    held.post(ALERTS, ADA.id, "hello")
    assert changes.lost == 0


def test_two_worlds_of_one_roster_share_nothing() -> None:
    company = small_company()
    one, two = (World(manifest(), company, Clock()) for _ in range(2))
    one.archive(ALERTS)
    one.remove_bot(ALERTS)
    assert not two.channels[ALERTS].is_archived
    assert two.bot_user.id in two.channels[ALERTS].members


def test_ids_and_timestamps_are_never_given_twice() -> None:
    mint = world().mint
    assert len({mint.ts() for _ in range(100)} | {mint.id("V") for _ in range(100)}) == 200
