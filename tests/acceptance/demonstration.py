"""The demo as a process, as a newcomer runs it."""

import asyncio
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import FrameLocator, Page

COMES_UP_WITHIN_SECONDS = 90
ENDS_WITHIN_SECONDS = 15
LINK = re.compile(r"http://127\.0\.0\.1:\d+/")


@asynccontextmanager
async def demo(*arguments: str) -> AsyncIterator[Process]:
    """The demo as a process; what a failed test leaves of it is ended."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", *arguments, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def link_of(process: Process) -> str:
    assert process.stdout
    async with asyncio.timeout(COMES_UP_WITHIN_SECONDS):
        line = (await process.stdout.readline()).decode()
    found = LINK.search(line)
    assert found, line
    return found.group()


async def end(process: Process) -> tuple[int | None, str]:
    """Ctrl-C. Every part holds the standard error: where that has ended, all are gone."""
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(ENDS_WITHIN_SECONDS):
        _, said = await process.communicate()
    return process.returncode, said.decode()


async def panel(page: Page, title: str) -> FrameLocator:
    """What stands around Slack, by the side bar."""
    await page.get_by_role("link", name=title).click()
    return page.frame_locator(f"iframe[title='{title}']")


async def mailboxes_of(page: Page, name: str) -> FrameLocator:
    """Both mailboxes of a person at the demo's office."""
    office = await panel(page, "Mailboxes")
    await office.locator("#people").get_by_role("link", name=name).click()
    return office
