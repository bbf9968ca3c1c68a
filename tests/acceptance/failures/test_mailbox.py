"""What stops a mailbox, what does not, and what the engine repairs by itself."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.catalogue import CATALOGUE
from bot.domain.values import MailboxStatus, RunStatus
from bot.engine.shift import MOST_PAUSES
from bot.engine.verdict import IN_A_ROW
from bot.sandbox.gmail.call import Call
from bot.sandbox.graph import FOREVER
from bot.services.overseeing import SILENCE
from tests.acceptance.failures.rows import LOST_ANSWER
from tests.acceptance.failures.world import ANN, BEN, World


async def test_ten_refusals_of_the_mailbox_in_a_row_stop_it_as_one_failure(world: World) -> None:
    world.gmail.faults.fail("mailServiceOff", user=ANN, name="messages.import", times=None)
    for _ in range(40):
        world.write()

    await world.work()

    line = await world.failure()
    assert (line.item, line.code) == (None, "dest_service_off")
    tried = [one for one in world.asked if one.kind == "import" and one.message not in (5, 6, 7, 8)]
    assert len(tried) == IN_A_ROW
    assert [each.status for each in await world.runs()] == [RunStatus.FAILED]


async def test_nine_refusals_and_a_success_do_not_stop_it(world: World) -> None:
    """Those that meet it again while others go through fail by themselves, each with its own name."""
    refused = [world.letters[1], *(world.write() for _ in range(8))]
    for letter in refused:
        world.graph.faults.on_value(letter.message, "ErrorAccessDenied", FOREVER)
    for _ in range(6):
        world.write()

    await world.work()

    lines = await world.failures()
    assert {line.item for line in lines} == {letter.message.id for letter in refused}
    assert {line.code for line in lines} == {"source_forbidden"}
    assert all(line.subject for line in lines)
    assert (await world.status()).status is MailboxStatus.SYNCED
    assert len(world.arrived()) == 9


@pytest.mark.parametrize("code", ["TooManyRequests", "serviceNotAvailable"])
async def test_a_source_that_refuses_everything_for_good_is_one_failure(world: World, code: str) -> None:
    world.graph.faults.on_path("[$]value$", code, FOREVER)

    await world.work()

    line = await world.failure()
    assert line.item is None
    assert CATALOGUE[line.code].heals_by_itself
    assert line.subject is None
    [run] = await world.runs()
    assert run.status is RunStatus.FAILED

    world.graph.faults.clear()
    await world.next_run()
    assert not await world.failures()
    assert world.arrived() == [1, 2, 3, 4]


async def test_each_run_gives_a_letter_all_its_tries(world: World) -> None:
    world.graph.faults.on_path("[$]value$", "serviceNotAvailable", FOREVER)
    await world.work()
    world.graph.faults.clear()
    letter = world.letters[1]
    world.graph.faults.on_value(letter.message, "serviceNotAvailable", 5)
    world.asked.clear()

    await world.next_run()

    assert not await world.failures()
    assert len(world.tries("fetch", letter)) == 6
    assert world.arrived() == [1, 2, 3, 4]
    assert [each.status for each in await world.runs()] == [RunStatus.FAILED, RunStatus.SUCCEEDED]


async def test_a_throttled_listing_waits_exactly_as_long_as_it_is_told(world: World) -> None:
    begun_at = world.clock.now()
    world.graph.faults.on_user(ANN, "TooManyRequests", 2, retry_after=37)

    await world.work()

    assert not await world.failures()
    waited = world.clock.now() - begun_at
    assert waited % timedelta(seconds=37) == timedelta(0)
    assert timedelta(seconds=37) <= waited <= timedelta(seconds=74)
    assert MOST_PAUSES > 2


async def test_a_message_whose_answer_was_lost_arrives_once(world: World) -> None:
    letter = world.letters[1]
    LOST_ANSWER.play(world, letter, 1)

    await world.work()

    assert not await world.failures()
    assert world.arrived() == [1, 2, 3, 4]
    assert len(world.tries("import", letter)) == 1


async def test_a_label_that_is_refused_for_good_counts_as_one_failed_item(world: World) -> None:
    folder = world.graph.world.add_folder("Projects", user=ANN)
    waiting = [world.write(folder=folder) for _ in range(3)]
    world.gmail.faults.fail("invalidLabelName", user=ANN, name="labels.create", times=None)

    await world.work()

    line = await world.failure()
    assert (line.code, line.item) == ("dest_label_invalid", f"folder:{folder.id}")
    assert line.folder == "Projects"
    [run] = await world.runs()
    assert run.status is RunStatus.SUCCEEDED
    [counts] = (await world.status()).activity
    assert (counts.changes, counts.failed) == (4, 1)
    assert world.arrived() == [1, 2, 3, 4]

    world.gmail.faults.clear()
    await world.click_retry(line)
    await world.work()
    assert not await world.failures()
    assert await world.open_alerts() == 0
    assert world.arrived() == [1, 2, 3, 4, *(letter.number for letter in waiting)]


async def test_a_folder_beyond_the_most_labels_fails_alone_until_there_is_room(world: World) -> None:
    folder = world.graph.world.add_folder("Projects", user=ANN)
    waiting = world.write(folder=folder)
    world.gmail.rules.most_labels = 0

    await world.work()

    line = await world.failure()
    assert (line.code, line.item, line.folder) == ("dest_label_limit", f"folder:{folder.id}", "Projects")
    assert line.remedy == CATALOGUE["dest_label_limit"].remedy
    assert world.arrived() == [1, 2, 3, 4]

    world.gmail.rules.most_labels = 1
    await world.click_retry(line)
    await world.work()
    assert not await world.failures()
    assert world.arrived() == [1, 2, 3, 4, waiting.number]


async def test_a_folder_that_cannot_be_listed_stops_only_itself(world: World) -> None:
    folder = world.graph.world.add_folder("Projects", user=ANN)
    world.write(folder=folder)
    world.graph.faults.on_path(f"{folder.id}/messages/delta", "ErrorItemCorrupt", FOREVER)

    await world.work()

    line = await world.failure()
    assert (line.code, line.item, line.folder) == (
        "source_content_corrupt",
        f"folder:{folder.id}",
        "Projects",
    )
    assert world.arrived() == [1, 2, 3, 4]
    assert (await world.status()).status is MailboxStatus.SYNCED

    world.graph.faults.clear()
    await world.click_retry(line)
    await world.work()
    await world.next_run()
    assert not await world.failures()
    assert len(world.arrived()) == 5


async def test_a_folder_with_a_reserved_name_gets_a_safe_one(world: World) -> None:
    world.gmail.rules.reserved_names = world.gmail.rules.reserved_names | {"posteingang"}
    world.write(folder=world.graph.world.add_folder("Posteingang", user=ANN))

    await world.work()

    assert not await world.failures()
    assert world.gmail.world.label_named(ANN, "Outlook Posteingang")
    assert len(world.arrived()) == 5


async def test_a_label_that_is_removed_during_the_run_is_made_anew(world: World) -> None:
    letter = world.write(folder=world.graph.world.add_folder("Projects", user=ANN))
    removed: list[str] = []

    def remove(call: Call) -> None:
        if call.message_id == letter.message_id and not removed:
            label = world.gmail.world.label_named(ANN, "Projects")
            assert label
            removed.append(label.id)
            world.gmail.world.remove_label(ANN, label.id)

    world.gmail.before(remove)
    await world.work()

    assert removed
    assert not await world.failures()
    label = world.gmail.world.label_named(ANN, "Projects")
    assert label
    assert label.id not in removed
    [arrived] = [each for each in world.gmail.world.messages(ANN) if each.message_id == letter.message_id]
    assert label.id in arrived.label_ids


async def test_a_label_that_appears_in_another_spelling_is_used(world: World) -> None:
    world.write(folder=world.graph.world.add_folder("Projects", user=ANN))
    made: list[str] = []

    def rival(call: Call) -> None:
        if call.name == "labels.create" and not made:
            made.append(world.gmail.world.add_label(ANN, "PROJECTS").id)

    world.gmail.before(rival)
    await world.work()

    assert not await world.failures()
    assert made[0] in world.gmail.world.messages(ANN)[-1].label_ids
    assert world.gmail.world.label_named(ANN, "Projects") is None


async def test_a_lost_cursor_is_no_failure(world: World) -> None:
    await world.work()
    world.graph.expire_delta_tokens()
    new = world.write()
    world.asked.clear()

    await world.next_run()

    assert not await world.failures()
    assert [each.status for each in await world.runs()] == [RunStatus.SUCCEEDED] * 2
    assert {one.message for one in world.asked} == {new.number}, "known letters were imported again"


# ---- what nobody reports


async def test_a_run_whose_process_died_is_interrupted_until_the_next_run(world: World) -> None:
    world.gmail.faults.stall(user=ANN, name="messages.import", times=None)
    tasks = await world.sweep()
    await world.until_imported(world.letters[1])
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    world.gmail.faults.clear()
    world.clock.skip(SILENCE + timedelta(minutes=3))

    await world.oversee()

    line = await world.failure()
    assert (line.code, line.item) == ("interrupted", None)
    assert (line.cause, line.remedy) == (CATALOGUE["interrupted"].cause, CATALOGUE["interrupted"].remedy)
    await world.work()
    assert not await world.failures()
    assert await world.open_alerts() == 0
    assert world.arrived() == [1, 2, 3, 4]


async def test_a_mailbox_without_a_success_in_time_is_overdue_until_one(world: World) -> None:
    await world.work()
    world.clock.skip(timedelta(days=1.5, minutes=5))

    await world.oversee()

    for address in (ANN, BEN):
        line = await world.failure(address)
        assert (line.code, line.item) == ("overdue", None)
        assert line.remedy == CATALOGUE["overdue"].remedy
        assert (await world.status(address)).overdue
    await world.click_retry(await world.failure())
    await world.work()
    assert not await world.failures()
    assert not await world.failures(BEN)
    assert await world.open_alerts() == 0
