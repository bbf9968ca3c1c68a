"""The page around the messages, in a real browser: side bar, Home, phone, deliveries, dates."""

import time

import pytest
from aiohttp import ClientSession
from playwright.async_api import expect

from bot.sandbox.slack.roster import ADA, GENERAL, IT_OPS, OMAR
from bot.sandbox.slack.server import SlackStandIn
from tests.acceptance.browser import card, composer
from tests.acceptance.conftest import Visit
from tests.acceptance.tiny import text

pytestmark = pytest.mark.asyncio(loop_scope="session")
NOON_UTC = 1_763_899_200  # 2025-11-23 12:00 UTC, 07:00 in New York


async def test_dates_are_in_the_time_zone_of_the_browser(visit: Visit, standin: SlackStandIn) -> None:
    date = f"<!date^{NOON_UTC}^{{date_num}} {{date_long}} at {{time}}|fallback>"
    standin.world.post(GENERAL, OMAR.id, date)
    page = await visit(f"page/c/{GENERAL}")
    expected = "2025-11-23 Sunday, November 23rd, 2025 at 7:00 AM"
    await expect(page.locator(".message .text")).to_have_text(expected, use_inner_text=True)


async def test_a_day_in_words_is_capitalised_only_where_it_begins_a_line(
    visit: Visit, standin: SlackStandIn
) -> None:
    date = f"<!date^{int(time.time())}^{{date_short_pretty}}|fallback>"
    standin.world.post(GENERAL, OMAR.id, f"{date} is *{date}*\n*{date}*")
    page = await visit(f"page/c/{GENERAL}")
    await expect(page.locator(".message .text")).to_have_text("Today is today\nToday", use_inner_text=True)


async def test_home_appears_when_the_app_publishes_it(visit: Visit, standin: SlackStandIn) -> None:
    page = await visit("page/app/home")
    await expect(page.get_by_text("Nothing here yet")).to_be_visible()
    header = {"type": "header", "block_id": "h", "text": text("Mailbox sync")}
    standin.world.publish_home(ADA.id, {"type": "home", "blocks": [header]})
    await expect(page.get_by_role("heading", name="Mailbox sync")).to_be_visible()


async def test_on_a_phone_the_side_bar_unfolds(visit: Visit) -> None:
    page = await visit(f"page/c/{GENERAL}", wide=False)
    await expect(page.get_by_role("link", name="sync-alerts")).to_be_hidden()
    await page.get_by_role("button", name="Show channels").click()
    await page.get_by_role("link", name="sync-alerts").click()
    await expect(page.get_by_role("heading", name="sync-alerts").first).to_be_visible()


async def test_under_the_hood_stand_the_deliveries_and_the_payloads(
    visit: Visit, standin: SlackStandIn
) -> None:
    page = await visit(f"page/c/{GENERAL}")
    message = await card(page)
    await page.get_by_role("button", name="Under the hood").click()
    await expect(page.locator("#deliveries li").first).to_contain_text("/sync status")
    ts = await message.get_attribute("data-ts")
    payload = await page.request.get(f"{standin.base_url}page/payload/{GENERAL}/{ts}?as={ADA.id}")
    assert (await payload.json())["ephemeral_for"] == ADA.id
    hidden = await page.request.get(f"{standin.base_url}page/payload/{GENERAL}/{ts}?as={OMAR.id}")
    assert hidden.status == 404


@pytest.mark.parametrize("header", [{"Origin": "http://evil.example"}, {"Host": "evil.example"}])
async def test_a_foreign_site_is_refused(standin: SlackStandIn, header: dict[str, str]) -> None:
    async with ClientSession() as session:
        sent = {"as": ADA.id, "channel": GENERAL, "text": "hi"}
        async with session.post(f"{standin.base_url}page/say", json=sent, headers=header) as answer:
            assert answer.status == 403
    assert standin.world.messages(GENERAL) == []


async def test_the_start_is_where_the_app_has_said_something(visit: Visit, standin: SlackStandIn) -> None:
    page = await visit("")
    await expect(page.get_by_role("heading", name="sync-alerts").first).to_be_visible()
    standin.world.post(IT_OPS, standin.world.bot_user.id, "Hello")
    standin.world.post(GENERAL, OMAR.id, "Nobody from the app is here")
    await page.goto(standin.base_url)
    await expect(page.get_by_role("heading", name="it-ops").first).to_be_visible()


async def test_another_person_stays_in_the_channel(visit: Visit) -> None:
    page = await visit(f"page/c/{IT_OPS}")
    await page.get_by_role("button", name="You are").click()
    await page.get_by_role("menuitem", name="Vera Lindt").click()
    await expect(page.get_by_role("button", name="You are: Vera Lindt")).to_be_visible()
    await expect(page.get_by_role("heading", name="it-ops").first).to_be_visible()


async def test_an_empty_channel_tells_what_to_try(visit: Visit, standin: SlackStandIn) -> None:
    page = await visit(f"page/c/{GENERAL}")
    await page.get_by_role("button", name="/sync status").click()
    await expect(composer(page)).to_have_value("/sync status")
    await expect(composer(page)).to_be_focused()
    standin.world.post(GENERAL, OMAR.id, "Not empty any more")
    await expect(page.get_by_role("button", name="/sync status")).to_be_hidden()
