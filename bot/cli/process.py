"""What every command shares: exit codes, the error console, the settings, the event loop."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

from rich.console import Console

from bot.config import Settings, load_settings

Given = TypeVar("Given")

FAILING = 1
"""Exit code where what was asked about fails, or where a retry did not succeed."""

SOME_REJECTED = 1
"""Exit code of an import that kept the good events and refused others."""

BAD_USE = 2
"""Exit code for settings or input that must be mended first."""

UNKNOWN = 3
"""Exit code for an address that no mailbox has."""

NOTHING_TO_DO = 4
"""Exit code of a retry where nothing fails, or where what fails is being retried already."""

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it: 128 and the number of the signal."""

complaints = Console(stderr=True, highlight=False, soft_wrap=True)


def configured() -> Settings:
    """The settings, with logging set up by them."""
    from bot.logs import configure  # noqa: PLC0415 - `--help` need not wait for it

    settings = load_settings()
    configure(settings.log_level, settings.log_format, addresses=settings.log_addresses)
    return settings


def run_to_end(work: Coroutine[None, None, Given]) -> Given:
    return asyncio.run(work)
