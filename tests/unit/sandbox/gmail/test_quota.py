"""Units a minute, and requests at once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest

from bot.sandbox.gmail import NEW, OLD, UNLIMITED, GmailStandIn, Limits
from tests.unit.sandbox.gmail.clients import ANN, BEN, Client, Clock, mail

Limited = Callable[[Limits], AbstractAsyncContextManager[Client]]


@pytest.fixture
def limited(clock: Clock, http: aiohttp.ClientSession) -> Limited:
    @asynccontextmanager
    async def start(limits: Limits) -> AsyncIterator[Client]:
        async with GmailStandIn(now=clock, limits=limits) as gmail:
            gmail.world.add_user(ANN)
            gmail.world.add_user(BEN)
            yield Client(gmail, http, gmail.token(ANN))

    return start


def test_the_presets_are_the_two_published_tables() -> None:
    assert (NEW.per_user, NEW.per_project, NEW.costs["messages.get"]) == (6_000, 1_200_000, 20)
    assert (OLD.per_user, OLD.per_project, OLD.costs["messages.get"]) == (15_000, 1_200_000, 5)
    assert {NEW.costs[f"messages.{each}"] for each in ("import", "insert")} == {25}
    assert (UNLIMITED.per_user, UNLIMITED.per_project, UNLIMITED.concurrent) == (None, None, None)


async def test_a_user_gets_so_many_imports_in_any_minute(limited: Limited, clock: Clock) -> None:
    async with limited(replace(NEW, per_user=50)) as ann:
        assert (await ann.add(mail(1))).status == 200
        clock.advance(seconds=30)
        assert (await ann.add(mail(2))).status == 200
        refused = await ann.add(mail(3))
        assert (refused.status, refused.reason) == (403, "userRateLimitExceeded")
        assert refused.error["errors"][0]["domain"] == "usageLimits"
        clock.advance(seconds=30)
        assert (await ann.add(mail(3))).status == 200
        assert (await ann.add(mail(4))).status == 403


async def test_what_was_used_is_told(limited: Limited, clock: Clock) -> None:
    async with limited(NEW) as ann:
        await ann.add(mail())
        await ann.get("labels")
        quota = ann.gmail.quota
        assert (quota.used(ANN), quota.used(BEN), quota.used_by_project) == (26, 0, 26)
        clock.advance(seconds=59.9)
        assert (quota.used(ANN), quota.used_by_project) == (26, 26)
        clock.advance(seconds=0.1)
        assert (quota.used(ANN), quota.used_by_project) == (0, 0)


async def test_a_refused_request_costs_nothing(limited: Limited) -> None:
    async with limited(replace(NEW, per_user=25)) as ann:
        await ann.add(mail())
        await ann.add(mail())
        assert ann.gmail.quota.used(ANN) == 25


async def test_the_project_has_a_limit_for_all_users(limited: Limited) -> None:
    async with limited(replace(NEW, per_project=25)) as ann:
        await ann.add(mail())
        ann.token = ann.gmail.token(BEN)
        refused = await ann.add(mail())
        assert (refused.status, refused.reason) == (403, "rateLimitExceeded")


@pytest.mark.parametrize(
    ("limits", "status", "reason", "canonical"),
    [
        (replace(NEW, refusal="429"), 429, "userRateLimitExceeded", "RESOURCE_EXHAUSTED"),
        (replace(NEW, refusal="observed"), 403, "rateLimitExceeded", "PERMISSION_DENIED"),
    ],
)
async def test_a_spent_minute_may_be_refused_in_other_published_ways(
    limited: Limited, limits: Limits, status: int, reason: str, canonical: str
) -> None:
    async with limited(replace(limits, per_user=0)) as ann:
        refused = await ann.get("labels")
        assert (refused.status, refused.error["code"], refused.reason) == (status, status, reason)
        assert (refused.error["status"], "Retry-After" in refused.headers) == (canonical, False)


async def test_a_refusal_can_say_when(limited: Limited, clock: Clock) -> None:
    async with limited(replace(NEW, per_user=25, says_when=True)) as ann:
        await ann.add(mail())
        clock.advance(seconds=19.5)
        assert (await ann.add(mail())).headers["Retry-After"] == "41"


async def test_a_user_has_only_so_many_requests_at_once(limited: Limited) -> None:
    async with limited(replace(UNLIMITED, concurrent=2)) as ann:
        ann.gmail.faults.stall(times=2)
        arrived = asyncio.Semaphore(0)
        ann.gmail.before(lambda _: arrived.release())
        stalled = [asyncio.create_task(ann.get("labels")) for _ in range(2)]
        for _ in stalled:
            await arrived.acquire()
        refused = await ann.get("labels")
        assert (refused.status, refused.error["message"]) == (429, "Too many concurrent requests for user")
        ann.gmail.faults.release()
        assert [each.status for each in await asyncio.gather(*stalled)] == [200, 200]
        assert (await ann.get("labels")).status == 200
