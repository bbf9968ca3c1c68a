"""`syncbot demo` as a newcomer runs it: one command, one link, an alert, a retry that heals, Ctrl-C."""

import socket

import pytest
from playwright.async_api import Browser, Page, expect

from bot.config import SlackMode
from bot.supervising import free_port
from tests.acceptance.browser import alive, opening
from tests.acceptance.demonstration import demo, end, link_of, mailboxes_of, panel

pytestmark = [pytest.mark.lengthy, pytest.mark.asyncio(loop_scope="session")]
CARLA = "carla.esposito@northwind.example"
"""Who has one failed message at the engine outside, and is synced once a day only."""

PRIYA = "priya.raman@northwind.example"
"""Who got one encrypted message."""


async def retry(page: Page, address: str, outcome: str) -> None:
    alert = page.locator("#messages .message").filter(has_text=address).first
    await expect(alert).to_contain_text("1 sync failure")
    await alert.get_by_role("button", name="Retry item 1 of 1").click()
    await expect(alert).to_contain_text(outcome)


async def channel(page: Page) -> None:
    await page.get_by_role("link", name="sync-alerts").click()
    await alive(page)


async def decrypt(page: Page) -> None:
    """End the cause of Priya's failure in the office's panel, and come back."""
    office = await mailboxes_of(page, "Priya Raman")
    lacking = office.locator("#source .row", has_text="Not at Gmail: it is encrypted")
    await expect(lacking).to_contain_text("Board pack, confidential")
    await expect(office.locator("#destination .gap")).to_contain_text("Board pack, confidential")
    await office.get_by_role("button", name="Decrypt it").click()
    await expect(office.get_by_role("button", name="Encrypt it again")).to_be_visible()
    await expect(lacking).to_have_count(0)
    await channel(page)


async def mend(page: Page) -> None:
    """End the cause of Carla's failure in the engine's own panel, and come back."""
    frame = await panel(page, "Sync engine")
    row = frame.get_by_role("row").filter(has_text=f"dest_too_large · {CARLA}").first
    await expect(row).to_contain_text("holds")
    await row.get_by_role("button").click()
    await expect(row).to_contain_text("gone")
    await channel(page)


@pytest.mark.parametrize("mode", list(SlackMode), ids=lambda mode: mode.value)
async def test_what_was_mended_at_the_source_arrives_at_gmail_by_a_click(
    browser: Browser, mode: SlackMode
) -> None:
    """At the pace of life, so that no scheduled sync comes before the click."""
    async with demo("--port", str(free_port()), "--mode", mode.value, "--speed", "1") as process:
        link = await link_of(process)
        async with opening(browser) as tabs:
            page = await tabs.open(link)
            await expect(page.get_by_role("heading", name="sync-alerts").first).to_be_visible()
            await retry(page, PRIYA, "The last retry failed")
            await decrypt(page)
            await retry(page, PRIYA, "Healed")
            office = await mailboxes_of(page, "Priya Raman")
            arrived = office.locator("#destination .row[data-id]", has_text="Board pack, confidential")
            await expect(arrived).to_be_visible()
            await expect(office.locator("#destination .gap", has_text="Board pack")).to_have_count(0)
        assert await end(process) == (0, "")


async def test_a_failure_of_an_engine_outside_heals_by_a_click_once_its_cause_is_mended(
    browser: Browser,
) -> None:
    async with demo("--port", str(free_port()), "--engine", "remote") as process:
        link = await link_of(process)
        async with opening(browser) as tabs:
            page = await tabs.open(link)
            await retry(page, CARLA, "The last retry failed")
            await mend(page)
            await retry(page, CARLA, "Healed")
        assert await end(process) == (0, "")


async def test_a_port_that_is_taken_is_one_clear_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with demo("--port", str(port)) as process:
            said = (await process.communicate())[1].decode()
    assert process.returncode == 2
    assert said == f"syncbot: Port {port} is taken. Choose another with --port, or leave it out.\n"
