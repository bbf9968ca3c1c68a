"""A clock that is wrong is told, by how much and which way; one that cannot be compared is no trouble."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest
from aiohttp import web

from bot.doctor.clocks import Clocks
from bot.doctor.course import examined
from tests.unit.doctor.company import Findings

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Noon:
    def now(self) -> datetime:
        return NOON


async def compared(url: str) -> str:
    async with aiohttp.ClientSession() as http:
        [course] = Clocks(http, Noon(), {"Slack": url}).courses
        return Findings(list(await examined(course))).told("Clock", "against Slack")


@asynccontextmanager
async def dated(date: str) -> AsyncIterator[str]:
    async def refuse(_: web.Request) -> web.Response:
        return web.Response(status=403, headers={"Date": date})

    app = web.Application()
    app.router.add_route("*", "/", refuse)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        (NOON, "fine\nIt agrees with that of Slack within 1 s."),
        (NOON - timedelta(seconds=30), "fine\nIt agrees with that of Slack within 30 s."),
        (NOON - timedelta(seconds=31), "wrong\nIt is 31 seconds fast by that of Slack"),
        (NOON + timedelta(minutes=5), "wrong\nIt is 300 seconds slow by that of Slack"),
    ],
)
async def test_the_clock_may_differ_by_thirty_seconds(theirs: datetime, told: str) -> None:
    async with dated(format_datetime(theirs, usegmt=True)) as url:
        assert (await compared(url)).startswith(told)


@pytest.mark.parametrize("date", ["yesterday", "Tue, 24 Nov 2026 12:00:00"])
async def test_a_date_that_is_none_is_not_compared(date: str) -> None:
    async with dated(date) as url:
        assert (await compared(url)).startswith("skipped\nSlack does not say what time it is.")


async def test_a_service_that_is_not_reached_is_not_compared() -> None:
    async with dated("") as url:
        pass
    assert (await compared(url)).startswith("skipped\nSlack was not reached (ClientConnectorError).")
