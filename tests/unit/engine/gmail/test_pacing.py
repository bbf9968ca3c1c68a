"""Quotas are used nearly whole, and in no minute exceeded."""

import asyncio
from itertools import pairwise

import pytest

from bot.engine.gmail.pacing import ADD_MESSAGE, Bucket, Pace, Quotas, Turns
from bot.errors import BadSettings
from tests.unit.engine.gmail.instant import ran

Spent = list[tuple[float, int]]


def time() -> float:
    return asyncio.get_running_loop().time()


def most_in_a_minute(spent: Spent) -> int:
    """Of all windows of 60 seconds that end with a spending: no other holds more."""
    held, first, most = 0, 0, 0
    for at, cost in spent:
        held += cost
        while spent[first][0] <= at - 60:
            held -= spent[first][1]
            first += 1
        most = max(most, held)
    return most


def stream(units: int, costs: list[int], seconds: float) -> Spent:
    """Spends as soon as it may, on a clock of its own."""
    bucket, now = Bucket(units), 0.0
    spent: Spent = []
    while now < seconds:
        cost = costs[len(spent) % len(costs)]
        now += bucket.delay(cost, now)
        bucket.spend(cost, now)
        spent.append((now, cost))
    return spent


@pytest.mark.parametrize("units", [50, 100, 1_000, 6_000])
@pytest.mark.parametrize("costs", [[25], [1], [25, 5, 1, 20]])
def test_no_minute_holds_more_than_the_quota(units: int, costs: list[int]) -> None:
    assert most_in_a_minute(stream(units, costs, 130)) <= units


@pytest.mark.parametrize("units", [6_000, 15_000])
@pytest.mark.parametrize("start", [0, 60])
def test_a_steady_stream_gets_nearly_all_of_a_minute(units: int, start: float) -> None:
    spent = stream(units, [25], 130)
    assert sum(cost for at, cost in spent if start <= at < start + 60) >= 0.97 * units


def test_idle_time_is_not_saved_up() -> None:
    bucket = Bucket(6_000)
    bucket.spend(25, 0.0)
    at_once = 0
    while not bucket.delay(25, 3_600.0):
        bucket.spend(25, 3_600.0)
        at_once += 25
    assert 0 < at_once <= 90


@pytest.mark.parametrize("units", [(49, 6_000), (6_000, 49)])
def test_a_quota_too_small_for_a_message_is_refused(units: tuple[int, int]) -> None:
    with pytest.raises(BadSettings, match="at least 50"):
        Quotas(*units)


async def spending(pace: Pace, cost: int, spent: Spent) -> None:
    await pace.spend(cost)
    spent.append((time(), cost))


def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    async def run() -> list[int]:
        pace = Pace(6_000, Turns(6_000, time), time)
        order: list[int] = []

        async def one(number: int) -> None:
            await pace.spend(25 if number % 2 else 1)
            order.append(number)

        await asyncio.gather(*(one(number) for number in range(50)))
        return order

    assert ran(run()) == list(range(50))


def test_users_share_the_quota_of_the_project() -> None:
    async def run() -> Spent:
        spent: Spent = []
        project = Turns(2_000, time)
        users = [Pace(6_000, project, time) for _ in range(5)]
        await asyncio.gather(*(spending(user, 25, spent) for user in users for _ in range(40)))
        return spent

    spent = ran(run())
    assert most_in_a_minute(spent) <= 2_000
    assert spent[-1][0] - spent[0][0] == pytest.approx((5_000 - 30) / 1_950 * 60, rel=0.02)


def test_a_user_who_waits_for_his_own_quota_holds_up_nobody() -> None:
    async def run() -> tuple[float, float]:
        project = Turns(1_000_000, time)
        slow, quick = Pace(60, project, time), Pace(6_000, project, time)
        mine: Spent = []
        theirs: Spent = []
        start = time()
        await asyncio.gather(
            *(spending(slow, 25, mine) for _ in range(3)), *(spending(quick, 25, theirs) for _ in range(3))
        )
        return mine[-1][0] - start, theirs[-1][0] - start

    slow, quick = ran(run())
    assert slow > 30
    assert quick < 1


def test_a_wait_for_the_project_is_not_caught_up_on_by_a_burst() -> None:
    """What a user saved up meanwhile is no more than the usual burst."""

    async def run() -> Spent:
        project = Turns(1_000, time)
        other, mine = Pace(1_000_000, project, time), Pace(1_000, project, time)
        spent: Spent = []
        await asyncio.gather(
            *(other.spend(25) for _ in range(20)), *(spending(mine, 25, spent) for _ in range(60))
        )
        return spent

    assert most_in_a_minute(ran(run())) <= 1_000


def test_who_is_cancelled_has_paid_nothing_and_holds_up_nobody() -> None:
    async def run() -> Spent:
        pace = Pace(100, Turns(6_000, time), time)
        spent: Spent = []
        start = time()
        await pace.spend(ADD_MESSAGE)
        waiting = [asyncio.create_task(spending(pace, ADD_MESSAGE, spent)) for _ in range(4)]
        await asyncio.sleep(1)
        for task in waiting[:3]:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return [(at - start, cost) for at, cost in spent]

    [(at, _)] = ran(run())
    assert at == pytest.approx(25 / (100 * 0.99 - 25) * 60, rel=0.01)


def test_many_turns_keep_their_distance() -> None:
    async def run() -> Spent:
        pace = Pace(6_000, Turns(1_200_000, time), time)
        spent: Spent = []
        await asyncio.gather(*(spending(pace, 25, spent) for _ in range(300)))
        return spent

    spent = ran(run())
    assert most_in_a_minute(spent) <= 6_000
    gaps = [after - before for (before, _), (after, _) in pairwise(spent[10:])]
    assert max(gaps) < 0.3
