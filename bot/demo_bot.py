"""`python -m bot.demo_bot`: the demo's bot. It loads while the office starts, then applies and serves.

Where the office is comes as the office says it itself, as one line of JSON on standard input.
"""

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from bot.applying import apply
from bot.config import Settings, load_settings
from bot.errors import SyncbotError
from bot.serve import serve


def main() -> int:
    line = sys.stdin.readline()
    if not line:  # the demo has ended before its office was ready
        return 0
    office = json.loads(line)
    try:
        asyncio.run(_serve(_settings(office), Path(office["tenant"])))
    except SyncbotError as error:
        sys.stderr.write(f"syncbot: {error.sentence}\n")
        return 2
    return 0


def _settings(office: Mapping[str, str]) -> Settings:
    addresses = {
        "graph_url": office["graph_url"],
        "microsoft_login_url": office["login_url"],
        "gmail_url": office["gmail_url"],
    }
    return load_settings().model_copy(update=addresses)


async def _serve(settings: Settings, tenant: Path) -> None:
    """As `syncbot apply --yes` and `syncbot run` would, one after the other."""
    await apply(settings, tenant, confirm=lambda _: True, out=Console(quiet=True), actor="demo")
    await serve(settings)


if __name__ == "__main__":
    sys.exit(main())
