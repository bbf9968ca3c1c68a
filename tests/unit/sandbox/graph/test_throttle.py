"""An app may ask a mailbox so often, and so much at once, and no more."""

import asyncio
from datetime import timedelta

import pytest

from bot.sandbox.graph import Call, Limits, Mailbox
from tests.unit.sandbox.graph.clients import CLIENT, USER, Client, Clock, Starter

INBOX = "/mailFolders/inbox"
FEW = Limits(requests=3, window=timedelta(minutes=10))


def mailbox_of(client: Client) -> Mailbox:
    found = client.graph.world.mailbox(USER)
    assert found
    return found


def test_the_limits_are_the_documented_ones() -> None:
    assert (Limits().requests, Limits().window, Limits().concurrent) == (10_000, timedelta(minutes=10), 4)


async def test_one_too_many_waits_until_the_window_moves_on(standing: Starter, clock: Clock) -> None:
    async with standing(FEW) as client:
        for _ in range(3):
            assert (await client.get(INBOX)).status == 200
            clock.pass_by(seconds=10)
        refused = await client.get(INBOX)
        assert (refused.status, refused.code) == (429, "TooManyRequests")
        assert refused.headers["Retry-After"] == "580"


async def test_a_refused_call_counts_too(standing: Starter, clock: Clock) -> None:
    async with standing(FEW) as client:
        statuses = [(await client.get(INBOX)).status for _ in range(4)]
        clock.pass_by(minutes=9)
        statuses += [(await client.get(INBOX)).status for _ in range(3)]
        clock.pass_by(minutes=1)
        statuses.append((await client.get(INBOX)).status)
    assert statuses == [200] * 3 + [429] * 5


async def test_waiting_as_told_is_enough(standing: Starter, clock: Clock) -> None:
    async with standing(FEW) as client:
        got = [await client.get(INBOX) for _ in range(4)][-1]
        clock.pass_by(seconds=int(got.headers["Retry-After"]))
        assert (await client.get(INBOX)).status == 200


async def test_another_mailbox_has_its_own(standing: Starter) -> None:
    async with standing(FEW) as client:
        client.graph.world.add_user("bob@contoso.example")
        for _ in range(4):
            await client.get(INBOX)
        other = await client.ask("GET", f"{client.graph.url}/users/bob@contoso.example{INBOX}")
        assert other.status == 200


async def test_the_directory_is_not_the_mailbox(standing: Starter) -> None:
    async with standing(FEW) as client:
        statuses = {(await client.get("?$select=id")).status for _ in range(5)}
        assert statuses | {(await client.get(INBOX)).status} == {200}


async def test_a_fifth_call_at_once_is_refused(client: Client) -> None:
    entered, together = asyncio.Semaphore(0), asyncio.Event()

    async def wait(call: Call) -> None:
        entered.release()
        if call.status == 200:
            await together.wait()

    client.graph.after(wait)
    calls = [asyncio.create_task(client.get(INBOX)) for _ in range(5)]
    for _ in calls:
        await entered.acquire()
    together.set()
    got = sorted(await asyncio.gather(*calls), key=lambda each: each.status)
    assert [each.status for each in got] == [200] * 4 + [429]
    assert (got[-1].code, got[-1].headers["Retry-After"]) == ("ApplicationThrottled", "1")
    assert "MailboxConcurrency" in got[-1].json["error"]["message"]


async def test_the_most_at_once_is_known(client: Client) -> None:
    mailbox = mailbox_of(client)
    await client.get(INBOX)
    meter = client.graph.throttle.meter(CLIENT, mailbox.id)
    assert (meter.in_flight, meter.most_in_flight) == (0, 1)


@pytest.mark.parametrize("calls", [20])
async def test_limits_can_be_off(standing: Starter, calls: int) -> None:
    async with standing(Limits(enforced=False, requests=1, concurrent=1)) as client:
        got = await asyncio.gather(*(client.get(INBOX) for _ in range(calls)))
    assert {each.status for each in got} == {200}
