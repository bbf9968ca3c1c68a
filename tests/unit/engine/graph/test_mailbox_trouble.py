"""What can go wrong with a mailbox of Graph, and how much is asked of it at once."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from bot.domain.mail import Description
from bot.engine.fault import Fault
from bot.sandbox.graph import Limits
from tests.unit.engine.graph.conftest import ADDRESS, MIME, Site

TRIES = {"dropped": 2, "truncated": 1}
"""aiohttp asks once more by itself where a connection that it had kept is closed before any answer."""


async def read(site: Site, message: str) -> bytes:
    async with site.source.open(message) as mime:
        return b"".join([chunk async for chunk in mime.pieces()])


def cause(error: pytest.ExceptionInfo[Fault]) -> str:
    return error.value.cause.code


@pytest.mark.parametrize("accident", ["dropped", "truncated"])
@pytest.mark.parametrize("size", [1, 30_000])
async def test_a_connection_that_breaks_is_the_network(site: Site, accident: str, size: int) -> None:
    message = site.stand_in.world.deliver(site.inbox, MIME * size)
    site.stand_in.faults.on_value(message, accident, times=TRIES[accident])
    with pytest.raises(Fault) as error:
        await read(site, message.id)
    assert cause(error) == "network"
    assert await read(site, message.id) == MIME * size


async def test_an_answer_that_stalls_is_the_network(site: Site) -> None:
    message = site.stand_in.world.deliver(site.inbox, MIME)
    site.graph = site.client(patience_s=0.05)
    site.stand_in.faults.on_value(message, "stalled")
    with pytest.raises(Fault) as error:
        await read(site, message.id)
    assert cause(error) == "network"


@pytest.mark.parametrize("accident", ["dropped", "truncated"])
async def test_a_page_that_breaks_off_is_the_network(site: Site, accident: str) -> None:
    site.stand_in.world.populate(site.inbox, 50)
    site.stand_in.faults.on_path("delta$", accident, times=TRIES[accident])
    with pytest.raises(Fault) as error:
        await site.source.message_page(site.inbox.id, None)
    assert cause(error) == "network"


# Trouble of the mailbox


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("disabled", "source_mailbox_unavailable"),
        ("unsupported", "source_mailbox_unavailable"),
        ("missing", "source_user_missing"),
        ("forbidden", "source_forbidden"),
        ("moving", "source_move_in_progress"),
    ],
)
async def test_a_mailbox_that_cannot_be_read_says_why(site: Site, state: str, expected: str) -> None:
    site.stand_in.world.set_state(site.user, state)  # type: ignore[arg-type]
    for call in (site.source.well_known(), site.source.folder_page(None), site.source.describe("x")):
        with pytest.raises(Fault) as error:
            await call
        assert cause(error) == expected


async def test_consent_that_was_revoked_is_forbidden(site: Site) -> None:
    site.stand_in.world.revoke_consent()
    with pytest.raises(Fault) as error:
        await site.source.well_known()
    assert cause(error) == "source_forbidden"


async def test_retry_after_is_passed_on_and_nothing_waits_here(site: Site) -> None:
    site.stand_in.faults.on_user(ADDRESS, "TooManyRequests", retry_after=120)
    with pytest.raises(Fault) as error:
        await site.source.folder_page(None)
    assert error.value.retry_after is not None
    assert error.value.retry_after.total_seconds() == 120
    await site.source.folder_page(None)


# Limits


async def test_no_more_than_three_calls_are_with_a_mailbox(site: Site) -> None:
    messages = site.stand_in.world.populate(site.inbox, 30)
    found = await asyncio.gather(
        *(read(site, message.id) for message in messages),
        *(site.source.well_known() for _ in range(3)),
        *(site.source.describe(message.id) for message in messages),
    )
    assert len(found) == 63
    [meter] = site.stand_in.throttle.meters.values()
    assert meter.most_in_flight <= Limits().concurrent
    assert site.stand_in.requests.by_status[429] == 0


async def test_mailboxes_wait_for_their_own_calls_alone(site: Site) -> None:
    other = site.stand_in.world.add_user("ben@contoso.example")
    messages = site.stand_in.world.populate(site.inbox, 3)
    theirs = site.stand_in.world.deliver(other.folder("inbox"), MIME)
    async with (
        site.source.open(messages[0].id),
        site.source.open(messages[1].id),
        site.source.open(messages[2].id),
        site.graph.mailbox("ben@contoso.example").open(theirs.id) as mime,
    ):
        assert b"".join([chunk async for chunk in mime.pieces()]) == MIME


async def test_messages_can_be_described_while_as_many_are_open_as_there_may_be(site: Site) -> None:
    """All that are being sent may fail at once, each before it is closed."""
    messages = site.stand_in.world.populate(site.inbox, 3)
    held = asyncio.Barrier(3)

    async def fail(message: str) -> Description:
        async with site.source.open(message):
            await held.wait()
            assert await site.source.folder_of(message) == site.inbox.id
            return await site.source.describe(message)

    async with asyncio.timeout(20):
        told = await asyncio.gather(*(fail(message.id) for message in messages))
    assert all(each.subject for each in told)
    [meter] = site.stand_in.throttle.meters.values()
    assert meter.most_in_flight <= Limits().concurrent


async def test_a_message_that_was_read_makes_room_before_it_is_closed(site: Site) -> None:
    messages = site.stand_in.world.populate(site.inbox, 9)
    async with asyncio.timeout(20), AsyncExitStack() as opened:
        for message in messages:
            mime = await opened.enter_async_context(site.source.open(message.id))
            assert b"".join([chunk async for chunk in mime.pieces()]) == message.mime
        await site.source.folder_page(None)
