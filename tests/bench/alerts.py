"""From the commit of a failure to its post at Slack, against a bare loop that posts the same payload."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.bootstrap import open_bot
from bot.clock import SystemClock
from bot.config import Settings
from bot.services.recording import Recording
from bot.slack.client import web_client
from tests.bench.measuring import Figure, compared
from tests.bench.slack_process import APP_TOKEN, BOT_TOKEN, Slack, channels, slack
from tests.bench.troubled import Crowd

FAILURES, CHANNELS = 250, 50
"""Half of the channels are syncbot's, half are the bare loop's: each gets a post in a second and more."""

EVERY = 0.06
"""Seconds from one failure to the bare post, and from that to the next failure."""

BARE = 1_000_000
"""Where the numbers of the bare posts begin."""

PATIENCE = 10.0


async def figures(folder: Path) -> list[Figure]:
    async with slack(CHANNELS) as at:
        settings = settings_for(at, folder)
        crowd = Crowd(FAILURES, channels(CHANNELS)[: CHANNELS // 2], SystemClock().now())
        await crowd.subscribe(settings.database_url)
        async with open_bot(settings) as bot:
            await bot.recording.record(crowd.founding())
            sent = await _taken(bot.recording, crowd, at)
    return [compared("from the commit of a failure to its post at Slack; bare: slack_sdk's post", *sent)]


def settings_for(at: Slack, folder: Path) -> Settings:
    return Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder}/alerts.db",
        slack_api_url=at.api_url,
        slack_bot_token=BOT_TOKEN,
        slack_app_token=APP_TOKEN,
    )


async def _taken(recording: Recording, crowd: Crowd, at: Slack) -> tuple[list[float], list[float]]:
    """Seconds of each on either side, which take turns. The first of either is not counted."""
    ours, bare = [await _failed(recording, crowd, 0)], []
    poster = web_client(at.api_url, BOT_TOKEN)
    await asyncio.sleep(1)
    payload = await at.last_post()
    for number in range(1, FAILURES):
        ours.append(await _failed(recording, crowd, number))
        await asyncio.sleep(EVERY)
        bare.append(time.monotonic())
        await poster.chat_postMessage(**_numbered(payload, number))
        await asyncio.sleep(EVERY)
    arrived = await _all_arrived(at)
    _first, *theirs = sorted(each for each in arrived if each < BARE)
    assert len(theirs) == len(bare), "each failure is an alert of its own"
    return _between(ours[1:], theirs, arrived), _between(bare, range(BARE + 1, BARE + FAILURES), arrived)


async def _failed(recording: Recording, crowd: Crowd, number: int) -> float:
    """When it was committed."""
    await recording.record([crowd.failed(number, SystemClock().now())])
    return time.monotonic()


def _numbered(payload: dict[str, Any], number: int) -> dict[str, Any]:
    about = {"event_type": "bench", "event_payload": {"alert": BARE + number}}
    others = channels(CHANNELS)[CHANNELS // 2 :]
    return payload | {"channel": others[number % len(others)], "metadata": about}


async def _all_arrived(at: Slack) -> dict[int, float]:
    until = time.monotonic() + PATIENCE
    while len(arrived := await at.arrivals()) < 2 * FAILURES - 1:
        assert time.monotonic() < until, f"{len(arrived)} arrived: {dict(await at.counts())}"
        await asyncio.sleep(0.2)
    return arrived


def _between(begun: Sequence[float], numbers: Sequence[int], arrived: dict[int, float]) -> list[float]:
    return [arrived[number] - since for since, number in zip(begun, numbers, strict=True)]
