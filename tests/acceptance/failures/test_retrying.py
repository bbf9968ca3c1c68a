"""One click is one attempt: of that item alone, ahead of everything else, however often it is asked for."""

import asyncio
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, select

from bot.domain.values import RetryOutcome, RunStatus, Trigger
from bot.errors import AlreadyRetrying, NothingToRetry
from bot.ports import RetryTarget
from bot.sandbox.graph import FOREVER
from bot.store.columns import AnyRow
from bot.store.tables import retry
from bot.views import RetryEntry
from tests.acceptance.failures.world import ANN, OPERATOR, Letter, World, opened

_CODE = "ErrorItemCorrupt"
_MANY = [f"person{number}@firm.example" for number in range(6)]


async def test_a_retry_goes_ahead_of_a_long_run_and_of_all_who_wait(tmp_path: Path, sqlite_url: str) -> None:
    async with opened(tmp_path, sqlite_url, people=(ANN, *_MANY), mailboxes_at_once=1) as world:
        letter = await failed_letter(world)
        late = world.write()
        world.clock.skip(timedelta(days=2))
        world.gmail.faults.stall(message=late.message_id)
        await world.desk.request(RetryTarget(await world.mailbox_id(), whole_mailbox=True), OPERATOR)
        await world.sweep()
        await world.until_imported(late)
        runs = len(world.engine._runs)
        world.asked.clear()

        await world.click_retry(await world.failure())
        await world.sweep()
        await asyncio.wait(world.engine._singles)

        assert runs == len(world.engine._runs) == 1
        assert [(one.kind, one.message) for one in world.asked] == [
            ("fetch", letter.number),
            ("import", letter.number),
        ]
        assert not await world.failures()
        assert letter.number in world.arrived()
        world.gmail.faults.release()
        await world.settle()


async def test_a_retry_stands_in_the_history_and_is_no_run(world: World) -> None:
    await failed_letter(world)
    runs = await world.runs()
    world.clock.skip(timedelta(minutes=1))

    await world.click_retry(await world.failure())
    await world.work()

    assert await world.runs() == runs
    entry = (await world.status()).history[0]
    assert isinstance(entry, RetryEntry)
    assert (entry.actor, entry.requested, entry.succeeded, entry.pending) == (OPERATOR.user, 1, 1, 0)


async def test_a_retry_in_vain_reopens_its_failure_and_says_why(world: World) -> None:
    letter = await failed_letter(world)
    world.graph.faults.on_value(letter.message, _CODE, FOREVER)

    await world.click_retry(await world.failure())
    await world.work()

    line = await world.failure()
    assert (line.last_retry, line.retrying_by) == (RetryOutcome.FAILED, None)
    assert line.last_retry_detail == line.cause
    assert line.attempts == 2
    assert await world.open_alerts() == 1


async def test_a_retry_of_what_passes_waits_and_is_answered_once_it_went_through(world: World) -> None:
    letter = await failed_letter(world)
    world.graph.faults.on_value(letter.message, "TooManyRequests", 2, retry_after=9)
    before = world.clock.now()

    await world.click_retry(await world.failure())
    await world.work()

    assert not await world.failures()
    assert (world.clock.now() - before).total_seconds() == 18
    assert [row.outcome for row in await retries(world)] == [RetryOutcome.SUCCEEDED]


async def test_a_sync_of_the_mailbox_runs_now_and_tells_its_progress(world: World) -> None:
    await world.work()
    letter = world.write()
    before = world.clock.now()
    await world.desk.request(RetryTarget(await world.mailbox_id(), whole_mailbox=True), OPERATOR)
    world.gmail.faults.stall(message=letter.message_id)
    await world.sweep()
    await world.until_imported(letter)

    live = (await world.runs())[-1]
    assert (live.trigger, live.actor, live.status) == (Trigger.MANUAL, OPERATOR.user, RunStatus.RUNNING)
    assert (await world.status()).syncing_requested
    world.gmail.faults.release()
    await world.work()

    assert world.clock.now() == before
    assert len(world.arrived()) == 5
    assert (await world.runs())[-1].status is RunStatus.SUCCEEDED
    assert [row.outcome for row in await retries(world)] == [RetryOutcome.SUCCEEDED]


async def test_many_clicks_before_two_engines_are_one_import(tmp_path: Path, database_url: str) -> None:
    async with opened(tmp_path, database_url, engines=2) as world:
        letter = await failed_letter(world)
        line = await world.failure()
        world.asked.clear()

        clicks = await asyncio.gather(*(world.click_retry(line) for _ in range(5)), return_exceptions=True)
        await asyncio.gather(*(engine.sweep() for _ in range(3) for engine in world.engines))
        await world.work()

        refused = [click for click in clicks if isinstance(click, AlreadyRetrying | NothingToRetry)]
        assert (len(refused), clicks.count(None)) == (4, 1)
        assert [(one.kind, one.message) for one in world.asked] == [
            ("fetch", letter.number),
            ("import", letter.number),
        ]
        assert world.arrived().count(letter.number) == 1
        assert len(await retries(world)) == 1


# ---- what these tests share


async def failed_letter(world: World) -> Letter:
    """Ann's first letter has failed for good, and is mended since."""
    letter = world.letters[1]
    world.graph.faults.on_value(letter.message, _CODE)
    await world.work()
    assert (await world.failure()).item == letter.message.id
    return letter


async def retries(world: World) -> list[AnyRow]:
    def rows(connection: Connection) -> list[AnyRow]:
        return list(connection.execute(select(retry).order_by(retry.c.id)))

    return await world.database.read(rows)
