"""The whole syncbot through the page in a real browser, as an admin uses it; nothing is ever reloaded."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, Route, expect

from bot.config import SlackMode
from bot.sandbox.page import setup
from bot.sandbox.slack.roster import ADA, ALERTS, GENERAL
from tests.acceptance.browser import Tabs, alive, composer, opening, send
from tests.acceptance.engine import POLICY, completed, failed_item, mailbox, synced_item
from tests.acceptance.house import House, house

pytestmark = pytest.mark.asyncio(loop_scope="session")
LENA = "lena@northwind.example"


@dataclass
class Office:
    home: House
    tabs: Tabs

    async def visit(self, channel: str = GENERAL) -> Page:
        page = await self.tabs.open(f"{self.home.slack.base_url}page/c/{channel}")
        await page.evaluate("window.opened = true")
        return page

    async def fail(self, count: int) -> None:
        items = [failed_item(f"item-{number}", run="run-2") for number in range(1, count + 1)]
        await self.home.engine.report(*items, completed("run-2", failed=count))

    async def heal_next(self) -> None:
        """Answer the next retry that is asked for: it helped."""
        asked = (await self.home.engine.next_request())["data"]
        await self.home.engine.report(synced_item(asked["item"], retry_id=asked["retry_id"]))


@pytest_asyncio.fixture(loop_scope="session")
async def office(browser: Browser, sqlite_url: str) -> AsyncIterator[Office]:
    async with house(SlackMode.SOCKET, sqlite_url, dress=setup) as home, opening(browser) as tabs:
        await home.engine.report(POLICY, mailbox(), completed("run-1"))
        yield Office(home, tabs)


def newest(page: Page) -> Locator:
    return page.locator("#messages .message").last


async def follow(page: Page, channel: str) -> None:
    await page.get_by_role("link", name=channel).click()
    await expect(page.get_by_role("heading", name=channel).first).to_be_visible()
    await alive(page)
    await page.evaluate("window.opened = true")


async def assert_never_reloaded(page: Page) -> None:
    assert await page.evaluate("window.opened")


@asynccontextmanager
async def held(page: Page) -> AsyncIterator[None]:
    """Clicks on the page go out only after the block, so that it can see them on their way."""
    go = asyncio.Event()

    async def hold(route: Route) -> None:
        await go.wait()
        await route.continue_()

    await page.route("**/page/click", hold)
    async with page.expect_response("**/page/click"):
        yield
        go.set()
    await page.unroute("**/page/click", hold)


async def test_a_command_is_completed_and_a_failure_appears_by_itself(office: Office) -> None:
    page = await office.visit()
    await composer(page).press_sequentially("/s")
    await expect(page.get_by_role("option", name="/sync")).to_be_visible()
    await page.keyboard.press("Tab")
    await page.keyboard.type(f"status {LENA}")
    await page.keyboard.press("Enter")
    await expect(newest(page)).to_contain_text("Only visible to you")
    await expect(newest(page)).to_contain_text("Synced")
    await expect(newest(page)).to_contain_text("Staff")

    await office.fail(3)

    room = page.get_by_role("link", name="sync-alerts")
    await expect(room.locator(".badge")).to_have_text("1")
    await assert_never_reloaded(page)
    await follow(page, "sync-alerts")
    await expect(newest(page).get_by_role("heading", name=f"3 sync failures: {LENA}")).to_be_visible()
    await expect(newest(page)).not_to_contain_text("Secret subject")
    await expect(room.locator(".badge")).to_be_hidden()


async def test_a_retry_in_the_modal_heals_there_and_in_the_message_at_once(office: Office) -> None:
    await office.fail(3)
    page = await office.visit(ALERTS)
    await newest(page).get_by_role("button", name="View all 3 errors").click()
    modal = page.get_by_role("dialog", name="Sync errors")
    await expect(modal).to_contain_text("Secret subject of item-1")

    retry = modal.get_by_role("button", name="Retry item 1 of 3")
    async with held(page):
        await retry.click()
        await expect(retry).to_have_attribute("aria-busy", "")
        await expect(retry).to_be_disabled()
    await expect(modal).to_contain_text("Retrying since")
    await expect(retry).to_have_count(0)
    await expect(newest(page)).to_contain_text("1 retrying now")

    await office.heal_next()

    await expect(modal).to_contain_text("2 unresolved failures")
    await expect(modal).not_to_contain_text("Secret subject of item-1")
    await expect(newest(page)).to_contain_text(f"2 sync failures: {LENA}")
    await assert_never_reloaded(page)


async def test_a_retry_of_all_is_asked_about_first_and_heals_the_message(office: Office) -> None:
    await office.fail(2)
    page = await office.visit(ALERTS)
    retry = newest(page).get_by_role("button", name="Retry 2 items")
    question = page.get_by_role("dialog", name="Retry 2 items?")

    await retry.click()
    await expect(question).to_contain_text("tried once more, now")
    await question.get_by_role("button", name="Cancel").click()
    await expect(question).to_be_hidden()
    assert office.home.engine.asked == []

    await retry.click()
    await question.get_by_role("button", name="Retry 2 items").click()
    await expect(newest(page)).to_contain_text("2 retrying now")
    for _ in range(2):
        await office.heal_next()

    await expect(newest(page)).to_contain_text("Healed")
    await expect(newest(page)).to_contain_text("Ada Keller")
    await assert_never_reloaded(page)


async def test_an_entry_of_the_history_unfolds(office: Office) -> None:
    page = await office.visit()
    await send(page, f"/sync status {LENA}")
    entry = newest(page).locator("details").first
    await expect(entry.locator(".container-body")).to_be_hidden()

    await entry.locator("summary").click()

    await expect(entry.locator(".container-body")).to_contain_text("12 changes")


async def test_a_message_offers_the_status_of_who_it_is_about(office: Office) -> None:
    page = await office.visit()
    await send(page, f"What about {LENA}?")
    await newest(page).hover()
    await newest(page).get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Check sync status").click()

    modal = page.get_by_role("dialog", name="Sync status")
    await expect(modal.get_by_role("heading", name=LENA)).to_be_visible()
    await expect(modal).to_contain_text("Synced")


async def test_a_viewer_who_clicks_retry_is_told_why_not(office: Office) -> None:
    await office.fail(1)
    page = await office.visit(ALERTS)
    await page.get_by_role("button", name=f"You are: {ADA.real_name}").click()
    await page.get_by_role("menuitem", name="Vera Lindt").click()
    await expect(page.get_by_role("button", name="You are: Vera Lindt")).to_be_visible()
    await alive(page)

    await newest(page).get_by_role("button", name="Retry item 1 of 1").click()

    refusal = page.locator("#messages .message.ephemeral")
    await expect(refusal).to_contain_text("Only visible to you")
    await expect(refusal).to_contain_text("operator")
    assert office.home.engine.asked == []


async def test_an_unknown_address_is_answered_by_the_closest(office: Office) -> None:
    page = await office.visit()
    await send(page, "/sync status lenna@northwind.example")
    await expect(newest(page)).to_contain_text("Did you mean:")

    await newest(page).get_by_role("button", name=LENA).click()

    await expect(newest(page).get_by_role("heading", name=LENA)).to_be_visible()


async def test_the_modal_of_errors_turns_its_pages(office: Office) -> None:
    await office.fail(9)
    page = await office.visit(ALERTS)
    await newest(page).get_by_role("button", name="View all 9 errors").click()
    modal = page.get_by_role("dialog", name="Sync errors")
    await expect(modal).to_contain_text("1 of 9")

    await modal.get_by_role("button", name="Next").click()

    await expect(modal).to_contain_text("9 of 9")
    await expect(modal).not_to_contain_text("1 of 9")
    await modal.get_by_role("button", name="Previous").click()
    await expect(modal).to_contain_text("1 of 9")
