"""Draws shots through the page of the stand-in: light and dark, wide and as on a phone."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, expect

from blocks.kit import section
from blocks.surface import Home
from bot.sandbox.page import setup
from bot.sandbox.slack.roster import ADA, BOT_USER, GENERAL, small_company
from bot.sandbox.slack.server import SlackStandIn
from bot.slack.manifest import manifest
from tests.acceptance.browser import PHONE, Tabs, opening
from tests.gallery.shots import Shot

WIDTHS = {"wide": 1_000, "phone": PHONE[0]}
TALL = 6_000
"""A window in which each card fits whole: no bar of the page lies over it."""

ROOM = 400
"""Pixels for what stands above and below a message in its window."""

UNROLLED = ".modal { max-height: none !important }"
"""Nobody can scroll in a picture."""

NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Variant:
    """How a shot is looked at."""

    name: str
    size: tuple[int, int]
    dark: bool

    def file(self, shot: Shot) -> str:
        return f"{NOT_IN_NAMES.sub('-', shot.name.lower())}.{self.name}.png"


VARIANTS = tuple(
    Variant(f"{name}-{theme}", (width, TALL), theme == "dark")
    for name, width in WIDTHS.items()
    for theme in ("light", "dark")
)


@asynccontextmanager
async def _standin() -> AsyncIterator[SlackStandIn]:
    slack = SlackStandIn(
        manifest(),
        bot_token="sandbox-bot-token",
        app_token="sandbox-app-token",
        signing_secret="sandbox-signing-secret",
        company=small_company(),
    )
    setup(slack)
    await slack.start()
    try:
        yield slack
    finally:
        await slack.stop()


async def draw(browser: Browser, shots: Iterable[Shot], into: Path) -> None:
    """One PNG for each shot and variant; a script error on any page fails."""
    async with _standin() as slack, opening(browser) as tabs:
        pages = {variant: await _page(slack, tabs, variant) for variant in VARIANTS}
        homes = {variant: await _page(slack, tabs, variant, "app/home") for variant in VARIANTS}
        for shot in shots:
            await _draw(slack, shot, homes if shot.surface == "home" else pages, into)


async def _page(slack: SlackStandIn, tabs: Tabs, variant: Variant, place: str = f"c/{GENERAL}") -> Page:
    url = f"{slack.base_url}page/{place}"
    page = await tabs.open(url, size=variant.size, dark=variant.dark)
    await page.add_style_tag(content=UNROLLED)
    return page


async def _draw(slack: SlackStandIn, shot: Shot, pages: dict[Variant, Page], into: Path) -> None:
    world = slack.world
    if shot.surface == "home":
        await _draw_home(slack, shot, pages, into)
        return
    if shot.surface == "modal":
        view = world.open_view(ADA.id, shot.payload)
        await asyncio.gather(*(_take(p.get_by_role("dialog"), into / v.file(shot)) for v, p in pages.items()))
        world.close_view(view)
        await asyncio.gather(*(expect(p.get_by_role("dialog")).to_have_count(0) for p in pages.values()))
        return
    message = world.post(GENERAL, BOT_USER, shot.payload["text"], blocks=shot.payload["blocks"])
    await asyncio.gather(*(_take(_newest(p), into / v.file(shot)) for v, p in pages.items()))
    world.delete(message)
    await asyncio.gather(*(expect(_messages(p)).to_have_count(0) for p in pages.values()))


async def _draw_home(slack: SlackStandIn, shot: Shot, pages: dict[Variant, Page], into: Path) -> None:
    """A Home stays where it is: another one between two shots tells that the next is there."""
    homes = {variant: page.locator("#home .home") for variant, page in pages.items()}
    slack.world.publish_home(ADA.id, Home([section(shot.name)]).view)
    await asyncio.gather(*(expect(home).to_have_text(shot.name) for home in homes.values()))
    slack.world.publish_home(ADA.id, shot.payload)
    await asyncio.gather(*(expect(home).not_to_have_text(shot.name) for home in homes.values()))
    await asyncio.gather(*(_take(home, into / v.file(shot)) for v, home in homes.items()))


def _messages(page: Page) -> Locator:
    return page.locator("#messages .message")


def _newest(page: Page) -> Locator:
    return _messages(page).last


async def _take(shown: Locator, path: Path) -> None:
    """In a window as high as it takes: of what has to be scrolled, Chromium draws a part only."""
    await expect(shown).to_be_visible()
    page, box = shown.page, await shown.bounding_box()
    window = page.viewport_size
    if box is None or window is None or box["height"] + ROOM <= window["height"]:
        await shown.screenshot(path=path, animations="disabled")
        return
    await page.set_viewport_size({"width": window["width"], "height": int(box["height"]) + ROOM})
    await shown.screenshot(path=path, animations="disabled")
    await page.set_viewport_size(window)
