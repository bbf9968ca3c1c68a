"""A dead credential is one message, however many mailboxes it has; who has own reasons is told alone."""

import asyncio
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot.domain.events import Event
from bot.domain.routing import Filter, Subscription
from bot.domain.values import AlertId
from bot.domain.wishes import Mode
from bot.sandbox.slack.roster import ALERTS, IT_OPS
from bot.services.storms import Storms
from bot.store import postgres
from bot.views import MailboxList
from tests.integration.alerts import crowd
from tests.integration.alerts.scene import Replica, Scene
from tests.integration.store.words import (
    T0,
    at,
    completed,
    item_failed,
    item_synced,
    mailbox,
    policy,
    sync_failed,
)
from tests.unit.services.fakes import access

MANY = 10_000
ALL = range(MANY)
INCIDENT = re.compile(r"[0-9,]+ mailbox(es)? fails?:|Healed: the failures of")
EXPIRED = "Certificate or secret of the Microsoft 365 connection expired, or consent was revoked."


@dataclass
class Weather:
    """A scene whose bot looks for incidents, too."""

    scene: Scene
    storms: Storms = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Anew, as after a restart: what was only in memory is lost."""
        scene = self.scene
        scene.restart()
        self.storms = Storms(scene.incidents, access(), scene.bot.bell, scene.clock, timedelta(minutes=10))

    async def passes(self, *, seconds: float, every: float = 1) -> None:
        until = self.scene.clock.at + timedelta(seconds=seconds)
        while self.scene.clock.at < until:
            self.scene.clock.at = min(until, self.scene.clock.at + timedelta(seconds=every))
            await self.storms.sweep()
            await self.scene.sweep()

    def told(self) -> list[str]:
        return self.scene.told()

    def incidents(self, channel: str = ALERTS) -> list[str]:
        """All that is said of each, the oldest first."""
        texts = [each.text for each in self.scene.messages(channel)]
        return [text for text in texts if INCIDENT.match(text)]

    @property
    def incident(self) -> str:
        (found,) = self.incidents()
        return found

    async def listed(self, page: int) -> MailboxList:
        (row,) = await self.scene.store.rows("SELECT id FROM alert WHERE kind = 'incident'")
        return await self.scene.store.mailboxes.listed(
            status=None, policy=None, page=page, size=15, incident=AlertId(row["id"])
        )


@pytest.fixture
def weather(scene: Scene) -> Weather:
    return Weather(scene)


def began(number: int) -> datetime:
    """Within the hour of their policy, each at its own time."""
    return T0 + timedelta(hours=1) * (number / MANY)


@pytest.mark.slow
@pytest.mark.lengthy
async def test_ten_thousand_mailboxes_under_a_dead_credential_are_one_message_over_its_whole_life(
    weather: Weather,
) -> None:
    scene = weather.scene
    await crowd.employ(scene.database, ALL)
    own = {5: "dest_storage_full", 77: "dest_user_missing"}
    for part in (range(2), range(2, 50), range(50, 3_000), range(3_000, MANY)):
        scene.clock.at = max(scene.clock.at, began(part[-1]))
        await crowd.fail(scene.database, part, began, "source_auth")
        await weather.passes(seconds=20)
    for number, code in own.items():
        await crowd.fail(scene.database, [number], began, code, "i1")
    await weather.passes(seconds=80, every=5)

    text = weather.incident
    assert text.startswith(f"10,000 mailboxes fail: {EXPIRED}")
    for told in ("0 of 10,000 healed", "10,000 unresolved", "Remedy:", "and 9,990 more", "source_auth"):
        assert told in text
    page = await weather.listed(2)
    assert (page.page.total, len(page.rows)) == (MANY, 15)
    alone = [each for each in weather.told() if "sync failure" in each]
    assert len(alone) == len(own)

    scene.clock.at = at(120)
    for healed in (2_500, 5_000, MANY - 1):
        await crowd.heal(scene.database, range(healed), scene.clock.at)
        await weather.passes(seconds=30, every=3)
        weather.start()
        left = MANY - healed
        assert f"{healed:,} of 10,000 healed" in weather.incident
        assert weather.incident.startswith(f"{left:,} mailbox{'es' if left > 1 else ''} fail")
    await crowd.heal(scene.database, [MANY - 1], scene.clock.at)
    await weather.passes(seconds=30, every=3)

    assert weather.incident.startswith("Healed: the failures of all 10,000 mailboxes are resolved ✅")
    edits = len(scene.calls("chat.update"))
    await weather.passes(seconds=120, every=10)
    assert len(scene.calls("chat.update")) == edits, "it was over once"
    assert len(scene.messages()) - len(own) <= 5
    assert await scene.unsettled() == 0


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_once_many_mailboxes_joined_an_incident_postgresql_knows_how_many_fail(
    weather: Weather,
) -> None:
    """Else each look at what is due takes long until it finds out by itself."""
    scene = weather.scene
    known = "SELECT CAST(reltuples AS INTEGER) AS n FROM pg_class WHERE relname = 'failure'"
    await scene.database.write(lambda connection: connection.execute(text("ANALYZE failure")))
    assert await scene.store.rows(known) == [{"n": 0}]
    await crowd.employ(scene.database, range(postgres.MANY))
    await crowd.fail(scene.database, range(postgres.MANY), lambda _: T0, "source_auth")
    await weather.storms.sweep()
    assert await scene.store.rows(known) == [{"n": postgres.MANY}]


def dead(minute: float, *numbers: int, run: str = "r1") -> list[Event]:
    return [sync_failed(minute, run, mailbox=f"m{n}") for n in numbers]


async def staffed(weather: Weather, many: int = 8) -> None:
    await weather.scene.happens(*(mailbox(key=f"m{n}") for n in range(1, many + 1)))


async def test_who_was_told_before_the_incident_formed_becomes_a_line_of_it(weather: Weather) -> None:
    """Few mailboxes, which are tried hours apart."""
    await staffed(weather)
    await weather.scene.happens(*dead(0, 1), *dead(0, 2))
    await weather.passes(seconds=120, every=5)
    assert [each.partition(":")[0] for each in weather.told()] == ["Sync failed", "Sync failed"]
    await weather.scene.happens(*dead(3, 3, 4, 5))
    await weather.passes(seconds=120, every=5)
    assert weather.incident.startswith(f"5 mailboxes fail: {EXPIRED}")
    lines = [each for each in weather.told() if "is part of an incident" in each]
    assert len(lines) == 2
    assert len(weather.told()) == 3
    await weather.scene.happens(*(completed(20, "r2", mailbox=f"m{n}") for n in range(1, 9)))
    await weather.passes(seconds=60, every=5)
    assert [each.partition(":")[0] for each in weather.told()] == ["Healed"] * 3
    assert await weather.scene.unsettled() == 0


@pytest.mark.parametrize("sweeps_first", ["storms", "alerts"])
async def test_what_is_read_a_day_late_is_one_message_too(weather: Weather, sweeps_first: str) -> None:
    """The bot was down, or its engine kept its reports: whichever sweep comes first, nobody is told alone."""
    scene = weather.scene
    await staffed(weather, 40)
    await weather.passes(seconds=2)
    scene.clock.at = at(24 * 60)
    await scene.happens(*dead(1, *range(1, 41)))
    if sweeps_first == "alerts":
        await scene.sweep()
    weather.start()
    await weather.passes(seconds=90, every=3)
    assert len(weather.told()) == 1
    assert weather.incident.startswith("40 mailboxes fail")


async def test_a_storm_that_goes_on_over_a_restart_stays_one_message(weather: Weather) -> None:
    await staffed(weather, 20)
    for first in range(1, 21, 5):
        await weather.scene.happens(*dead(first / 10, *range(first, first + 5)))
        await weather.passes(seconds=30, every=3)
        weather.start()
    assert len(weather.told()) == 1
    assert weather.incident.startswith("20 mailboxes fail")


async def test_a_mailbox_that_has_a_reason_of_its_own_besides_is_told_alone_as_well(
    weather: Weather,
) -> None:
    await staffed(weather)
    await weather.scene.happens(*dead(0, 1, 2, 3, 4), item_failed(0, mailbox="m1"))
    await weather.passes(seconds=90, every=3)
    assert weather.incident.startswith("4 mailboxes fail")
    (alone,) = [each for each in weather.told() if "m1@old.example" in each]
    assert alone.startswith("2 sync failures: m1@old.example.")
    await weather.scene.happens(item_synced(3, of="m1"))
    await weather.passes(seconds=30, every=3)
    (alone,) = [each for each in weather.told() if "m1@old.example" in each]
    assert "is part of an incident" in alone


async def test_who_heals_for_a_moment_and_fails_again_counts_once(weather: Weather) -> None:
    await staffed(weather)
    await weather.scene.happens(*dead(0, 1, 2, 3, 4))
    await weather.passes(seconds=30, every=3)
    await weather.scene.happens(completed(1, "r2", mailbox="m1"))
    await weather.passes(seconds=10)
    assert "1 of 4 healed" in weather.incident
    await weather.scene.happens(*dead(2, 1, run="r3"))
    await weather.passes(seconds=90, every=3)
    assert weather.incident.startswith("4 mailboxes fail")
    assert "0 of 4 healed" in weather.incident
    assert len(weather.told()) == 1


async def test_what_comes_back_after_it_was_over_is_a_fresh_message(weather: Weather) -> None:
    await staffed(weather)
    for minute, run in ((0, "r1"), (30, "r3")):
        weather.scene.clock.at = at(minute)
        await weather.scene.happens(*dead(minute, 1, 2, 3, 4, run=run))
        await weather.passes(seconds=30, every=3)
        await weather.scene.happens(
            *(completed(minute + 5, f"{run}-well", mailbox=f"m{n}") for n in range(1, 5))
        )
        await weather.passes(seconds=30, every=3)
    assert [each.partition(":")[0] for each in weather.told()] == ["Healed", "Healed"]
    assert len(weather.incidents()) == 2


async def test_an_incident_goes_where_something_of_it_is_wanted(weather: Weather) -> None:
    scene = weather.scene
    await scene.happens(policy(key="silver", name="Silver"))
    await scene.happens(*(mailbox(key=f"m{n}", under="silver" if n == 4 else "gold") for n in range(1, 9)))
    await scene.subscribe(Subscription(IT_OPS, Filter(policies=frozenset({"silver"}))))
    await scene.happens(*dead(0, 1, 2, 3))
    await weather.passes(seconds=30, every=3)
    assert (len(weather.incidents()), weather.incidents(IT_OPS)) == (1, [])
    await scene.happens(*dead(1, 4))
    await weather.passes(seconds=30, every=3)
    (there,) = weather.incidents(IT_OPS)
    assert there.startswith("4 mailboxes fail")


async def test_an_incident_names_those_that_fail_now_though_they_are_as_many_as_before(
    weather: Weather,
) -> None:
    scene = weather.scene
    await staffed(weather, 4)
    await scene.happens(*dead(0, 1, 2, 3, 4))
    await weather.passes(seconds=30, every=3)
    await scene.happens(completed(1, "r2", mailbox="m4"))
    await weather.passes(seconds=30, every=3)
    await scene.happens(completed(2, "r3", mailbox="m1"), *dead(3, 4, run="r3"))
    await weather.passes(seconds=30, every=3)
    assert "1 of 4 healed" in weather.incident
    assert [f"m{n}@" in weather.incident for n in (1, 2, 3, 4)] == [False, True, True, True]


async def test_an_incident_names_a_mailbox_by_its_new_address(weather: Weather) -> None:
    await staffed(weather, 4)
    await weather.scene.happens(*dead(0, 1, 2, 3, 4))
    await weather.passes(seconds=30, every=3)
    await weather.scene.happens(mailbox(1, key="m1", source="renamed@old.example"))
    await weather.passes(seconds=30, every=3)
    assert "• renamed@old.example" in weather.incident


async def test_an_incident_says_when_no_next_sync_is_scheduled_any_more(weather: Weather) -> None:
    await staffed(weather, 4)
    await weather.scene.happens(*dead(0, 1, 2, 3, 4))
    await weather.passes(seconds=30, every=3)
    assert "tried again by its next sync" in weather.incident
    await weather.scene.happens(policy(1, active=False))
    await weather.passes(seconds=30, every=3)
    assert "tried again by its next sync" not in weather.incident


async def test_an_incident_is_told_where_a_mailbox_of_it_has_moved_to(weather: Weather) -> None:
    scene = weather.scene
    await scene.happens(policy(key="silver", name="Silver"))
    await staffed(weather, 4)
    await scene.subscribe(Subscription(IT_OPS, Filter(policies=frozenset({"silver"}))))
    await scene.happens(*dead(0, 1, 2, 3, 4))
    await weather.passes(seconds=30, every=3)
    await scene.happens(mailbox(1, key="m1", under="silver"))
    await weather.passes(seconds=30, every=3)
    assert len(weather.incidents(IT_OPS)) == 1


async def test_an_incident_names_first_who_turns_out_to_have_failed_for_longest(weather: Weather) -> None:
    await staffed(weather, 4)
    await weather.scene.happens(*dead(10, 1, 2, 3, 4))
    await weather.passes(seconds=30, every=3)
    await weather.scene.happens(*dead(5, 4, run="r0"))
    await weather.passes(seconds=30, every=3)
    assert weather.incident.index("m4@") < weather.incident.index("m1@")


async def test_a_thread_is_told_that_it_healed_though_an_incident_tells_what_came_at_once(
    weather: Weather,
) -> None:
    scene = weather.scene
    await staffed(weather, 4)
    await scene.subscribe(Subscription(ALERTS, mode=Mode.THREAD))
    await scene.happens(item_failed(0))
    await weather.passes(seconds=5)
    await scene.happens(item_synced(1), *dead(2, 1, 2, 3, 4))
    await weather.passes(seconds=120, every=3)
    (healed,) = scene.thread(scene.messages()[0])
    assert healed.startswith("Healed")


async def test_replicas_that_look_at_the_same_time_post_one_message(weather: Weather) -> None:
    scene = weather.scene
    await staffed(weather, 40)
    await scene.happens(*dead(0, *range(1, 41)))
    replicas = [Replica(scene) for _ in range(3)]
    patience = timedelta(minutes=10)
    watching = [Storms(scene.incidents, access(), each.bell, scene.clock, patience) for each in replicas]
    for _ in range(30):
        both = [each.sweep() for each in watching] + [each.reconciler.sweep() for each in replicas]
        await asyncio.gather(*both)
        scene.clock.at += timedelta(seconds=4)
    assert len(weather.told()) == 1
    assert weather.incident.startswith("40 mailboxes fail")
