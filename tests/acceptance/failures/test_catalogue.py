"""Every row of the failure catalogue, from what a provider answers to what an admin reads."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot.domain.catalogue import CATALOGUE, Scope
from bot.domain.values import MailboxStatus, RunStatus
from bot.engine.verdict import LONGEST_WAIT, MOST_ATTEMPTS
from bot.sandbox.graph import FOREVER
from bot.views import FailureLine
from tests.acceptance.failures.rows import (
    GONE,
    LASTING,
    NOTICED,
    OF_FOLDERS,
    ONE_OF_EACH_CODE,
    PASSING,
    PERMANENT,
    REPAIRED,
    STOPPING,
    UNKNOWN,
    OneLetter,
    WholeMailbox,
    mend_letter,
)
from tests.acceptance.failures.world import ANN, BEN, World


def test_every_code_of_the_catalogue_is_played() -> None:
    rows = (*PERMANENT, *PASSING, *STOPPING, *LASTING, GONE, UNKNOWN)
    assert {row.code for row in rows} | {*OF_FOLDERS, *REPAIRED, *NOTICED} == CATALOGUE.keys()


@pytest.mark.parametrize("row", PERMANENT, ids=str)
async def test_a_letter_that_can_never_be_synced_fails_alone_and_waits_for_a_click(
    world: World, row: OneLetter
) -> None:
    letter = world.letters[1]
    row.play(world, letter, FOREVER)

    await world.work()

    line = await world.failure()
    assert_is_in_words(line, row.code)
    assert_names_the_letter(line, world)
    assert line.size == (letter.message.size if row.side == "import" else None)
    assert line.attempts == 1
    assert (await world.status()).status is MailboxStatus.SYNCED
    assert world.arrived() == [2, 3, 4]

    await world.next_run()

    assert len(world.tries(row.side, letter)) == 1, "a run has tried it again"
    assert await world.failures() == (line,)

    mend_letter(world)
    world.asked.clear()
    await world.click_retry(line)
    await world.work()

    assert not await world.failures()
    assert await world.open_alerts() == 0
    assert world.arrived() == [1, 2, 3, 4]
    assert {one.message for one in world.asked} == {1}


async def test_a_permanent_failure_is_tried_again_once_its_letter_changes(world: World) -> None:
    row, letter = PERMANENT[0], world.letters[1]
    row.play(world, letter, FOREVER)
    await world.work()
    mend_letter(world)
    world.graph.world.set_flag(letter.message)

    await world.next_run()

    assert not await world.failures()
    assert world.arrived() == [1, 2, 3, 4]


@pytest.mark.parametrize("row", PASSING, ids=str)
async def test_what_passes_is_waited_for_while_the_run_goes_on(world: World, row: OneLetter) -> None:
    letter = world.letters[1]
    row.play(world, letter, 2)

    await world.work()

    assert not await world.failures()
    assert await world.open_alerts() == 0
    assert world.arrived() == [1, 2, 3, 4]
    tries = world.tries(row.side, letter)
    assert len(tries) == 3
    assert max(world.tries("import", world.letters[each])[0] for each in (2, 3, 4)) == tries[0]
    assert_waited_between(row, tries)
    assert [each.status for each in await world.runs()] == [RunStatus.SUCCEEDED]


@pytest.mark.parametrize("row", ONE_OF_EACH_CODE, ids=str)
async def test_what_does_not_pass_fails_after_ten_tries_until_the_next_run(
    world: World, row: OneLetter
) -> None:
    letter = world.letters[1]
    row.play(world, letter, FOREVER)

    await world.work()

    line = await world.failure()
    assert_is_in_words(line, row.code)
    assert_names_the_letter(line, world)
    assert line.heals_by_itself
    assert line.attempts == MOST_ATTEMPTS
    tries = world.tries(row.side, letter)
    assert len(tries) == MOST_ATTEMPTS
    assert_waited_between(row, tries)
    assert [each.status for each in await world.runs()] == [RunStatus.SUCCEEDED]
    assert world.arrived() == [2, 3, 4]

    mend_letter(world)
    await world.next_run()

    assert not await world.failures()
    assert await world.open_alerts() == 0
    assert world.arrived() == [1, 2, 3, 4]


async def test_an_unknown_cause_is_tried_once_more(world: World) -> None:
    letter = world.letters[1]
    UNKNOWN.play(world, letter, FOREVER)

    await world.work()

    line = await world.failure()
    assert_is_in_words(line, "unknown")
    assert "501" in line.message
    assert line.attempts == 2
    assert len(world.tries("import", letter)) == 2

    await world.next_run()
    assert len(world.tries("import", letter)) == 2


async def test_a_letter_that_is_gone_is_no_failure(world: World) -> None:
    letter = world.letters[1]
    GONE.play(world, letter, FOREVER)

    await world.work()

    assert not await world.failures()
    assert world.arrived() == [2, 3, 4]
    assert len(world.tries("fetch", letter)) == 1


@pytest.mark.parametrize("row", STOPPING, ids=str)
async def test_what_stops_a_mailbox_is_one_failure_until_the_next_run_after_mending(
    world: World, row: WholeMailbox
) -> None:
    row.play(world)

    await world.work()

    line = await world.failure()
    assert_is_in_words(line, row.code)
    assert (line.item, line.subject) == (None, None)
    assert (await world.status()).status is MailboxStatus.FAILED
    assert (await world.status()).run_failure == line
    assert [(each.status, each.code) for each in await world.runs()] == [(RunStatus.FAILED, row.code)]
    assert not world.arrived()
    if CATALOGUE[row.code].scope is Scope.MAILBOX:
        assert world.arrived(BEN) == [5, 6, 7, 8]

    row.mend(world)
    await world.next_run()

    assert not await world.failures()
    assert not await world.failures(BEN)
    assert await world.open_alerts() == 0
    assert (world.arrived(), world.arrived(BEN)) == ([1, 2, 3, 4], [5, 6, 7, 8])


@pytest.mark.parametrize("row", STOPPING, ids=str)
async def test_a_click_after_mending_syncs_the_mailbox_now(world: World, row: WholeMailbox) -> None:
    row.play(world)
    await world.work()
    row.mend(world)
    before = world.clock.now()

    await world.click_retry(await world.failure())
    await world.work()

    assert not await world.failures()
    assert world.arrived() == [1, 2, 3, 4]
    assert (await world.status()).status is MailboxStatus.SYNCED
    assert world.clock.now() == before, "it waited for its time"
    assert [each.actor for each in await world.runs()] == ["System", "UOPERATOR"]


@pytest.mark.parametrize("row", LASTING, ids=str)
async def test_what_lasts_for_hours_fails_the_run_and_is_looked_at_within_the_hour(
    world: World, row: WholeMailbox
) -> None:
    row.play(world)

    await world.work()

    assert_is_in_words(await world.failure(), row.code)
    card = await world.status()
    assert card.status is MailboxStatus.FAILED
    assert card.next_sync_at
    assert timedelta(0) < card.next_sync_at - world.clock.now() <= timedelta(hours=1)

    for _ in range(2):
        await world.next_run()
    assert (await world.failure(ANN)).code == row.code
    row.mend(world)
    await world.next_run()
    assert not await world.failures()
    assert await world.open_alerts() == 0
    assert world.arrived() == [1, 2, 3, 4]


# ---- what is asked of each


def assert_is_in_words(line: FailureLine, code: str) -> None:
    known = CATALOGUE[code]
    assert (line.code, line.cause, line.remedy) == (code, known.cause, known.remedy)
    assert line.heals_by_itself is known.heals_by_itself
    assert line.message


def assert_names_the_letter(line: FailureLine, world: World) -> None:
    letter = world.letters[1].message
    assert line.item == letter.id
    assert line.subject == "Letter 1"
    assert line.sender
    assert "carl@other.example" in line.sender
    assert line.folder == "Inbox"
    assert line.received_at == letter.received_at
    assert line.service == "email"


def assert_waited_between(row: OneLetter, tries: list[datetime]) -> None:
    for number, (before, after) in enumerate(pairwise(tries), start=1):
        assert_waited(row, after - before, number)


def assert_waited(row: OneLetter, waited: timedelta, number: int) -> None:
    """As long as the provider asked for; else between half of the back-off and all of it.

    Where the answer was lost, not before the destination's search must know the letter.
    """
    backed_off = min(timedelta(seconds=2 ** (number - 1)), LONGEST_WAIT)
    if not row.is_certain:
        assert timedelta(minutes=5) <= waited <= timedelta(minutes=7)
    elif row.wait is not None:
        assert waited == row.wait
    else:
        assert backed_off / 2 <= waited <= backed_off
