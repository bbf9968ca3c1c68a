"""`python -m bot.sandbox.gmail`: Gmail as a process of its own."""

import argparse
import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from bot.sandbox.gmail.limits import PRESETS
from bot.sandbox.gmail.rules import Rules
from bot.sandbox.gmail.server import GmailStandIn

DOMAIN = "example.com"


def _settings(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="gmail", description="A stand-in for Gmail, on loopback.")
    parser.add_argument("--port", type=int, default=0, help="port on loopback; 0 takes a free one")
    parser.add_argument("--users", type=int, default=1, help=f"user1@{DOMAIN} to userN@{DOMAIN}")
    parser.add_argument("--latency-ms", type=float, default=0.0, help="what every answer takes at least")
    parser.add_argument(
        "--limits", choices=sorted(PRESETS), default="new", help="which table of quotas holds"
    )
    parser.add_argument("--forget-bodies", action="store_true", help="keep the headers and the hash alone")
    parser.add_argument("--key-file", type=Path, help="where to write the service account's key")
    return parser.parse_args(arguments)


def stand_in(settings: argparse.Namespace) -> GmailStandIn:
    rules = Rules(keep_bodies_under=0 if settings.forget_bodies else None)
    limits = PRESETS[settings.limits]
    gmail = GmailStandIn(limits=limits, latency_s=settings.latency_ms / 1000, rules=rules)
    for number in range(1, settings.users + 1):
        gmail.world.add_user(f"user{number}@{DOMAIN}")
    return gmail


def _write_key(path: Path, key: dict[str, str]) -> None:
    """For its owner alone from the first byte on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(key, file, indent=2)


async def _run(settings: argparse.Namespace) -> None:
    gmail = stand_in(settings)
    ended = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, ended.set)
    await gmail.start(port=settings.port)
    if settings.key_file:
        _write_key(settings.key_file, gmail.key())
    sys.stdout.write(json.dumps({"url": gmail.url, "token_url": gmail.token_url}) + "\n")
    sys.stdout.flush()
    await ended.wait()
    await gmail.stop()


if __name__ == "__main__":
    asyncio.run(_run(_settings()))
