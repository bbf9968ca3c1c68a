"""Messages and commands on the page, in a real browser, before a tiny app."""

import pytest
from playwright.async_api import expect

from bot.sandbox.slack.roster import ADA, ALERTS, GENERAL, OMAR
from bot.sandbox.slack.server import SlackStandIn
from tests.acceptance.browser import card, composer, send
from tests.acceptance.conftest import Visit
from tests.acceptance.tiny import CARD, TinyApp, text

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_slash_command_is_completed_and_its_answer_is_only_for_oneself(visit: Visit) -> None:
    page, other = await visit(f"page/c/{GENERAL}"), await visit(f"page/c/{GENERAL}", person=OMAR.id)
    await composer(page).fill("/s")
    await expect(page.get_by_role("option", name="/sync")).to_contain_text("status [email]")
    await page.keyboard.press("Tab")
    await expect(composer(page)).to_have_value("/sync ")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Only visible to you")).to_be_visible()
    await expect(other.locator(".message")).to_have_count(0)


async def test_a_message_appears_for_everybody_and_counts_as_unread_elsewhere(visit: Visit) -> None:
    page, there = await visit(f"page/c/{GENERAL}"), await visit(f"page/c/{GENERAL}", person=OMAR.id)
    away = await visit(f"page/c/{ALERTS}", person=OMAR.id)
    await composer(page).fill("one")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two <b>")
    await page.keyboard.press("Enter")
    await expect(there.locator(".message .text")).to_have_text("one\ntwo <b>", use_inner_text=True)
    room = away.locator(".side-item", has_text="general")
    await expect(room).to_have_class("side-item")
    await there.goto("about:blank")
    await composer(page).fill("three")
    await page.keyboard.press("Enter")
    await expect(room.locator(".badge")).to_be_visible()


async def test_a_button_waits_visibly_and_then_its_message_is_updated(
    visit: Visit, tiny: TinyApp, standin: SlackStandIn
) -> None:
    bot = standin.world.bot_user.id
    standin.world.post(GENERAL, bot, "Card", blocks=CARD, bot_id=standin.world.bot_id)
    page = await visit(f"page/c/{GENERAL}")
    work = page.get_by_role("button", name="Work")
    await work.click()
    await expect(work).to_be_disabled()
    await expect(work).to_have_class("btn pending")
    tiny.go.set()
    await expect(page.locator(".message")).to_contain_text("Done")
    await expect(page.get_by_text("(edited)")).to_be_visible()


async def test_a_confirm_dialog_comes_first(visit: Visit, tiny: TinyApp) -> None:
    page = await visit(f"page/c/{GENERAL}")
    message = await card(page)
    await message.get_by_role("button", name="Retry").click()
    await page.get_by_role("button", name="Leave it").click()
    assert tiny.names() == []
    await message.get_by_role("button", name="Retry").click()
    async with page.expect_response("**/page/click"):
        await page.get_by_role("button", name="Do it").click()
    assert tiny.names() == ["retry"]


async def test_an_overflow_menu_sends_its_option(visit: Visit, tiny: TinyApp) -> None:
    page = await visit(f"page/c/{GENERAL}")
    await (await card(page)).get_by_role("button", name="More options").click()
    async with page.expect_response("**/page/click"):
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
    assert tiny.heard[-1]["actions"][0]["selected_option"]["value"] == "docs"


async def test_a_fold_stays_open_while_its_message_changes(visit: Visit, standin: SlackStandIn) -> None:
    message = standin.world.post(GENERAL, standin.world.bot_user.id, "Card", blocks=CARD)
    page = await visit(f"page/c/{GENERAL}")
    await expect(page.get_by_text("Twelve changes")).to_be_hidden()
    await page.get_by_text("History entry").click()
    await expect(page.get_by_text("Twelve changes")).to_be_visible()
    heading = {"type": "header", "block_id": "new", "text": text("Changed")}
    standin.world.edit(message, blocks=[heading, *CARD], edited_ts=message.ts)
    await expect(page.get_by_role("heading", name="Changed")).to_be_visible()
    await expect(page.get_by_text("Twelve changes")).to_be_visible()


async def test_an_unknown_command_is_told_as_slack_does(visit: Visit) -> None:
    page = await visit(f"page/c/{GENERAL}")
    await send(page, "/nonsense")
    await expect(page.locator(".composer-complaint")).to_contain_text("/nonsense is not a valid command")


@pytest.mark.parametrize("ack_seconds", [0.2])
async def test_a_late_answer_to_a_command_is_complained_of(visit: Visit) -> None:
    page = await visit(f"page/c/{GENERAL}")
    await send(page, "/sync slow")
    await expect(page.locator(".composer-complaint")).to_contain_text('"operation_timeout"')


@pytest.mark.parametrize("ack_seconds", [0.2])
async def test_a_late_answer_to_a_click_is_complained_of(visit: Visit, standin: SlackStandIn) -> None:
    standin.world.post(GENERAL, standin.world.bot_user.id, "Card", blocks=CARD)
    page = await visit(f"page/c/{GENERAL}")
    await page.get_by_role("button", name="Work").click()
    await expect(page.locator(".message").get_by_role("alert")).to_contain_text("within 3 seconds")


async def test_a_file_is_saved_by_those_who_see_its_message_alone(
    visit: Visit, standin: SlackStandIn
) -> None:
    world = standin.world
    room = world.open_direct_message(OMAR.id)
    file = world.new_file("sync-errors.csv", 9)
    file.content = b"code,item"
    world.completed(file, "Sync errors of omar@northwind.example")
    message = world.post(room.id, world.bot_user.id, "", files=[file], bot_id=world.bot_id)
    page = await visit(f"page/c/{room.id}", person=OMAR.id)
    link = page.get_by_role("link", name="Sync errors of omar@northwind.example")
    await expect(link).to_contain_text("sync-errors.csv · 9 Bytes")
    assert await link.get_attribute("download") == "sync-errors.csv"
    address = f"{standin.base_url}page/file/{room.id}/{message.ts}/{file.id}"
    saved = await page.request.get(f"{address}?as={OMAR.id}")
    assert (await saved.body(), saved.headers["content-type"]) == (b"code,item", "application/octet-stream")
    elsewhere = await page.request.get(f"{address}?as={ADA.id}")
    assert elsewhere.status == 404
