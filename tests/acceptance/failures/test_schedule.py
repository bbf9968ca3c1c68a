"""Which mailboxes are synced when: spread, at most so many at a time, in turn between policies."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy import Connection, func, select

from bot.domain.mail import LEASE
from bot.domain.schedule import next_sync_at
from bot.domain.values import RunStatus, Unit
from bot.store import SqlSchedule
from bot.store.engine_tables import mail_sync
from bot.store.tables import mailbox
from tests.acceptance.failures.world import ANN, BEN, START, World, opened
from tests.acceptance.failures.world import policy as wanted_policy

_HOUR = timedelta(hours=1)


def test_the_own_times_of_ten_thousand_mailboxes_fill_their_hour_evenly() -> None:
    times = sorted(next_sync_at(START, _HOUR, f"person{number}@firm.example") for number in range(10_000))
    minutes = Counter((time - START) // timedelta(minutes=1) for time in times)
    assert len(minutes) == 60
    assert max(minutes.values()) < 2 * 10_000 / 60
    assert max(later - earlier for earlier, later in pairwise(times)) < timedelta(seconds=10)
    assert times[0] >= START + _HOUR / 2
    assert times[-1] < START + 1.5 * _HOUR


async def test_ten_thousand_mailboxes_of_an_hourly_policy_are_due_evenly_after_it_was_switched_on(
    tmp_path: Path, sqlite_url: str
) -> None:
    """Rows only: what a switch of the policy leaves in the database."""
    async with opened(tmp_path, sqlite_url, people=(), every=Unit.HOUR) as world:
        people = dict.fromkeys((f"person{number}@firm.example" for number in range(10_000)), "staff")
        await world.apply({"staff": wanted_policy("staff", every=Unit.HOUR, active=False)}, people)
        await world.apply({"staff": wanted_policy("staff", every=Unit.HOUR)}, people)

        due = await world.database.read(_due_times)
        minutes = Counter((time - START) // timedelta(minutes=1) for time in due)
        assert (len(due), len(minutes)) == (10_000, 60)
        assert max(minutes.values()) < 2 * 10_000 / 60


async def test_ten_thousand_new_mailboxes_of_an_hourly_policy_begin_evenly_within_the_hour(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with opened(tmp_path, sqlite_url, people=(), every=Unit.HOUR) as world:
        people = dict.fromkeys((f"person{number}@firm.example" for number in range(10_000)), "staff")
        await world.apply({"staff": wanted_policy("staff", every=Unit.HOUR)}, people)

        due = await world.database.read(_due_times)
        minutes = Counter((time - START) // timedelta(minutes=1) for time in due)
        assert (len(due), len(minutes)) == (10_000, 60)
        assert max(minutes.values()) < 2 * 10_000 / 60
        assert len({time for time in due if time < START + timedelta(seconds=5)}) < 50
        assert due == await world.database.read(_told_times)


async def test_a_few_new_mailboxes_begin_at_once_whatever_their_interval(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with opened(tmp_path, sqlite_url, people=(), every=Unit.WEEK) as world:
        people = dict.fromkeys((f"person{number}@firm.example" for number in range(5)), "staff")
        await world.apply({"staff": wanted_policy("staff", every=Unit.WEEK)}, people)
        due = await world.database.read(_due_times)
        assert set(due) == {START}


async def test_no_more_than_the_setting_are_synced_at_a_time(tmp_path: Path, sqlite_url: str) -> None:
    people = [f"person{number}@firm.example" for number in range(7)]
    async with opened(tmp_path, sqlite_url, people=people, mailboxes_at_once=3) as world:
        world.gmail.faults.stall(name="messages.import", times=None)
        for _ in range(3):
            await world.sweep()
        assert len(world.engine._runs) == 3
        assert await world.database.read(_leased) == 3

        world.gmail.faults.clear()
        await world.settle()
        assert all(len(world.arrived(each)) == 4 for each in people)


async def test_a_small_policy_has_its_turn_beside_a_large_one(tmp_path: Path, sqlite_url: str) -> None:
    async with opened(tmp_path, sqlite_url, people=()) as world:
        names = {"large": 1_000, "small": 10}
        people = {
            f"{key}{number}@firm.example": key for key, count in names.items() for number in range(count)
        }
        await world.apply({key: wanted_policy(key) for key in names}, people)

        schedule, later = SqlSchedule(world.database), START + _HOUR
        works = await schedule.claim("process", later, until=later + LEASE, at_most=20)

        assert Counter(work.mailbox_key[:5] for work in works) == {
            "large": 10,
            "small": 10,
        }


async def test_a_policy_that_is_switched_off_lets_its_sync_finish_and_begins_no_other(world: World) -> None:
    world.gmail.faults.stall(user=ANN, name="messages.import", times=None)
    world.gmail.faults.stall(user=BEN, name="messages.import", times=None)
    await world.sweep()
    await world.until_imported(world.letters[1])

    off = {"staff": wanted_policy("staff", active=False)}
    await world.apply(off, dict.fromkeys((ANN, BEN), "staff"))
    world.gmail.faults.clear()
    await world.settle()

    assert world.arrived() == [1, 2, 3, 4]
    [run] = await world.runs()
    assert run.status is RunStatus.SUCCEEDED
    world.write()
    world.clock.skip(timedelta(days=3))
    await world.work()
    await world.oversee()
    assert len(await world.runs()) == 1
    assert not await world.failures()
    card = await world.status()
    assert (card.policy.active, card.next_sync_at, card.history_total) == (False, None, 1)


async def test_a_frequency_that_changes_during_a_sync_holds_from_its_end_on(world: World) -> None:
    world.gmail.faults.stall(user=ANN, name="messages.import", times=None)
    await world.sweep()
    await world.until_imported(world.letters[1])

    await world.apply({"staff": wanted_policy("staff", every=Unit.HOUR)}, {ANN: "staff"})
    world.gmail.faults.clear()
    await world.settle()

    card = await world.status()
    assert card.next_sync_at is not None
    assert card.next_sync_at - world.clock.now() <= timedelta(hours=1)


async def test_a_connection_that_is_applied_while_the_engine_runs_counts_from_the_next_run_on(
    world: World,
) -> None:
    world.graph.world.expire_secret(world.app)
    await world.work()
    assert (await world.failure()).code == "source_auth"

    world.client = "33333333-3333-4333-8333-333333333333"
    world.graph.world.add_app(world.app.tenant_id, world.client, secret="other")
    world.write_secret("other")
    await world.apply({"staff": wanted_policy("staff")}, dict.fromkeys((ANN, BEN), "staff"))
    await world.next_run()

    assert not await world.failures()
    assert world.arrived() == [1, 2, 3, 4]


async def test_a_run_that_waits_is_taken_up_again_by_another_process(world: World) -> None:
    """Its own process is gone: after the lease the same run goes on elsewhere."""
    world.gmail.faults.stall(user=ANN, name="messages.import", times=None)
    tasks = await world.sweep()
    await world.until_imported(world.letters[1])
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    world.gmail.faults.clear()
    world.clock.skip(LEASE + timedelta(seconds=1))

    await world.work()

    assert [each.status for each in await world.runs()] == [RunStatus.SUCCEEDED]
    assert world.arrived() == [1, 2, 3, 4]


# ---- what rows say


def _due_times(connection: Connection) -> list[datetime]:
    return list(connection.execute(select(mail_sync.c.due_at).order_by(mail_sync.c.mailbox_id)).scalars())


def _told_times(connection: Connection) -> list[datetime]:
    """What cards promise."""
    return list(connection.execute(select(mailbox.c.next_sync_at).order_by(mailbox.c.id)).scalars())


def _leased(connection: Connection) -> int:
    leased = select(func.count()).select_from(mail_sync).where(mail_sync.c.leased_by.is_not(None))
    return int(connection.execute(leased).scalar_one())
