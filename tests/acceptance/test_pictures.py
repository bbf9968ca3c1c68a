"""Draws the pictures of the README and the docs, from the real bot through its page, into var/pictures.

`make pictures` runs this and puts those that are shown into docs/images.
"""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FrameLocator, Locator, Page, Route, expect

from blocks import told
from bot.config import SlackMode
from bot.sandbox.company.company import Company
from bot.sandbox.page import setup
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.roster import ADA, ALERTS, GENERAL, IT_OPS, OMAR
from bot.supervising import free_port
from bot.views import ChannelCard
from tests.acceptance.browser import PHONE, Tabs, opening, send
from tests.acceptance.demonstration import demo, link_of, mailboxes_of
from tests.acceptance.engine import failed_item, now, webhook_secret
from tests.acceptance.house import House, house, words
from tests.unit.blocks import examples

pytestmark = [pytest.mark.lengthy("pictures"), pytest.mark.asyncio(loop_scope="session")]
PICTURES = Path(__file__).parents[2] / "var" / "pictures"
LARGEST_BYTES = 300_000
LENA = "lena.brandt@northwind.example"
FAILED: tuple[Json, ...] = (
    {
        "code": "dest_too_large",
        "message": "413 uploadTooLarge: the message is larger than the maximum of 50 MB.",
        "folder": "Inbox/Suppliers",
        "subject": "Drawings, second set",
        "sender": "Søren Kjær <soren@wingtip.example>",
        "size": 63_963_136,
    },
    {
        "code": "source_mime_conversion",
        "message": "ErrorMimeContentConversionFailed: the content could not be converted to MIME.",
        "folder": "Projects/Überführung",
        "subject": "Board pack, confidential",
        "sender": "Ines Duarte <ines.duarte@northwind.example>",
        "size": 869_120,
    },
    {
        "code": "dest_rejected",
        "message": "400 invalidArgument: the message holds an attachment of a blocked type (.jar).",
        "folder": "Inbox/Releases",
        "subject": "New release of the installer",
        "sender": "Zoë & Partners <office@proseware.example>",
        "size": 2_904_118,
    },
)
SIDE_BY_SIDE = """<!doctype html><style>
body {{ display: flex; gap: 12px; height: 100vh; margin: 0; background: #3b1140 }}
iframe {{ flex: 1; border: 0 }} iframe:first-child {{ flex: 1.12 }}
</style>
<iframe title="Channel" src="{url}?as={ada}"></iframe>
<iframe title="Status" src="{url}?as={omar}"></iframe>"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def home(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A company with weeks of history, in which three messages of Lena's have just failed."""
    database = shutil.copy(sqlite_template, tmp_path_factory.mktemp("pictures") / "syncbot.db")
    async with (
        house(SlackMode.SOCKET, f"sqlite:///{database}", dress=setup) as built,
        _working(built) as company,
    ):
        await built.until(lambda: _told_of(built, _troubled(company)))
        lena = next(box for box in company.world.mailboxes.values() if box.source.lower() == LENA)
        await built.slack.gestures.say(OMAR.id, ALERTS, "Lena misses mail of a supplier. Any idea?")
        await built.engine.report(*_failures(lena.key))
        await built.alert("3 sync failures", LENA, count=None)
        yield built


@asynccontextmanager
async def _working(home: House) -> AsyncIterator[Company]:
    company = Company(
        bot_url=home.bot_url,
        events_secret=home.engine.secret,
        requests_secret=webhook_secret(),
        port=0,
        speed=1,
        seed=1,
    )
    await company.start()
    try:
        yield company
    finally:
        await company.stop()


def _failures(mailbox: str) -> list[tuple[str, Json]]:
    received = [(now() - timedelta(minutes=ago)).isoformat() for ago in (47, 32, 25)]
    return [
        failed_item(f"AAMk-{at}", key=mailbox, received_at=at, **what)
        for at, what in zip(received, FAILED, strict=True)
    ]


def _troubled(company: Company) -> set[str]:
    boxes = company.world.mailboxes.values()
    return {box.source.lower() for box in boxes if box.failing() or box.blocked_by(company.now())}


def _told_of(home: House, troubled: set[str]) -> bool:
    told = "\n".join(words(message) for message in home.alerts()).lower()
    return all(source in told for source in troubled)


@pytest_asyncio.fixture(loop_scope="session")
async def tabs(browser: Browser) -> AsyncIterator[Tabs]:
    PICTURES.mkdir(parents=True, exist_ok=True)
    async with opening(browser) as opened:
        yield opened


def channel(home: House, room: str = ALERTS) -> str:
    return f"{home.slack.base_url}page/c/{room}"


def newest(page: Page | FrameLocator) -> Locator:
    return page.locator("#messages .message").last


def lenas(page: Page | FrameLocator) -> Locator:
    """The newest of Lena's alerts: others may come after it."""
    return page.locator("#messages .message", has_text=LENA).last


async def take(name: str, shown: Page | Locator) -> None:
    path = PICTURES / f"{name}.png"
    await shown.screenshot(path=path, animations="disabled")
    assert path.stat().st_size < LARGEST_BYTES


async def closed(page: Page | FrameLocator) -> None:
    """A person's modal is there on every page of theirs."""
    await page.get_by_role("button", name="Close dialog").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_the_alert_in_the_channel_beside_the_status(home: House, tabs: Tabs) -> None:
    page = await tabs.open(channel(home))

    async def both(route: Route) -> None:
        body = SIDE_BY_SIDE.format(url=channel(home), ada=ADA.id, omar=OMAR.id)
        await route.fulfill(content_type="text/html", body=body)

    await page.route("**/both", both)
    await page.goto(f"{home.slack.base_url}both")
    left, right = (page.frame_locator(f"iframe[title={title}]") for title in ("Channel", "Status"))
    for frame in (left, right):
        await expect(frame.locator("html[data-live]")).to_be_attached()
    await right.get_by_role("button", name="View status").last.click()
    await expect(right.get_by_role("dialog", name="Sync status")).to_contain_text("Sync history")
    await expect(lenas(left)).to_be_visible()
    await take("alert", page)
    await closed(right)


async def test_the_errors_of_a_mailbox(home: House, tabs: Tabs) -> None:
    page = await tabs.open(channel(home))
    await lenas(page).get_by_role("button", name="View all 3 errors").click()
    await expect(page.get_by_role("dialog", name="Sync errors")).to_contain_text("3 of 3")
    await take("errors", page)
    await closed(page)


async def test_the_form_to_dismiss_what_cannot_be_copied(home: House, tabs: Tabs) -> None:
    page = await tabs.open(channel(home))
    await lenas(page).get_by_role("button", name="More options").click()
    await page.get_by_role("menuitem", name="Dismiss…").click()
    form = page.get_by_role("dialog", name="Dismiss failures")
    await form.get_by_label("Which items").click()
    await page.get_by_role("option", name="2 · Board pack").click()
    box, options = form.locator(".select-box"), form.get_by_role("listbox")
    await expect(options).to_be_visible()
    assert await _left(options) == await _left(box)
    await page.keyboard.press("Escape")
    await form.get_by_label("Reason").fill("Encrypted: sent again in clear")
    await take("dismiss", form)
    await closed(page)


async def _left(shown: Locator) -> float:
    bounds = await shown.bounding_box()
    assert bounds
    return bounds["x"]


@pytest.mark.parametrize(
    ("name", "command", "last"),
    [
        ("status", f"/sync status {LENA}", "Sync history"),
        ("overview", "/sync status", "Mailboxes with failures"),
    ],
    ids=["status", "overview"],
)
async def test_a_card(home: House, tabs: Tabs, name: str, command: str, last: str) -> None:
    page = await tabs.open(channel(home, GENERAL), size=(1100, 1800))
    await send(page, command)
    await expect(newest(page)).to_contain_text(last)
    await page.mouse.move(0, 0)
    await take(name, newest(page))


@pytest.mark.parametrize(
    ("name", "card", "last"),
    [
        ("digest", examples.digest(), "Changes synced"),
        ("credential", examples.credential(), "nothing needs to be restarted"),
    ],
    ids=["digest", "credential"],
)
async def test_what_channels_are_told_besides(
    home: House, tabs: Tabs, name: str, card: ChannelCard, last: str
) -> None:
    message, world = told.message(card), home.slack.world
    world.post(IT_OPS, world.bot_user.id, message.text, blocks=message.blocks)
    page = await tabs.open(channel(home, IT_OPS), size=(1100, 1250))
    await expect(newest(page)).to_contain_text(last)
    await take(name, newest(page))


async def test_the_alert_on_a_phone(home: House, tabs: Tabs) -> None:
    page = await tabs.open(channel(home), size=PHONE, scale=2)
    await lenas(page).evaluate("(message) => message.scrollIntoView()")
    await take("phone", page)


async def test_the_alert_in_the_dark(home: House, tabs: Tabs) -> None:
    page = await tabs.open(channel(home), dark=True)
    await lenas(page).evaluate("(message) => message.scrollIntoView()")
    await take("dark", page)


@pytest.mark.lengthy("mailbox")
async def test_a_mailbox_on_both_sides(browser: Browser) -> None:
    """At the pace of life: all but what fails is there once, and then the picture stands still."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    async with demo("--port", str(free_port()), "--speed", "1") as process, opening(browser) as tabs:
        page = await tabs.open(await link_of(process), size=(1280, 960))
        office = await mailboxes_of(page, "Lena Brandt")
        await expect(office.locator("#destination .gap h3")).to_have_text("Missing here 2")
        await expect(office.locator("#source")).to_contain_text("Gmail blocks its attachment")
        await expect(office.locator(".fresh")).to_have_count(0)
        await page.mouse.move(0, 0)
        await take("mailboxes", page)
