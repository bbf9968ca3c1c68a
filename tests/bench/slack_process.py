"""`python -m tests.bench.slack_process`: Slack's stand-in, which notes when each post reached it."""

import argparse
import asyncio
import json
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.slack.model import Channel
from bot.sandbox.slack.record import RecordedCall
from bot.sandbox.slack.roster import BOT_USER, PEOPLE, Roster
from bot.sandbox.slack.server import SlackStandIn
from bot.slack.manifest import manifest
from tests.bench.processes import running

BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "bench-bot", "bench-app", "bench-signing"


def channels(count: int) -> list[str]:
    return [f"C0BENCH{number:03}" for number in range(count)]


@dataclass(frozen=True, slots=True)
class Slack:
    """The stand-in, as the bench asks it."""

    http: aiohttp.ClientSession
    url: str

    @property
    def api_url(self) -> str:
        return f"{self.url}api/"

    async def set_clock(self, seconds: float) -> None:
        """From now on its time stands still until it is set again."""
        async with self.http.post(f"{self.url}bench/clock", json=seconds) as answer:
            assert answer.status == 200, await answer.text()

    async def arrivals(self) -> dict[int, float]:
        """When the first post about each alert arrived, by the clock of `time.monotonic`."""
        return {int(alert): at for alert, at in (await self._told("arrivals")).items()}

    async def counts(self) -> Mapping[str, int]:
        """Of all calls: `post C…`, `edit`, and `refused` for those that were too many."""
        return Counter(await self._told("counts"))

    async def lasted(self, method: str) -> float:
        """Seconds of its clock from the first such call that it took to the last one; 0 without any."""
        first, last = (await self._told("moments")).get(method, (0.0, 0.0))
        return float(last - first)

    async def last_post(self) -> dict[str, Any]:
        """Its arguments."""
        found: dict[str, Any] = await self._told("last")
        return found

    async def _told(self, name: str) -> Any:
        async with self.http.get(f"{self.url}bench/{name}") as answer:
            return await answer.json()


@asynccontextmanager
async def slack(channels: int) -> AsyncIterator[Slack]:
    arguments = ["--channels", str(channels)]
    async with (
        running("tests.bench.slack_process", arguments, {}) as (_, told),
        aiohttp.ClientSession() as http,
    ):
        yield Slack(http, told["url"])


@dataclass(slots=True)
class _Notes:
    """What arrived. `clock` is None while it is the true time."""

    clock: float | None = None
    arrivals: dict[int, float] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    moments: dict[str, tuple[float, float]] = field(default_factory=dict)
    last: dict[str, Any] = field(default_factory=dict)

    def now(self) -> float:
        return time.time() if self.clock is None else self.clock

    def note(self, call: RecordedCall, at: float) -> None:
        if call.status == 429:
            self.counts["refused"] += 1
            return
        first, _ = self.moments.get(call.method, (self.now(), 0.0))
        self.moments[call.method] = first, self.now()
        if call.method == "chat.postMessage":
            assert call.ok, call.response
            self._note_post(call, at)
        elif call.method == "chat.update":
            assert call.ok, call.response
            self.counts["edit"] += 1

    def _note_post(self, call: RecordedCall, at: float) -> None:
        self.counts[f"post {call.args['channel']}"] += 1
        self.last = call.args
        metadata = call.args.get("metadata")
        about = json.loads(metadata) if isinstance(metadata, str) else metadata
        if about:
            self.arrivals.setdefault(about["event_payload"]["alert"], at)


def _stand_in(count: int, notes: _Notes) -> SlackStandIn:
    made = SlackStandIn(
        manifest(),
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        signing_secret=SIGNING_SECRET,
        company=Roster(PEOPLE, tuple(Channel(each, each.lower(), {BOT_USER}) for each in channels(count))),
        clock=notes.now,
    )

    @web.middleware
    async def timed(request: web.Request, handler: Handler) -> web.StreamResponse:
        at = time.monotonic()
        response = await handler(request)
        if request.path.startswith("/api/"):
            notes.note(made.calls[-1], at)
        return response

    async def set_clock(request: web.Request) -> web.Response:
        notes.clock = await request.json()
        return web.Response()

    made.app.middlewares.append(timed)
    made.app.router.add_post("/bench/clock", set_clock)
    for name in ("arrivals", "counts", "moments", "last"):
        made.app.router.add_get(f"/bench/{name}", _teller(notes, name))
    return made


def _teller(notes: _Notes, name: str) -> Handler:
    async def tell(_request: web.Request) -> web.Response:
        return web.json_response(getattr(notes, name))

    return tell


async def _serve(made: SlackStandIn) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await made.start()
    sys.stdout.write(json.dumps({"url": made.base_url}) + "\n")
    sys.stdout.flush()
    await stopped.wait()
    await made.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="slack_process")
    parser.add_argument("--channels", type=int, required=True)
    asyncio.run(_serve(_stand_in(parser.parse_args().channels, _Notes())))


if __name__ == "__main__":
    main()
