"""Items of one mailbox that are moved side by side."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import chain

from bot.domain.mail import Item, ItemState, Shown
from bot.engine.under_way import Due, UnderWay


def item(number: int) -> Item:
    shown = Shown("inbox", is_read=False, is_flagged=False)
    return Item(number, str(number), None, ItemState.NEW, shown, None, None, None, 0, None, None)


async def pages(*lengths: int) -> AsyncIterator[Sequence[Item]]:
    """Each takes its time to come."""
    after = 0
    for length in lengths:
        await asyncio.sleep(0)
        yield [item(after + number) for number in range(length)]
        after += length


async def taken(due: Due) -> list[int]:
    found = []
    while (one := await due.following()) is not None:
        found.append(one.id)
        await asyncio.sleep(0)
    return found


async def test_whoever_asks_gets_items_of_his_own_page_by_page() -> None:
    due = Due(pages(3, 1, 4, 0))
    found = await asyncio.gather(*(taken(due) for _ in range(3)))
    assert sorted(chain.from_iterable(found)) == list(range(8))
    assert [sorted(some) for some in found] == [list(some) for some in found]


async def test_more_who_ask_than_there_are_items_all_hear_of_the_end() -> None:
    due = Due(pages(2))
    found = await asyncio.gather(*(taken(due) for _ in range(8)))
    assert sorted(chain.from_iterable(found)) == [0, 1]


async def test_who_waits_for_room_is_woken_by_an_end() -> None:
    under_way = UnderWay()
    with under_way:
        waiting = asyncio.create_task(under_way.one_ended())
        await asyncio.sleep(0)
        assert (waiting.done(), under_way.count) == (False, 1)
    await waiting
    assert (under_way.count, under_way.taken) == (0, 1)
