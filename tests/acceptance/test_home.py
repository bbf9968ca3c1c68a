"""The Home tab, through the real bot: drawn for each role, kept true, and worked from."""

from collections.abc import AsyncIterator

import pytest

from bot.config import SlackMode
from bot.sandbox.slack.model import View
from bot.sandbox.slack.roster import ADA, NILS, OMAR, VERA
from bot.services.home import EVERY
from tests.acceptance.clock import MovedClock
from tests.acceptance.engine import POLICY, completed, failed_item, mailbox, synced_item
from tests.acceptance.house import House, accepted, house, words

LENA = "lena@northwind.example"


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def home(database_url: str, clock: MovedClock) -> AsyncIterator[House]:
    async with house(SlackMode.SOCKET, database_url, clock=clock) as built:
        yield built


async def opened(home: House, user: str = ADA.id, *said: str) -> View:
    """The person's Home, once it says all this."""
    delivery = await home.slack.gestures.open_home(user)
    assert delivery
    accepted(delivery)
    return await shown(home, user, *said)


async def shown(home: House, user: str, *said: str, without: str | None = None) -> View:
    def claim() -> View | None:
        view = home.slack.world.home(user)
        text = words(view.payload) if view else ""
        fits = all(part in text for part in said) and (without is None or without not in text)
        return view if view and fits else None

    return await home.until(claim)


async def test_home_follows_from_an_empty_house_to_a_failure_that_is_retried_there(
    home: House, clock: MovedClock
) -> None:
    await opened(home, ADA.id, "Setting up", "Mailboxes to sync: to do", "Connect your engine")
    await opened(home, NILS.id, "U0NILS", "SYNCBOT_VIEWERS", f"<@{ADA.id}>")

    await home.engine.report(POLICY, mailbox(), completed("run-1"), failed_item(run="run-2"))
    clock.ahead += EVERY
    await shown(home, ADA.id, "Failing, by cause", LENA, without="Setting up")

    vera = await opened(home, VERA.id, "You are a viewer", LENA)
    assert "Retry 1 item" not in words(vera.payload)
    omar = await opened(home, OMAR.id, "You are an operator", "Retry 1 item")

    accepted(await home.click(omar, "mailbox.retry_all", user=OMAR.id))
    await shown(home, OMAR.id, "Retrying 1 item of", "retrying now")

    await home.engine.report(synced_item(run=None))
    clock.ahead += EVERY
    await shown(home, OMAR.id, "none has failures", without=LENA)


async def test_errors_open_in_a_modal_on_top_of_home(home: House) -> None:
    await home.engine.report(POLICY, mailbox(), completed("run-1"), failed_item(run="run-2"))
    view = await opened(home, ADA.id, LENA)
    accepted(await home.click(view, "errors.view"))
    await home.modal(LENA, "Retry")
    await home.slack.gestures.close_view(ADA.id, home.slack.world.views(ADA.id)[-1].id)
    accepted(await home.click(view, "card.open"))
    await home.modal(LENA)
