"""Modals, their inputs and shortcuts on the page, in a real browser, before a tiny app."""

import pytest
from playwright.async_api import expect

from bot.sandbox.slack.roster import GENERAL, OMAR
from bot.sandbox.slack.server import SlackStandIn
from tests.acceptance.browser import card
from tests.acceptance.conftest import Visit
from tests.acceptance.tiny import TinyApp

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_modal_turns_its_pages_shows_errors_and_keeps_what_was_typed(
    visit: Visit, tiny: TinyApp
) -> None:
    page = await visit(f"page/c/{GENERAL}")
    await (await card(page)).get_by_role("button", name="Open errors").click()
    dialog = page.get_by_role("dialog", name="Errors, page 1")
    await expect(dialog.get_by_label("Reason")).to_be_focused()
    await dialog.get_by_role("button", name="Dismiss").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Please complete this required field.")
    await dialog.get_by_label("Reason").fill("short")
    await dialog.get_by_role("button", name="Next page").click()
    dialog = page.get_by_role("dialog", name="Errors, page 2")
    await expect(dialog.get_by_label("Reason")).to_have_value("short")
    await dialog.get_by_role("button", name="Dismiss").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Say a little more.")
    await dialog.get_by_label("Reason").fill("long enough")
    await dialog.get_by_role("button", name="Dismiss").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_an_external_select_asks_the_app_as_one_types(visit: Visit, tiny: TinyApp) -> None:
    page = await visit(f"page/c/{GENERAL}")
    await (await card(page)).get_by_role("button", name="Open errors").click()
    await page.get_by_role("combobox", name="Mailbox").click()
    await page.keyboard.type("ada")
    await expect(page.get_by_role("option", name="ada@contoso.example")).to_be_visible()
    await page.keyboard.press("Enter")
    await page.get_by_label("Reason").fill("long enough")
    await page.get_by_role("button", name="Dismiss").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    chosen = tiny.heard[-1]["view"]["state"]["values"]["box"]["box"]["selected_option"]
    assert chosen["value"] == "ada@contoso.example"


async def test_modals_stack_and_escape_closes_them_and_tells_the_app(visit: Visit, tiny: TinyApp) -> None:
    page = await visit(f"page/c/{GENERAL}")
    await (await card(page)).get_by_role("button", name="Open errors").click()
    await page.get_by_label("Reason").fill("kept")
    await page.get_by_role("button", name="Details").click()
    await page.get_by_role("dialog", name="Details").get_by_role("button", name="Back").click()
    await expect(page.get_by_role("dialog", name="Details")).to_have_count(0)
    await expect(page.get_by_label("Reason")).to_have_value("kept")
    async with page.expect_response("**/page/close"):
        await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert tiny.heard[-1]["type"] == "view_closed"


async def test_the_focus_stays_inside_a_modal(visit: Visit) -> None:
    page = await visit(f"page/c/{GENERAL}")
    await (await card(page)).get_by_role("button", name="Open errors").click()
    await expect(page.get_by_label("Reason")).to_be_focused()
    for _ in range(12):
        await page.keyboard.press("Tab")
        assert await page.evaluate("Boolean(document.activeElement.closest('.modal'))")


async def test_a_message_offers_the_shortcuts_of_the_manifest(visit: Visit, standin: SlackStandIn) -> None:
    standin.world.post(GENERAL, OMAR.id, "Where is maria@contoso.example?")
    page = await visit(f"page/c/{GENERAL}")
    await page.locator(".message").hover()
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Check sync status").click()
    await expect(page.get_by_role("dialog", name="Errors, page 1")).to_be_visible()


async def test_a_global_shortcut_is_in_the_composer(visit: Visit) -> None:
    page = await visit(f"page/c/{GENERAL}")
    await page.get_by_role("button", name="Shortcuts").click()
    await page.get_by_role("menuitem", name="Look up a mailbox").click()
    await expect(page.get_by_role("dialog", name="Errors, page 1")).to_be_visible()
