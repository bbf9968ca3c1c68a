"""Runs that fell silent, and mailboxes that nobody syncs."""

import pytest

from bot.domain.events import SyncFailed, SyncProgress
from bot.ports import StuckRun
from bot.store import SqlWatchdog
from tests.integration.store.journal_words import Office, done
from tests.integration.store.words import Store, at, completed, mailbox, policy, started, sync_failed


def progressed(minute: float, run: str, of: str = "m1") -> SyncProgress:
    return SyncProgress(at(minute), of, run, 1, 2)


async def _stuck(store: Store, minute: float, silent_since: float, limit: int = 10) -> list[StuckRun]:
    found = await SqlWatchdog(store.database).stuck(at(minute), silent_since=at(silent_since), limit=limit)
    return list(found)


async def _overdue(store: Store, minute: float, limit: int = 10) -> list[str]:
    return list(await SqlWatchdog(store.database).overdue(at(minute), limit))


# ---- stuck -------------------------------------------------------------------------------------------------


async def test_a_run_that_fell_silent_is_stuck(store: Store) -> None:
    await store.record(started(0, "r1"), progressed(5, "r1"))
    assert await _stuck(store, 20, 5) == []
    assert await _stuck(store, 20, 5.1) == [StuckRun("m1", "r1", at(5))]


async def test_a_run_that_ended_is_not_stuck(store: Store) -> None:
    await store.record(started(0, "r1"), progressed(5, "r1"), completed(6, "r1"))
    assert await _stuck(store, 60, 30) == []


async def test_an_engine_outside_need_not_report_progress(store: Store) -> None:
    await store.record(started(0, "r1"))
    assert await _stuck(store, 600, 300) == []


async def test_the_longest_silent_run_comes_first(store: Store) -> None:
    await store.record(mailbox(key="m2"), mailbox(key="m3"))
    for minute, of in ((5, "m1"), (3, "m2"), (9, "m3")):
        await store.record(started(0, "r", of=of), progressed(minute, "r", of))
    assert [one.mailbox_key for one in await _stuck(store, 60, 30, limit=2)] == ["m2", "m1"]


async def test_a_run_of_the_built_in_engine_is_stuck_once_its_process_is_gone(office: Office) -> None:
    work = await office.run(0)
    assert await _stuck(office.store, 30, 1) == []
    assert await _stuck(office.store, 30, 15) == [StuckRun("m1", str(work.run), at(0))]


async def test_a_run_that_is_worked_on_or_waits_is_not_stuck(office: Office) -> None:
    work = await office.run(0)
    await office.store.record(progressed(1, str(work.run)))
    await office.schedule.prolong(work, until=at(40))
    assert await _stuck(office.store, 30, 15) == []
    await office.schedule.pause(work, until=at(100), progressed=True)
    assert await _stuck(office.store, 90, 50) == []
    assert len(await _stuck(office.store, 130, 110)) == 1


async def test_a_stuck_run_is_ended_and_a_new_one_begins(office: Office) -> None:
    work = await office.run(0)
    (found,) = await _stuck(office.store, 30, 15)
    ended = SyncFailed(at(30), "m1", found.run_key, "interrupted", "no sign of life")
    await office.watchdog.end(found, ended)
    assert [line.code for line in (await office.store.errors()).lines] == ["interrupted"]
    assert not await office.schedule.prolong(work, until=at(60))
    again = await office.work(30, owner="B")
    assert (again.run != work.run, again.began_at) == (True, None)


async def test_a_stuck_run_of_an_engine_outside_is_ended(store: Store) -> None:
    await store.record(started(0, "r1"), progressed(5, "r1"))
    (found,) = await _stuck(store, 60, 30)
    await SqlWatchdog(store.database).end(found, sync_failed(60, "r1", code="interrupted"))
    assert await _stuck(store, 60, 30) == []


# ---- overdue -----------------------------------------------------------------------------------------------


async def test_a_mailbox_without_a_success_for_one_and_a_half_intervals_is_overdue(store: Store) -> None:
    await store.record(started(0, "r1"), completed(10, "r1"))
    assert (await _overdue(store, 100), await _overdue(store, 101)) == ([], ["m1"])


async def test_a_mailbox_that_was_never_synced_is_overdue_since_it_came_under_its_policy(
    store: Store,
) -> None:
    assert (await _overdue(store, 90), await _overdue(store, 91)) == ([], ["m1"])


async def test_a_mailbox_of_an_inactive_policy_is_never_overdue(store: Store) -> None:
    await store.record(policy(1, active=False))
    assert await _overdue(store, 10**5) == []


@pytest.mark.parametrize("why", ["live run", "failed run"])
async def test_a_mailbox_whose_run_tells_why_is_not_overdue(store: Store, why: str) -> None:
    await store.record(started(1, "r1"))
    if why == "failed run":
        await store.record(sync_failed(2, "r1"))
    assert await _overdue(store, 10**4) == []


async def test_the_longest_overdue_comes_first_over_all_policies(store: Store) -> None:
    await store.record(
        policy(key="silver", name="Silver"), mailbox(key="s1", under="silver"), mailbox(key="m2")
    )
    for minute, of in ((5, "m1"), (3, "s1"), (4, "m2")):
        await store.record(completed(minute, "r", mailbox=of))
    assert (await _overdue(store, 1000), await _overdue(store, 1000, 2)) == (["s1", "m2", "m1"], ["s1", "m2"])


async def test_a_finished_run_leaves_nothing_to_watch(office: Office) -> None:
    work = await office.run(0)
    await office.schedule.finish(work, done(work, 1))
    assert (await _stuck(office.store, 60, 50), await _overdue(office.store, 60)) == ([], [])
