"""Which mailboxes are worked on, by whom, in which order; and how a run ends."""

from datetime import timedelta

from bot.domain.events import SyncFailed
from bot.domain.mail import ItemState, MailRules, Unlabelled
from bot.domain.values import Frequency, RunKind, Unit
from tests.integration.store.journal_words import (
    ARCHIVE,
    INBOX,
    Office,
    begun,
    done,
    folder,
    folders,
    message,
)
from tests.integration.store.words import at, completed, mailbox, policy, started


async def test_work_says_all_that_the_engine_needs(office: Office) -> None:
    work = await office.work(5)
    assert (work.mailbox_key, work.source, work.destination) == ("m1", "m1@old.example", "m1@new.example")
    assert (work.source_connection, work.destination_connection) == ("from", "to")
    assert (work.frequency, work.rules) == (Frequency(1, Unit.HOUR), MailRules())
    assert (work.kind, work.window_start) == (RunKind.INITIAL, at(5) - timedelta(days=30))
    assert (work.began_at, work.is_listed, work.pauses, work.changes, work.bytes) == (None, False, 0, 0, 0)
    assert (work.owner, work.retry_key, work.folders_cursor) == ("A", None, None)
    assert work.run is not None


async def test_a_mailbox_is_not_due_before_its_time(office: Office) -> None:
    await office.do("UPDATE mail_sync SET due_at = :due", due="2026-03-02 08:10:00+00:00")
    assert (await office.claim(9), len(await office.claim(10))) == ((), 1)


async def test_a_mailbox_without_a_next_time_is_never_due(office: Office) -> None:
    work = await office.run()
    await office.schedule.finish(work, done(work, next_minute=None))
    assert await office.claim(10**6) == ()


async def test_a_mailbox_is_worked_on_by_one_process_at_a_time(office: Office) -> None:
    assert len(await office.claim(0, owner="A")) == 1
    assert await office.claim(1, owner="B") == ()


async def test_a_claim_takes_at_most_what_it_may(office: Office) -> None:
    await office.store.record(*(mailbox(key=f"n{n}") for n in range(5)))
    await office.employ()
    found = [len(await office.claim(at_most=n)) for n in (0, 2, 10)]
    assert found == [0, 2, 4]


async def test_a_run_whose_process_vanished_is_taken_up_again_under_its_own_key(office: Office) -> None:
    first = await office.run(0)
    await office.tree.listed(first)
    assert await office.claim(1.9, owner="B") == ()
    second = await office.work(2, owner="B")
    assert (second.run, second.began_at, second.is_listed) == (first.run, at(0), True)


async def test_a_process_that_prolongs_keeps_its_mailbox(office: Office) -> None:
    work = await office.work(0)
    assert await office.schedule.prolong(work, until=at(30))
    assert await office.claim(29, owner="B") == ()


async def test_a_process_that_lost_its_mailbox_is_told_so_and_changes_nothing(office: Office) -> None:
    old = await office.run(0)
    new = await office.work(5, owner="B")
    assert not await office.schedule.prolong(old, until=at(30))
    await office.schedule.finish(old, done(old))
    await office.schedule.pause(old, until=at(90), pauses=0)
    await office.schedule.begin(old, begun(old, 6), passing=())
    await office.tree.listed(old)
    await office.tree.forget_cursor(old, None)
    await office.tree.save_folders(old, folders(folder(INBOX)))
    assert await office.list(old, message("a")) == 0
    row = await office.sync()
    assert (row["run_key"], row["leased_by"], row["listed"]) == (new.run, "B", False)
    assert (row["began_at"], row["folders_generation"], row["folders_cursor"]) == (at(0), 0, None)
    assert (await office.states(), await office.tree.folders(old.mailbox)) == ({}, ())


async def test_a_paused_run_is_taken_up_again_when_its_time_comes(office: Office) -> None:
    work = await office.run(0)
    await office.schedule.pause(work, until=at(20), pauses=1)
    assert await office.claim(19) == ()
    again = await office.work(20, owner="B")
    assert (again.run, again.pauses, again.began_at) == (work.run, 1, at(0))


async def test_pauses_are_kept_as_they_were_told_last(office: Office) -> None:
    work = await office.run(0)
    for minute, pauses in ((1, 1), (2, 2), (3, 0), (4, 1)):
        await office.schedule.pause(work, until=at(minute), pauses=pauses)
        work = await office.work(minute)
        assert work.pauses == pauses


async def test_first_come_those_asked_for_then_runs_then_what_is_due(office: Office) -> None:
    await office.store.record(*(mailbox(key=f"n{n}") for n in range(3)))
    await office.employ(due=-10)
    await office.do("UPDATE mail_sync SET due_at = NULL WHERE mailbox_id <> :m", m=await _id(office, "n2"))
    await office.do(
        "UPDATE mail_sync SET run_key = 'r', run_kind = 'delta' WHERE mailbox_id = :m",
        m=await _id(office, "n1"),
    )
    await office.do("UPDATE mail_sync SET retry_key = 'k' WHERE mailbox_id = :m", m=await _id(office, "n0"))
    assert [work.mailbox_key for work in await office.claim()] == ["n0", "n1", "n2"]


async def test_policies_take_turns_and_the_longest_overdue_comes_first(office: Office) -> None:
    await office.store.record(policy(key="silver", name="Silver"))
    late = [mailbox(key=f"g{n}") for n in range(4)]
    await office.store.record(*late, mailbox(key="s0", under="silver"), mailbox(key="s1", under="silver"))
    await office.employ()
    for key, when in (("g2", "07:00"), ("s1", "07:30")):
        due = f"2026-03-02 {when}:00.000000"
        await office.do(
            "UPDATE mail_sync SET due_at = :due WHERE mailbox_id = :m", due=due, m=await _id(office, key)
        )
    claimed = [work.mailbox_key for work in await office.claim(at_most=4)]
    assert claimed[:2] == ["g2", "s1"]
    assert sorted(key[0] for key in claimed) == ["g", "m", "s", "s"]


async def test_a_mailbox_of_an_inactive_policy_is_not_due(office: Office) -> None:
    await office.store.record(policy(1, active=False))
    assert await office.claim(2) == ()


async def test_a_run_that_has_begun_may_finish_though_its_policy_is_inactive(office: Office) -> None:
    work = await office.run(0)
    await office.store.record(policy(1, active=False))
    assert [again.run for again in await office.claim(5, owner="B")] == [work.run]


async def test_a_sync_that_somebody_asks_for_runs_though_the_policy_is_inactive(office: Office) -> None:
    await office.store.record(policy(1, active=False))
    await office.asks(None, 2)
    assert len(await office.claim(2)) == 1


async def test_the_window_is_fixed_when_a_mailbox_is_first_claimed(office: Office) -> None:
    first = await office.run(0)
    await office.schedule.finish(first, done(first))
    await office.do("UPDATE mail_policy SET initial_days = 5")
    assert (await office.work(60)).window_start == first.window_start


async def test_a_mailbox_that_was_synced_once_gets_a_delta_run(office: Office) -> None:
    first = await office.run(0)
    await office.schedule.finish(first, done(first))
    second = await office.work(60)
    assert (second.kind, second.run != first.run) == (RunKind.DELTA, True)


async def test_a_start_is_recorded_once_and_shows_in_the_panel(office: Office) -> None:
    work = await office.run(3)
    assert [(row["key"], row["kind"]) for row in await office.store.rows("SELECT key, kind FROM run")] == [
        (work.run, "initial")
    ]
    assert await office.store.rows("SELECT id FROM event_seen WHERE source = 'syncbot'") == []
    assert (await office.sync())["began_at"] == at(3)


async def test_failures_whose_cause_passes_are_tried_again_by_the_next_run(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder("f"), folder("g")))
    await office.list(work, message("a"), message("b"))
    await office.failed(work, "a", "dest_unavailable")
    await office.failed(work, "b", "dest_rejected")
    await office.write(work, Unlabelled("f", "dest_unavailable"), Unlabelled("g", "dest_rejected"))
    await office.schedule.begin(work, begun(work), passing=["dest_unavailable"])
    assert await office.states() == {"a": ItemState.NEW, "b": ItemState.FAILED}
    assert (await office.row("a"))["attempts"] == 0
    assert [one.failed for one in await office.tree.folders(work.mailbox)] == [None, "dest_rejected"]


async def test_a_finished_run_leaves_the_mailbox_until_its_next_time(office: Office) -> None:
    work = await office.run()
    await office.tree.listed(work)
    await office.schedule.finish(work, done(work, 5, next_minute=60))
    row = await office.sync()
    assert (row["run_key"], row["run_kind"], row["leased_by"], row["listed"]) == (None, None, None, False)
    assert (row["due_at"], (await office.store.card()).next_sync_at) == (at(60), at(60))
    assert (await office.claim(59), len(await office.claim(60))) == ((), 1)


async def test_a_failed_run_ends_as_well(office: Office) -> None:
    work = await office.run()
    ended = SyncFailed(at(1), "m1", str(work.run), "source_auth", "expired", next_sync_at=at(30))
    await office.schedule.finish(work, ended)
    assert [line.code for line in (await office.store.errors()).lines] == ["source_auth"]
    assert len(await office.claim(30)) == 1


async def test_the_end_answers_who_asked_while_the_run_was_under_way(office: Office) -> None:
    work = await office.run(0)
    await office.store.retry(1, whole_mailbox=True)
    (request,) = await office.store.retries.lease_due(at(1), until=at(2), limit=10)
    await office.asked.ask(request, at(1))
    await office.schedule.finish(work, done(work, 3))
    assert await office.store.rows("SELECT outcome FROM retry") == [{"outcome": "succeeded"}]
    assert (await office.sync())["retry_key"] is None


async def test_a_run_that_somebody_asked_for_knows_whom_it_answers(office: Office) -> None:
    await office.asks(None)
    work = await office.work()
    assert work.retry_key == "k" * 32


async def test_who_asks_between_claim_and_start_is_named_by_the_start(office: Office) -> None:
    work = await office.work(0)
    await office.store.retry(1, whole_mailbox=True)
    (request,) = await office.store.retries.lease_due(at(1), until=at(2), limit=10)
    await office.asked.ask(request, at(1))
    await office.schedule.begin(work, begun(work, 1), passing=())
    assert await office.store.rows("SELECT actor FROM run") == [{"actor": "U1"}]


async def test_work_on_a_mailbox_that_was_taken_out_changes_nothing(office: Office) -> None:
    work = await office.run()
    await office.do("DELETE FROM mail_sync")
    assert not await office.schedule.prolong(work, until=at(9))
    assert await office.list(work, message("b")) == 0
    await office.schedule.finish(work, done(work))
    await office.schedule.pause(work, until=at(9), pauses=0)
    assert await office.store.rows("SELECT status FROM run") == [{"status": "running"}]
    assert (await office.states(), await office.claim(60)) == ({}, ())


async def test_the_journal_goes_with_its_mailbox(office: Office) -> None:
    work = await office.run()
    await office.tree.save_folders(work, folders(folder(INBOX)))
    await office.list(work, message("a"))
    await office.list(work, message("a", version="2"), of=ARCHIVE)
    await office.do("DELETE FROM mailbox")
    for table in ("mail_sync", "mail_folder", "mail_item", "mail_sighting"):
        assert await office.store.rows(f"SELECT mailbox_id FROM {table}") == []


async def test_runs_of_an_engine_outside_are_not_claimed(office: Office) -> None:
    await office.store.record(
        mailbox(key="outside"), started(1, "r", of="outside"), completed(2, "r", mailbox="outside")
    )
    assert [work.mailbox_key for work in await office.claim(5)] == ["m1"]


async def _id(office: Office, key: str) -> int:
    return await office.store.mailbox_id(key)
