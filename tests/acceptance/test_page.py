"""The page in a real browser, before a stand-in with a tiny app behind it."""

import asyncio
import contextlib
import json
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientSession, web
from playwright.async_api import Browser, Locator, Page, async_playwright, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.page import Panel, setup
from bot.sandbox.slack.roster import ADA, ALERTS, GENERAL, OMAR, small_company
from bot.sandbox.slack.server import SlackStandIn

pytestmark = pytest.mark.slow
Json = dict[str, Any]
ARGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
NOON_UTC = 1_763_899_200  # 2025-11-23 12:00 UTC, 07:00 in New York


def text(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def button(words: str, action_id: str, **fields: Json) -> Json:
    return {"type": "button", "text": text(words), "action_id": action_id, "value": action_id, **fields}


def actions(block_id: str, *elements: Json) -> Json:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def option(words: str) -> Json:
    return {"text": text(words), "value": words.lower()}


CONFIRM = {
    "title": text("Retry 3 items?"),
    "text": text("Now."),
    "confirm": text("Do it"),
    "deny": text("Leave it"),
}
CARD = [
    actions(
        "act",
        button("Work", "work"),
        button("Retry", "retry", confirm=CONFIRM),
        button("Open errors", "open"),
        {"type": "overflow", "action_id": "menu", "options": [option("Mute"), option("Docs")]},
    ),
    {
        "type": "container",
        "block_id": "fold",
        "title": text("History entry"),
        "is_collapsible": True,
        "default_collapsed": True,
        "child_blocks": [{"type": "section", "block_id": "inside", "text": text("Twelve changes")}],
    },
]


def errors_view(page: int) -> Json:
    reason = {"type": "plain_text_input", "action_id": "reason"}
    return {
        "type": "modal",
        "callback_id": "errors",
        "title": text(f"Errors, page {page}"),
        "submit": text("Dismiss"),
        "notify_on_close": True,
        "blocks": [
            {"type": "section", "block_id": f"row{page}", "text": text(f"Item {page}")},
            {"type": "input", "block_id": "why", "label": text("Reason"), "element": reason},
            {
                "type": "input",
                "block_id": "box",
                "label": text("Mailbox"),
                "optional": True,
                "element": {"type": "external_select", "action_id": "box", "min_query_length": 2},
            },
            actions("paging", button("Next page", "next"), button("Details", "details")),
        ],
    }


DETAILS = {
    "type": "modal",
    "title": text("Details"),
    "blocks": [{"type": "section", "text": text("All of it")}],
}


@dataclass
class TinyApp:
    """Acknowledges, opens and turns modals; waits for `go` on the button Work, and once is far too slow."""

    standin: SlackStandIn | None = None
    heard: list[Json] = field(default_factory=list)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def client(self) -> AsyncWebClient:
        assert self.standin
        return AsyncWebClient("xoxb-page", base_url=f"{self.standin.base_url}api/")

    async def command(self, request: web.Request) -> web.Response:
        sent = dict(await request.post())
        self.heard.append({"type": "command", **sent})
        if "slow" in str(sent["text"]):
            await asyncio.sleep(4)
        return web.json_response({"response_type": "ephemeral", "text": "Your card", "blocks": CARD})

    async def interact(self, request: web.Request) -> web.Response:
        sent: Json = json.loads(str((await request.post())["payload"]))
        self.heard.append(sent)
        if sent["type"] == "block_suggestion":
            return web.json_response({"options": [option(f"{sent['value']}@contoso.example")]})
        if sent["type"] == "view_submission":
            return self.submitted(sent)
        with contextlib.suppress(TimeoutError):
            await self.act(sent)
        return web.Response()

    def submitted(self, sent: Json) -> web.Response:
        reason = sent["view"]["state"]["values"]["why"]["reason"]["value"]
        if len(reason) > 5:
            return web.Response()
        return web.json_response({"response_action": "errors", "errors": {"why": "Say a little more."}})

    async def act(self, sent: Json) -> None:
        name = sent["actions"][0]["action_id"] if sent["type"] == "block_actions" else sent["type"]
        if name in {"open", "message_action", "shortcut"}:
            await self.client.views_open(trigger_id=sent["trigger_id"], view=errors_view(1))
        elif name == "next":
            await self.client.views_update(view_id=sent["view"]["id"], view=errors_view(2))
        elif name == "details":
            await self.client.views_push(trigger_id=sent["trigger_id"], view=DETAILS)
        elif name == "work":
            await asyncio.wait_for(self.go.wait(), 4)
            where = {"channel": sent["container"]["channel_id"], "ts": sent["container"]["message_ts"]}
            await self.client.chat_update(**where, text="Done", blocks=[])

    def names(self) -> list[str]:
        return [one["actions"][0]["action_id"] for one in self.heard if one["type"] == "block_actions"]


def manifest(url: str) -> Json:
    shortcuts = [
        {
            "name": "Check sync status",
            "type": "message",
            "callback_id": "check",
            "description": "Looks it up",
        },
        {"name": "Look up a mailbox", "type": "global", "callback_id": "lookup", "description": "By address"},
    ]
    command = {
        "command": "/sync",
        "description": "Look up and retry",
        "usage_hint": "status [email]",
        "url": url,
    }
    return {
        "display_information": {"name": "syncbot"},
        "features": {
            "app_home": {"home_tab_enabled": True},
            "bot_user": {"display_name": "syncbot"},
            "slash_commands": [{**command, "url": f"{url}command"}],
            "shortcuts": shortcuts,
        },
        "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
        "settings": {
            "interactivity": {
                "is_enabled": True,
                "request_url": f"{url}interact",
                "message_menu_options_url": f"{url}interact",
            }
        },
    }


@pytest.fixture
async def tiny() -> AsyncIterator[TinyApp]:
    app, server = TinyApp(), web.Application()
    server.add_routes([web.post("/command", app.command), web.post("/interact", app.interact)])
    runner = web.AppRunner(server, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    app.standin = SlackStandIn(
        manifest(f"http://127.0.0.1:{runner.addresses[0][1]}/"),
        bot_token="xoxb-page",
        app_token="xapp-page",
        signing_secret="secret",
        company=small_company(),
    )
    setup(app.standin, [Panel("Mailboxes", url="about:blank")])
    await app.standin.start()
    yield app
    await app.standin.stop()
    await runner.cleanup()


@pytest.fixture
def standin(tiny: TinyApp) -> SlackStandIn:
    assert tiny.standin
    return tiny.standin


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("The page's tests need Chromium")
    async with async_playwright() as driver:
        opened = await driver.chromium.launch(executable_path=path, args=ARGS)
        yield opened
        await opened.close()


Visit = Callable[..., Awaitable[Page]]


@pytest.fixture
async def visit(browser: Browser, standin: SlackStandIn) -> AsyncIterator[Visit]:
    """Opens a path as a person; a script error on any page fails the test."""
    problems: list[str] = []

    async def opened(path: str, *, wide: bool = True, person: str = ADA.id) -> Page:
        size = {"width": 1280 if wide else 390, "height": 800}
        context = await browser.new_context(viewport=size, timezone_id="America/New_York")  # type: ignore[arg-type]
        page = await context.new_page()
        page.set_default_timeout(5_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        await page.goto(f"{standin.base_url}{path}?as={person}")
        await page.wait_for_selector("html[data-live]")
        return page

    yield opened
    assert problems == []


def composer(page: Page) -> Locator:
    return page.get_by_label("Message to")


async def card(page: Page) -> Locator:
    await composer(page).fill("/sync status")
    await page.keyboard.press("Enter")
    message = page.locator(".message").last
    await expect(message.get_by_text("Only visible to you")).to_be_visible()
    return message


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


async def test_a_late_acknowledgement_is_complained_of(visit: Visit) -> None:
    page = await visit(f"page/c/{GENERAL}")
    await composer(page).fill("/sync slow")
    await page.keyboard.press("Enter")
    await expect(page.locator(".composer-complaint")).to_contain_text('"operation_timeout"')
    await composer(page).fill("/nonsense")
    await page.keyboard.press("Enter")
    await expect(page.locator(".composer-complaint")).to_contain_text("/nonsense is not a valid command")
    message = await card(page)
    await message.get_by_role("button", name="Work").click()
    await expect(message.get_by_role("alert")).to_contain_text("within 3 seconds")


async def test_dates_are_in_the_time_zone_of_the_browser(visit: Visit, standin: SlackStandIn) -> None:
    date = f"<!date^{NOON_UTC}^{{date_num}} {{date_long}} at {{time}}|fallback>"
    standin.world.post(GENERAL, OMAR.id, date)
    page = await visit(f"page/c/{GENERAL}")
    expected = "2025-11-23 Sunday, November 23rd, 2025 at 7:00 AM"
    await expect(page.locator(".message .text")).to_have_text(expected, use_inner_text=True)


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
