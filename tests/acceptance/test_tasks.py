"""What each task costs in clicks and keys in the demo's page, beside docs/discussions/tasks.md."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.supervising import free_port
from tests.acceptance.browser import alive, opening
from tests.acceptance.demonstration import demo, end, link_of, mailboxes_of
from tests.acceptance.hand import Effort, Hand

pytestmark = [pytest.mark.lengthy, pytest.mark.asyncio(loop_scope="session")]
TOLD = Path(__file__).parents[2] / "docs" / "discussions" / "tasks.md"
LENA, PRIYA = "lena.brandt@northwind.example", "priya.raman@northwind.example"
NOOR = "noor.haddad@northwind.example"
SECRET = "Certificate or secret of the Microsoft 365 connection expired"

Task = Callable[[Hand], Awaitable[None]]


async def test_each_task_costs_what_the_docs_say(browser: Browser) -> None:
    """At the pace of life, so that no scheduled sync comes before the click."""
    async with demo("--port", str(free_port()), "--speed", "1") as process:
        link = await link_of(process)
        async with opening(browser) as tabs:
            hand = Hand(await tabs.open(link))
            await expect(alert(hand.page, LENA)).to_be_visible()
            lines = [await line(hand, *each) for each in TASKS]
        assert await end(process) == (0, "")
    told = TOLD.read_text("utf-8")
    assert [each for each in lines if each not in told] == [], "\n".join(lines)


async def line(hand: Hand, name: str, task: Task, panel: Effort | None) -> str:
    before = hand.effort
    await task(hand)
    there = str(panel) if panel else "not possible"
    return f"| {name} | {hand.effort - before} | {there} |"


def alert(page: Page, words: str) -> Locator:
    return page.locator("#messages .message").filter(has_text=words).first


async def channel(page: Page, name: str = "sync-alerts") -> None:
    await page.get_by_role("link", name=name).click()
    await alive(page)


async def confirm(hand: Hand) -> None:
    await hand.click(hand.page.locator("#confirm").get_by_role("button").last)


async def learn(hand: Hand) -> None:
    await expect(alert(hand.page, PRIYA)).to_contain_text("1 sync failure")


async def understand(hand: Hand) -> None:
    told = alert(hand.page, PRIYA)
    await expect(told).to_contain_text("Encrypted or S/MIME message that Exchange cannot export.")
    await expect(told).to_contain_text("Remedy: Copy it by hand from Outlook, then dismiss it.")


async def retry_one(hand: Hand) -> None:
    """After the cause was ended at Microsoft 365, which costs the same with the panel."""
    office = await mailboxes_of(hand.page, "Priya Raman")
    await office.get_by_role("button", name="Decrypt it").click()
    await expect(office.get_by_role("button", name="Encrypt it again")).to_be_visible()
    await channel(hand.page)
    await hand.click(alert(hand.page, PRIYA).get_by_role("button", name="Retry item 1 of 1"))
    await expect(alert(hand.page, PRIYA)).to_contain_text("Healed")


async def retry_both(hand: Hand) -> None:
    await hand.click(alert(hand.page, LENA).get_by_role("button", name="Retry 2 items"))
    await confirm(hand)
    await expect(alert(hand.page, LENA).get_by_text("The last retry failed")).to_have_count(2)


async def retry_everybody(hand: Hand) -> None:
    """After the secret was renewed, which costs the same with the panel."""
    office = await mailboxes_of(hand.page, "Sofia Reyes")
    await office.get_by_role("button", name="Renew the secret").click()
    await expect(office.get_by_role("button", name="Renew the secret")).to_have_count(0)
    await channel(hand.page)
    await hand.click(alert(hand.page, SECRET).get_by_role("button", name="Retry 3 mailboxes"))
    await confirm(hand)
    await expect(alert(hand.page, SECRET)).to_contain_text("the failures of all 3 mailboxes are resolved")


async def dismiss(hand: Hand) -> None:
    await hand.click(alert(hand.page, LENA).get_by_role("button", name="View all 2 errors"))
    await hand.click(hand.page.get_by_role("button", name="Dismiss item 2"))
    form = hand.page.get_by_role("dialog", name="Dismiss")
    await hand.click(form.get_by_label("Reason"))
    await hand.type(form.get_by_label("Reason"), "Sent by Drive")
    await hand.click(form.get_by_role("button", name="Dismiss"))
    await expect(alert(hand.page, LENA)).to_contain_text("1 sync failure")
    for left in (1, 0):
        await hand.click(hand.page.locator(".modal:visible").get_by_role("button", name="Close", exact=True))
        await expect(hand.page.get_by_role("dialog")).to_have_count(left)
    await expect(hand.page.get_by_role("dialog")).to_have_count(0)


async def ask_status(hand: Hand) -> None:
    await hand.command("/sync status lena")
    await expect(hand.page.locator(".message").last).to_contain_text("Sync history")


async def go_back(hand: Hand) -> None:
    await hand.click(alert(hand.page, NOOR).get_by_role("button", name="View error"))
    await hand.click(hand.page.get_by_role("dialog").get_by_role("button", name="Find last good run"))
    modal = hand.page.get_by_role("dialog")
    await expect(modal).to_contain_text("Last good run")
    await hand.click(modal.get_by_role("button", name="Close", exact=True))


async def subscribe(hand: Hand) -> None:
    await hand.click(hand.page.get_by_role("link", name="general"))
    await alive(hand.page)
    await hand.command("/invite @syncbot")
    await expect(hand.page.get_by_text("was added to #general")).to_be_visible()
    await hand.command("/sync subscribe")
    await expect(alert(hand.page, NOOR)).to_be_visible()


async def home(hand: Hand) -> None:
    await hand.click(hand.page.get_by_role("link", name="syncbot"))
    await expect(hand.page.get_by_text("Failing, by cause")).to_be_visible()


TO_STATUS, TO_ERRORS = Effort(clicks=3), Effort(clicks=4)
"""The panel: the console's bookmark, Sync Status, the user's row, View errors."""

TASKS: tuple[tuple[str, Task, Effort | None], ...] = (
    ("Learn that a mailbox fails", learn, Effort(clicks=2)),
    ("Learn which item, why, and what to do", understand, TO_ERRORS),
    ("Retry one item", retry_one, Effort(clicks=5)),
    ("Retry both items of a mailbox", retry_both, Effort(clicks=6)),
    ("Retry three mailboxes after their secret was renewed", retry_everybody, Effort(clicks=11)),
    ("Dismiss an item, with the reason", dismiss, None),
    ("See how one user's sync is", ask_status, TO_STATUS),
    ("Find the last good run before it failed", go_back, TO_STATUS),
    ("Have another channel told", subscribe, None),
    ("See how all of it is", home, Effort(clicks=2)),
)
