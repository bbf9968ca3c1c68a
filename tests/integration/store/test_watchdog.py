"""Runs that fell silent, and mailboxes that nobody syncs."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from bot.domain.events import SyncFailed, SyncProgress
from bot.domain.values import MailboxStatus
from bot.ports import StuckRun
from bot.services.overseeing import Overseer
from bot.services.recording import Recording
from bot.store import SqlWatchdog
from tests.integration.store.journal_words import Office, begun, done, message
from tests.integration.store.words import Store, at, completed, mailbox, policy, started, sync_failed


def progressed(minute: float, run: str, of: str = "m1") -> SyncProgress:
    return SyncProgress(at(minute), of, run, 1, 2)


@dataclass(frozen=True)
class Hand:
    """Of a clock that stands."""

    at: datetime

    def now(self) -> datetime:
        return self.at


class Bell:
    def ring(self) -> None:
        pass


async def _stuck(store: Store, minute: float, silent_since: float, limit: int = 10) -> list[StuckRun]:
    found = await SqlWatchdog(store.database).stuck(at(minute), silent_since=at(silent_since), limit=limit)
    return list(found)


async def _sweep(store: Store, minute: float) -> None:
    clock = Hand(at(minute))
    recording = Recording(store.recorder, Bell(), clock)
    await Overseer(SqlWatchdog(store.database), recording, clock).sweep()


async def _failures(store: Store) -> list[tuple[str, int]]:
    """Every failure there ever was, by its code, and how often it was reported."""
    rows = await store.rows("SELECT code, attempts FROM failure ORDER BY id")
    return [(row["code"], row["attempts"]) for row in rows]


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
    await office.schedule.pause(work, until=at(100), pauses=0)
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


@pytest.mark.parametrize("waited", [False, True])
async def test_a_stuck_run_that_is_ended_leaves_its_mailbox_free_and_due_at_once(
    office: Office, *, waited: bool
) -> None:
    work = await office.run(0)
    await office.list(work, message("a"))
    await office.synced(work, "a")
    await office.tree.listed(work)
    if waited:
        await office.schedule.pause(work, until=at(1), pauses=1)
    await _ended(office, 30)
    row = await office.sync()
    assert [row[name] for name in ("run_key", "run_kind", "began_at", "resume_at", "leased_by")] == [None] * 5
    assert (row["leased_until"], row["due_at"], row["listed"]) == (None, at(30), False)
    assert (row["pauses"], row["changes"], row["bytes"]) == (0, 0, 0)
    assert (await office.claim(29), len(await office.claim(30))) == ((), 1)


@pytest.mark.parametrize("is_taken_up", [False, True])
async def test_whoever_worked_on_a_run_that_was_ended_changes_nothing(
    office: Office, *, is_taken_up: bool
) -> None:
    work = await office.run(0)
    await _ended(office, 30)
    if is_taken_up:
        await office.work(30, owner="B")
    before, errors = await office.sync(), (await office.store.errors()).lines
    await office.schedule.finish(work, done(work, 31))
    await office.schedule.pause(work, until=at(90), pauses=0)
    await office.list(work, message("a"))
    assert (await office.sync(), await office.states()) == (before, {})
    assert [line.code for line in (await office.store.errors()).lines] == ["interrupted"]
    assert (await office.store.errors()).lines == errors


async def test_the_next_run_that_succeeds_clears_what_was_interrupted(office: Office) -> None:
    await office.run(0)
    await _ended(office, 30)
    again = await office.run(30)
    await office.schedule.finish(again, done(again, 31))
    assert (await office.store.errors()).lines == ()
    assert (await office.store.card(at(32))).status is MailboxStatus.SYNCED


async def test_who_asked_for_a_sync_while_a_run_hung_is_answered_by_the_next(office: Office) -> None:
    await office.run(0)
    await office.store.retry(1, whole_mailbox=True)
    (request,) = await office.store.retries.lease_due(at(1), until=at(2), limit=10)
    await office.asked.ask(request, at(1))
    await _ended(office, 9)
    again = await office.run(9)
    await office.schedule.finish(again, done(again, 10))
    assert await office.store.rows("SELECT outcome FROM retry") == [{"outcome": "succeeded"}]


async def test_a_run_that_finished_before_it_could_be_ended_stays_as_it_is(office: Office) -> None:
    work = await office.run(0)
    (found,) = await _stuck(office.store, 30, 15)
    await office.schedule.finish(work, done(work, 30))
    await office.watchdog.end(found, sync_failed(31, found.run_key, code="interrupted"))
    assert (await office.store.errors()).lines == ()
    assert (await office.sync())["due_at"] == at(60)


async def test_another_mailbox_s_run_is_not_ended_with_it(office: Office) -> None:
    await office.store.record(mailbox(key="m2"))
    await office.employ()
    works = await office.claim(0)
    for work in works:
        await office.schedule.begin(work, begun(work, 0), passing=())
    other = next(work for work in works if work.mailbox_key == "m2")
    await office.schedule.prolong(other, until=at(60))
    await _ended(office, 30)
    assert ((await office.sync("m1"))["run_key"], (await office.sync("m2"))["run_key"]) == (None, other.run)


async def test_the_run_of_an_engine_outside_just_ends(store: Store) -> None:
    await store.record(started(0, "r1"), progressed(5, "r1"))
    (found,) = await _stuck(store, 60, 30)
    await SqlWatchdog(store.database).end(found, sync_failed(60, "r1", code="interrupted"))
    assert await store.rows("SELECT status, code FROM run") == [{"status": "failed", "code": "interrupted"}]
    assert [line.code for line in (await store.errors()).lines] == ["interrupted"]
    assert await _stuck(store, 60, 30) == []


async def test_an_engine_outside_that_was_only_silent_may_still_complete_its_run(store: Store) -> None:
    await store.record(started(0, "r1"), progressed(5, "r1"))
    (found,) = await _stuck(store, 60, 30)
    await SqlWatchdog(store.database).end(found, sync_failed(60, "r1", code="interrupted"))
    await store.record(completed(90, "r1"))
    assert await store.rows("SELECT status, code FROM run") == [{"status": "succeeded", "code": None}]
    assert (await store.errors()).lines == ()


async def _ended(office: Office, minute: float) -> None:
    """The one run that is stuck by then."""
    (found,) = await _stuck(office.store, minute, minute - 5)
    await office.watchdog.end(found, sync_failed(minute, found.run_key, code="interrupted"))


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


async def test_a_mailbox_that_is_overdue_fails_once_until_it_succeeds(store: Store) -> None:
    await store.record(completed(10, "r1"))
    await _sweep(store, 100)
    assert await _failures(store) == []
    for minute in (101, 102, 5000):
        await _sweep(store, minute)
    assert await _failures(store) == [("overdue", 1)]
    await store.record(completed(5010, "r2"))
    assert (await store.errors()).lines == ()
    await _sweep(store, 5100)
    assert len(await _failures(store)) == 1
    await _sweep(store, 5101)
    assert await _failures(store) == [("overdue", 1), ("overdue", 1)]
    assert [line.code for line in (await store.errors()).lines] == ["overdue"]


async def test_a_stuck_run_that_a_sweep_ends_is_not_overdue_as_well(store: Store) -> None:
    await store.record(started(0, "r1"), progressed(5, "r1"))
    for minute in (300, 301):
        await _sweep(store, minute)
    assert await _failures(store) == [("interrupted", 1)]
    (line,) = (await store.errors()).lines
    assert line.message == "The run gave no sign of life since 2026-03-02 08:05 UTC"


async def test_a_finished_run_leaves_nothing_to_watch(office: Office) -> None:
    work = await office.run(0)
    await office.schedule.finish(work, done(work, 1))
    assert (await _stuck(office.store, 60, 50), await _overdue(office.store, 60)) == ([], [])
