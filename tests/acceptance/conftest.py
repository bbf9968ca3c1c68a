"""One browser for all page tests of a process; it lives on a loop that those tests share."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from bot.sandbox.slack.roster import ADA
from bot.sandbox.slack.server import ACK_SECONDS, SlackStandIn
from tests.acceptance.browser import PHONE, WIDE, chromium, opening
from tests.acceptance.tiny import TinyApp, running

Visit = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as opened:
        yield opened


@pytest.fixture
def ack_seconds() -> float:
    """Generous, since the machine may be busy; a test of what comes too late sets less."""
    return 10 * ACK_SECONDS


@pytest_asyncio.fixture(loop_scope="session")
async def tiny(ack_seconds: float) -> AsyncIterator[TinyApp]:
    async with running(ack_seconds) as app:
        yield app


@pytest.fixture
def standin(tiny: TinyApp) -> SlackStandIn:
    return tiny.standin


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, standin: SlackStandIn) -> AsyncIterator[Visit]:
    """Opens a path before the tiny app as a person."""
    async with opening(browser) as tabs:

        async def opened(path: str, *, wide: bool = True, person: str = ADA.id) -> Page:
            return await tabs.open(f"{standin.base_url}{path}", person=person, size=WIDE if wide else PHONE)

        yield opened
