"""`python -m bot.sandbox.company`: the company as a process of its own."""

import argparse
import asyncio
import json
import os
import signal
import sys

from bot.sandbox.company.company import Company, checked_speed


def _settings(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="company", description="An engine outside, for the demo.")
    parser.add_argument("--port", type=int, default=0, help="port on loopback; 0 takes a free one")
    parser.add_argument(
        "--bot-url", required=True, help="where the bot listens, such as http://127.0.0.1:8000"
    )
    parser.add_argument(
        "--speed", type=_speed, default=30.0, help="how much faster schedules run than in life"
    )
    parser.add_argument("--seed", type=int, default=1, help="another seed is another company")
    return parser.parse_args(arguments)


def _speed(text: str) -> float:
    try:
        return checked_speed(float(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _secret(name: str) -> str:
    found = os.environ.get(name, "")
    if not found.startswith("whsec_"):
        sys.exit(f"Set {name} to a Standard Webhooks secret (whsec_ and base64), the same as the bot's.")
    return found


async def _run(settings: argparse.Namespace) -> None:
    company = Company(
        bot_url=settings.bot_url,
        events_secret=_secret("COMPANY_EVENTS_SECRET"),
        requests_secret=_secret("COMPANY_REQUESTS_SECRET"),
        port=settings.port,
        speed=settings.speed,
        seed=settings.seed,
    )
    ended = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, ended.set)
    await company.start()
    sys.stdout.write(json.dumps({"url": company.url}) + "\n")
    sys.stdout.flush()
    await ended.wait()
    await company.stop()


if __name__ == "__main__":
    asyncio.run(_run(_settings()))
