"""A real browser for tests: one Chromium a test process, a fresh context a visit, and no error unseen."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Locator, Page, Playwright, async_playwright, expect

from bot.sandbox.slack.roster import ADA

PATIENCE_MS = 30_000
"""How long a browser test waits for what must happen; nothing waits that long when all is well."""

ARGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDE, PHONE = (1280, 800), (390, 844)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Skips the test, with the reason, where there is none; in continuous integration it fails."""
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as driver:
        opened = await driver.chromium.launch(executable_path=_path(driver), args=ARGS)
        yield opened
        await opened.close()


def _path(driver: Playwright) -> str:
    installed = (shutil.which(name) for name in NAMES)
    found = next((path for path in installed if path), driver.chromium.executable_path)
    if not Path(found).exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("The page's tests need Chromium.")
    return found


@dataclass
class Tabs:
    """Opens pages of a stand-in, each in a context of its own; `problems` is what their consoles said."""

    browser: Browser
    problems: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    async def open(
        self,
        url: str,
        *,
        person: str = ADA.id,
        size: tuple[int, int] = WIDE,
        dark: bool = False,
        scale: float = 1,
    ) -> Page:
        """The page at an address of the stand-in as a person sees it, once it follows what changes there."""
        context = await self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            timezone_id="America/New_York",
            color_scheme="dark" if dark else "light",
            device_scale_factor=scale,
        )
        self._contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda said: self.problems.append(said.text) if said.type == "error" else None)
        await page.goto(f"{url}?as={person}")
        await alive(page)
        return page

    async def close(self) -> None:
        for context in self._contexts:
            await context.close()


@asynccontextmanager
async def opening(browser: Browser) -> AsyncIterator[Tabs]:
    """Pages that are closed with the block; a script error, or one in the console of any, fails the test."""
    tabs = Tabs(browser)
    yield tabs
    await tabs.close()
    assert tabs.problems == []


async def alive(page: Page) -> None:
    """The page follows what changes on the server: from here on it misses nothing."""
    await expect(page.locator("html[data-live]")).to_be_attached()


def composer(page: Page) -> Locator:
    return page.get_by_label("Message to")


async def send(page: Page, text: str) -> None:
    """Type into the composer as one who does not wait for completions."""
    await composer(page).fill(text)
    await page.keyboard.press("Enter")


async def card(page: Page) -> Locator:
    """The answer to a command: the newest message, which nobody else sees."""
    await send(page, "/sync status")
    message = page.locator(".message").last
    await expect(message.get_by_text("Only visible to you")).to_be_visible()
    return message
