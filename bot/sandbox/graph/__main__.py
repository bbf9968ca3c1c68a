"""`python -m bot.sandbox.graph`: the stand-in as a process of its own, with mailboxes full of messages."""

import argparse
import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from bot.sandbox.graph.generated import KIB, Batch
from bot.sandbox.graph.knobs import Limits
from bot.sandbox.graph.server import GraphStandIn

SECRET = "SANDBOX_GRAPH_SECRET"
MILLISECONDS = 1_000.0


def _settings(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="graph", description="A stand-in for Microsoft Graph's mail.")
    parser.add_argument("--port", type=int, default=0, help="port on loopback; 0 takes a free one")
    parser.add_argument("--tenant", required=True, help="id of the tenant")
    parser.add_argument("--client", required=True, help="id of the application")
    parser.add_argument("--domain", default="contoso.example", help="users are user1@, user2@, … of it")
    parser.add_argument("--users", type=int, default=1, help="how many mailboxes there are")
    parser.add_argument("--messages", type=int, default=0, help="how many are in each inbox")
    parser.add_argument("--kib", type=int, default=None, help="about how large each is; else 2 to 60")
    parser.add_argument("--latency-ms", type=float, default=0.0, help="added to each answer")
    parser.add_argument("--seed", type=int, default=1, help="another seed is other messages")
    parser.add_argument("--no-limits", action="store_true", help="nothing is throttled")
    return parser.parse_args(arguments)


def _secret() -> str:
    found = os.environ.get(SECRET, "")
    if not found:
        sys.exit(f"Set {SECRET} to the secret that the application signs in with.")
    return found


def _clock() -> Callable[[], datetime]:
    return lambda: datetime.fromtimestamp(time.time(), UTC)


def _stand_in(settings: argparse.Namespace) -> GraphStandIn:
    limits = Limits(enforced=not settings.no_limits)
    made = GraphStandIn(now=_clock(), limits=limits, latency_s=settings.latency_ms / MILLISECONDS)
    made.world.add_app(settings.tenant, settings.client, secret=_secret())
    batch = Batch(settings.seed)
    if settings.kib is not None:
        batch = Batch(settings.seed, smallest=settings.kib * KIB, largest=settings.kib * KIB)
    for number in range(settings.users):
        user = made.world.add_user(f"user{number + 1}@{settings.domain}")
        made.world.populate(user.folder("inbox"), settings.messages, batch, start=number * settings.messages)
    return made


async def _run(settings: argparse.Namespace) -> None:
    made = _stand_in(settings)
    ended = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, ended.set)
    await made.start(port=settings.port)
    sys.stdout.write(json.dumps({"url": made.url, "login_url": made.login_url}) + "\n")
    sys.stdout.flush()
    await ended.wait()
    await made.stop()


if __name__ == "__main__":
    asyncio.run(_run(_settings()))
