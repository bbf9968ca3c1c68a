"""How many calls go at once."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from bot.engine.graph.limits import FIRST_GROWTH, GROWTH, Adaptive, Slots


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def hold(slots: Slots, done: asyncio.Event, log: list[str], name: str, count: int = 1) -> None:
    async with slots.taken(count):
        log.append(name)
        await done.wait()


async def test_no_more_are_under_way_than_there_are_slots() -> None:
    slots, done, log = Slots(lambda: 2), asyncio.Event(), list[str]()
    tasks = [asyncio.create_task(hold(slots, done, log, name)) for name in "abc"]
    await settle()
    assert log == ["a", "b"]
    done.set()
    await asyncio.gather(*tasks)
    assert log == ["a", "b", "c"]
    assert slots.used == 0


async def test_who_came_first_is_served_first_even_if_it_wants_more() -> None:
    slots, log = Slots(lambda: 3), list[str]()
    first, done = asyncio.Event(), asyncio.Event()
    tasks = [
        asyncio.create_task(hold(slots, first, log, "small")),
        asyncio.create_task(hold(slots, done, log, "large", 3)),
        asyncio.create_task(hold(slots, done, log, "late")),
    ]
    await settle()
    assert log == ["small"]
    first.set()
    await settle()
    assert log == ["small", "large"]
    done.set()
    await asyncio.gather(*tasks)
    assert log == ["small", "large", "late"]


async def test_one_that_wants_more_than_there_are_goes_alone() -> None:
    slots = Slots(lambda: 1)
    async with slots.taken(3):
        assert slots.used == 3
    assert slots.used == 0


async def test_an_error_gives_the_slot_back() -> None:
    slots = Slots(lambda: 1)
    with pytest.raises(ZeroDivisionError):
        async with slots.taken():
            raise ZeroDivisionError
    assert slots.used == 0


async def test_one_that_stops_waiting_blocks_nobody() -> None:
    slots, log = Slots(lambda: 2), list[str]()
    never, done = asyncio.Event(), asyncio.Event()
    holding = asyncio.create_task(hold(slots, never, log, "holding"))
    large = asyncio.create_task(hold(slots, never, log, "large", 2))
    behind = asyncio.create_task(hold(slots, done, log, "behind"))
    await settle()
    assert log == ["holding"]
    large.cancel()
    await settle()
    assert log == ["holding", "behind"]
    done.set()
    never.set()
    await asyncio.gather(holding, behind)
    assert slots.used == 0


async def test_one_that_is_stopped_just_when_its_turn_comes_gives_it_back() -> None:
    slots, done, log = Slots(lambda: 1), asyncio.Event(), list[str]()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(slots.taken())
        waiting = asyncio.create_task(hold(slots, done, log, "waiting"))
        await settle()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert log == []
    assert slots.used == 0


async def test_slots_follow_a_limit_that_changes() -> None:
    limit, log, done = [1], list[str](), asyncio.Event()
    slots = Slots(lambda: limit[0])
    tasks = [asyncio.create_task(hold(slots, done, log, name)) for name in "ab"]
    await settle()
    assert log == ["a"]
    limit[0] = 3
    tasks.append(asyncio.create_task(hold(slots, done, log, "c")))
    await settle()
    assert sorted(log) == ["a", "b", "c"]
    done.set()
    await asyncio.gather(*tasks)


def test_a_refusal_halves_the_limit_once_for_all_that_were_under_way() -> None:
    limit = Adaptive(start=16)
    era = limit.era
    for _ in range(16):
        limit.shrink(era)
    assert limit.limit == 8
    limit.shrink(limit.era)
    assert limit.limit == 4


def test_the_limit_is_never_less_than_one() -> None:
    limit = Adaptive(start=2)
    for _ in range(5):
        limit.shrink(limit.era)
    assert limit.limit == 1


@pytest.mark.parametrize(("refusals", "growth"), [(0, FIRST_GROWTH), (1, GROWTH)])
def test_the_limit_grows_slowly_once_it_was_too_high_and_not_for_ever(refusals: int, growth: float) -> None:
    limit = Adaptive(start=4 << refusals, most=6)
    for _ in range(refusals):
        limit.shrink(limit.era)
    for _ in range(int(4 / growth) - 1):
        limit.grow()
    assert limit.limit == 4
    for _ in range(int(5 / growth)):
        limit.grow()
    assert limit.limit > 4
    for _ in range(1_000):
        limit.grow()
    assert limit.limit == 6
