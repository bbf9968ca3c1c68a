"""The form of a subscription, filled in on the page as a person does it."""

import shutil
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.config import SlackMode
from bot.sandbox.page import setup
from bot.sandbox.slack.roster import IT_OPS
from tests.acceptance.browser import opening, send
from tests.acceptance.engine import POLICY, mailbox
from tests.acceptance.house import house

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_subscription_is_made_changed_and_shown(
    browser: Browser, sqlite_template: Path, tmp_path: Path
) -> None:
    database = shutil.copy(sqlite_template, tmp_path / "syncbot.db")
    async with (
        house(SlackMode.SOCKET, f"sqlite:///{database}", dress=setup) as home,
        opening(browser) as tabs,
    ):
        await home.engine.report(POLICY, mailbox())
        page = await tabs.open(f"{home.slack.base_url}page/c/{IT_OPS}")
        await send(page, "/sync subscribe quiet=22:00-07:00@Europe/Berlin mention=@operators")
        answer = page.locator(".message", has_text="is subscribed").last
        await answer.get_by_role("button", name="Edit").click()
        form = page.get_by_role("dialog", name="Edit subscription")

        await form.get_by_role("combobox", name="Policies").fill("sta")
        await expect(form.get_by_role("option", name="Staff")).to_be_visible()
        await page.keyboard.press("Enter")
        await form.get_by_role("combobox", name="Time zone").fill("kolk")
        await expect(form.get_by_role("option", name="Asia/Kolkata")).to_be_visible()
        await page.keyboard.press("Enter")
        await form.get_by_text("No alerts, only the digest").click()
        await form.get_by_role("button", name="Save").click()
        await expect(form).to_contain_text("A channel that gets only the digest needs one.")

        await form.get_by_text("and in its thread").click()
        await form.get_by_role("button", name="Save").click()
        saved = page.get_by_role("dialog", name="Subscription saved")
        for told in ("policy Staff", "in its thread", "@operators", "22:00 to 07:00 (Asia/Kolkata)"):
            await expect(saved).to_contain_text(told)
