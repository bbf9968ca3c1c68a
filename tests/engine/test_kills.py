"""However often the engine is killed, every message arrives once, as it was, where it belongs."""

from datetime import timedelta

import pytest

from tests.engine.conftest import Bench
from tests.engine.kills import Engine, Kill, Kind, Nursery
from tests.engine.office import INDEX_LAG, opened
from tests.engine.orders import Flaw
from tests.engine.trials import Trial

pytestmark = [pytest.mark.lengthy, pytest.mark.asyncio(loop_scope="module")]

UPLOADS = "/upload/"
UNANSWERED = Kill(Kind.UNANSWERED, 1, UPLOADS)
UNHEARD = Kill(Kind.UNHEARD, 1, UPLOADS)
SAMPLES = (
    (Kill(Kind.BEFORE_COMMIT, 3), Kill(Kind.UNANSWERED, 30), Kill(Kind.AFTER_COMMIT, 11)),
    (Kill(Kind.AFTER_COMMIT, 33), Kill(Kind.UNHEARD, 12), Kill(Kind.UNANSWERED, 9), Kill(Kind.SOMETIME, 200)),
    (Kill(Kind.UNANSWERED, 62), Kill(Kind.BEFORE_COMMIT, 16), Kill(Kind.UNHEARD, 3)),
)
"""Across a run: while the tree, the folders and the labels are listed, and while messages are imported."""


@pytest.mark.parametrize("number", range(len(SAMPLES)))
async def test_kills_leave_nothing_lost_twice_altered_or_mislabelled(bench: Bench, number: int) -> None:
    found = await bench.findings(Trial(number, SAMPLES[number], messages=8, with_large=number == 0))
    assert found.are_none, found
    assert found.messages > 9


async def test_the_same_goes_for_postgresql(postgres_bench: Bench) -> None:
    found = await postgres_bench.findings(Trial(7, SAMPLES[0][1:], mailboxes=1, messages=6))
    assert found.are_none, found


async def test_retries_of_single_items_are_answered_whenever_the_engine_is_killed(
    bench: Bench, started: Nursery
) -> None:
    async with opened(bench.folder, bench.database_url, 11, mailboxes=1, messages=8) as office:
        engine = Engine(office, started)
        office.refuse(12)
        assert not await engine.live()
        asked = await office.click()
        assert asked > 5
        for kill in (UNANSWERED, Kill(Kind.AFTER_COMMIT, 3), UNHEARD):
            assert await engine.live(kill)
        assert not await engine.live()
        found = await office.findings()
        assert found.are_none, found
        assert await office.answered() == asked


async def test_two_processes_share_one_database_and_what_one_leaves_the_other_goes_on_with(
    postgres_bench: Bench,
) -> None:
    kills = (Kill(Kind.AFTER_COMMIT, 14),)
    result = await postgres_bench.result(Trial(12, kills, messages=2, refused=6, together=True))
    assert result.findings.are_none, result.findings
    assert result.retries


# ---- that these trials can fail


async def test_who_searches_before_the_destination_can_know_sends_a_message_twice(bench: Bench) -> None:
    hasty = timedelta(minutes=1)
    assert hasty < INDEX_LAG
    found = await bench.findings(Trial(3, [UNANSWERED], mailboxes=1, messages=3, grace=hasty, troubles=False))
    assert found.twice
    assert not found.lost


async def test_who_writes_no_intent_down_sends_a_message_twice(bench: Bench) -> None:
    trial = Trial(3, [UNANSWERED], mailboxes=1, messages=3, flaw=Flaw.NO_INTENT, troubles=False)
    found = await bench.findings(trial)
    assert found.twice
    assert not found.lost


async def test_who_does_not_look_after_an_interrupted_import_loses_its_message(bench: Bench) -> None:
    trial = Trial(3, [UNHEARD], mailboxes=1, messages=3, flaw=Flaw.NO_SEARCH, troubles=False)
    found = await bench.findings(trial)
    assert found.lost
    assert not found.twice


# ---- copies of a message, of which one was lost


async def test_a_message_that_is_taken_for_its_copy_keeps_no_label_of_the_copy(
    bench: Bench, started: Nursery
) -> None:
    async with opened(bench.folder, bench.database_url, 5, mailboxes=1, messages=0) as office:
        engine, room = Engine(office, started), office.rooms[0]
        await engine.live()
        letter = room.receive("Leer")
        room.deliver(room.user.folder("Starred"), letter.number, letter.mime)
        await office.wait_for_next_runs()
        assert await engine.live(UNHEARD)
        assert await engine.live(UNANSWERED)
        assert not await engine.live()
        found = await office.findings()
        assert found.are_none, found
