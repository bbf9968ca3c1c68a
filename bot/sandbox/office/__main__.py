"""`python -m bot.sandbox.office`: the office as a process of its own."""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from bot.sandbox.office.office import Office, checked_speed


def _settings(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="office", description="A small company with two mail systems.")
    parser.add_argument("--port", type=int, default=0, help="port of the panel; 0 takes a free one")
    parser.add_argument(
        "--folder", type=Path, required=True, help="where tenant.yaml and the secrets are written"
    )
    parser.add_argument("--seed", type=int, default=1, help="another seed is other mail")
    parser.add_argument("--speed", type=_speed, default=60.0, help="how much faster than life it goes on")
    return parser.parse_args(arguments)


def _speed(text: str) -> float:
    try:
        return checked_speed(float(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


async def _run(settings: argparse.Namespace) -> None:
    office = Office(settings.folder, port=settings.port, seed=settings.seed, speed=settings.speed)
    ended = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, ended.set)
    await office.start()
    sys.stdout.write(json.dumps(_addresses(office)) + "\n")
    sys.stdout.flush()
    await ended.wait()
    await office.stop()


def _addresses(office: Office) -> dict[str, str]:
    return {
        "url": office.url,
        "graph_url": office.graph.url,
        "login_url": office.graph.login_url,
        "gmail_url": office.gmail.url,
        "tenant": str(office.papers.tenant),
    }


if __name__ == "__main__":
    asyncio.run(_run(_settings()))
