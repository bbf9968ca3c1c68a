"""What a channel asked for by command is what it gets: threads, quiet hours, mutes, digests only."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.config import SlackMode
from bot.sandbox.slack.model import Message
from bot.sandbox.slack.roster import ADA, IT_OPS, OMAR
from tests.acceptance.clock import MovedClock
from tests.acceptance.engine import POLICY, completed, failed_item, mailbox
from tests.acceptance.house import House, house, words

LENA = "lena@northwind.example"
FAILED = (failed_item(run="run-2"), completed("run-2", failed=1))


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def home(database_url: str, clock: MovedClock) -> AsyncIterator[House]:
    async with house(SlackMode.HTTP, database_url, clock=clock) as built:
        await built.engine.report(POLICY, mailbox(), completed("run-1"))
        yield built


def told(home: House) -> list[Message]:
    """What everybody sees in the channel, but for the word that it is subscribed."""
    return [
        one
        for one in home.slack.world.messages(IT_OPS)
        if one.ephemeral_for is None and "from now on" not in one.text
    ]


async def comes(home: House, *said: str) -> Message:
    return await home.until(
        lambda: next((one for one in told(home) if all(text in words(one) for text in said)), None)
    )


async def test_a_thread_tells_that_it_healed(home: House) -> None:
    await home.command("/sync subscribe mode=thread", channel=IT_OPS)
    await home.engine.report(*FAILED)
    alert = await comes(home, "1 sync failure", LENA)
    await home.engine.report(completed("run-3"))
    reply = await home.until(lambda: next((one for one in told(home) if one.thread_ts == alert.ts), None))
    assert "Healed" in words(reply)


async def test_quiet_hours_hold_back_until_they_end(home: House, clock: MovedClock) -> None:
    now = clock.now()
    start, end = now - timedelta(hours=1), now + timedelta(hours=2)
    await home.command(f"/sync subscribe quiet={start:%H:%M}-{end:%H:%M}@UTC", channel=IT_OPS)
    await home.engine.report(*FAILED)
    await home.alert("1 sync failure", LENA)
    assert told(home) == []
    clock.ahead = timedelta(hours=3)
    await comes(home, "1 sync failure", LENA)


async def test_a_mute_ends_by_itself(home: House, clock: MovedClock) -> None:
    await home.command("/sync subscribe", channel=IT_OPS)
    await home.command("/sync mute channel 2h maintenance", channel=IT_OPS, user=OMAR.id)
    await home.engine.report(*FAILED)
    await home.alert("1 sync failure", LENA)
    assert told(home) == []
    clock.ahead = timedelta(hours=3)
    await comes(home, "1 sync failure", LENA)
    assert "Nothing is muted" in words(await home.command("/sync mute", user=ADA.id))


async def test_a_message_that_is_there_says_who_muted_it_and_why(home: House) -> None:
    await home.engine.report(*FAILED)
    await home.alert("1 sync failure", LENA)
    await home.command(f"/sync mute {LENA} 2h moving house", user=OMAR.id)
    await home.alert("Mailbox muted until", f"<@{OMAR.id}>", "moving house")
    await home.command(f"/sync unmute {LENA}", user=OMAR.id)
    await home.until(lambda: "muted" not in words(home.alerts()[-1]) or None)


async def test_a_channel_that_wants_digests_only_gets_no_alert(home: House) -> None:
    await home.command("/sync subscribe mode=digest digest=daily@08:00", channel=IT_OPS)
    await home.engine.report(*FAILED)
    await home.alert("1 sync failure", LENA)
    assert [one for one in told(home) if "sync failure" in words(one)] == []
