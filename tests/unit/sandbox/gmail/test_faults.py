"""What can be made to go wrong, and where a test can step in."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest

from bot.sandbox.gmail import Fault, GmailStandIn
from bot.sandbox.gmail.call import Call
from bot.sandbox.gmail.kinds import KINDS
from bot.sandbox.gmail.record import REMEMBERED, Entry
from tests.unit.sandbox.gmail.clients import ANN, BEN, IMPORT, Client, mail


async def test_every_refusal_can_be_provoked_in_googles_shape(gmail: GmailStandIn, ann: Client) -> None:
    for name, kind in KINDS.items():
        gmail.faults.fail(name)
        refused = await ann.get("labels")
        assert refused.status == kind.code, name
        if kind.html:
            assert refused.headers["Content-Type"].startswith("text/html"), name
            continue
        assert (refused.error["code"], refused.error["message"]) == (kind.code, kind.message), name
        [detail] = refused.error["errors"]
        assert (detail["reason"], detail["domain"]) == (kind.reason, kind.domain), name
        assert refused.error.get("status") == kind.canonical(kind.code), name


def test_every_refusal_says_where_it_is_published() -> None:
    said = {name: kind.source.split()[0].rstrip(";") for name, kind in KINDS.items()}
    assert {name: word for name, word in said.items() if word not in {"doc", "seen", "none"}} == {}


@pytest.mark.parametrize(
    ("name", "status", "reason"),
    [
        ("uploadTooLarge", 413, "uploadTooLarge"),
        ("badRequest", 400, "badRequest"),
        ("aborted", 409, "aborted"),
        ("preconditionFailed", 400, "failedPrecondition"),
        ("domainPolicy", 403, "domainPolicy"),
        ("dailyLimitExceeded", 403, "dailyLimitExceeded"),
        ("tooManyRequests", 429, "rateLimitExceeded"),
        ("backendError", 500, "backendError"),
    ],
)
async def test_clients_branch_on_the_published_reasons(
    gmail: GmailStandIn, ann: Client, name: str, status: int, reason: str
) -> None:
    gmail.faults.fail(name)
    refused = await ann.add(mail())
    assert (refused.status, refused.reason, gmail.world.messages(ANN)) == (status, reason, [])


async def test_a_fault_happens_as_often_as_planned(gmail: GmailStandIn, ann: Client) -> None:
    gmail.faults.fail("unavailable", times=2, retry_after=7)
    answers = [await ann.get("labels") for _ in range(3)]
    assert [each.status for each in answers] == [503, 503, 200]
    assert answers[0].headers["Retry-After"] == "7"


async def test_a_fault_can_last_until_it_is_cleared(gmail: GmailStandIn, ann: Client) -> None:
    gmail.faults.fail("backendError", times=None)
    assert {(await ann.get("labels")).status for _ in range(5)} == {500}
    gmail.faults.clear()
    assert (await ann.get("labels")).status == 200


async def test_a_fault_is_for_one_message_user_method_or_path(gmail: GmailStandIn, ann: Client) -> None:
    gmail.faults.fail("invalidArgument", message="<2@example.org>", times=None)
    gmail.faults.fail("notFound", user=BEN, times=None)
    gmail.faults.fail("aborted", name="labels.create")
    gmail.faults.fail("backendError", path="*/profile")
    assert [(await ann.add(mail(number))).status for number in (1, 2, 2, 3)] == [200, 400, 400, 200]
    assert (await ann.get("labels")).status == 200
    assert (await ann.post("labels", {"name": "A"})).status == 409
    assert (await ann.get("profile")).status == 500
    ann.token = gmail.token(BEN)
    assert (await ann.get("labels")).status == 404


async def test_a_fault_finds_a_folded_message_id_and_one_in_a_session(
    gmail: GmailStandIn, ann: Client
) -> None:
    gmail.faults.fail("backendError", message="<1@example.org>", times=2)
    folded = mail(1).replace(b"Message-ID: <", b"Message-Id:\r\n <")
    assert (await ann.add(folded)).status == 500
    path = f"{IMPORT}?uploadType=resumable"
    session = await ann.send("POST", path, X_Upload_Content_Type="message/rfc822")
    put = await ann.send("PUT", session.headers["Location"], data=mail(1))
    assert (session.status, put.status) == (200, 500)


async def test_a_quota_fault_may_come_with_either_code(gmail: GmailStandIn, ann: Client) -> None:
    gmail.faults.fail("userRateLimitExceeded")
    gmail.faults.fail("userRateLimitExceeded", code=429)
    assert [(await ann.get("labels")).status for _ in range(2)] == [403, 429]


async def test_the_token_endpoint_fails_in_its_own_shape(
    gmail: GmailStandIn, http: aiohttp.ClientSession
) -> None:
    gmail.faults.fail("unauthorized_client", name="token")
    async with http.post(gmail.token_url, data={}) as answer:
        assert (answer.status, (await answer.json())["error"]) == (401, "unauthorized_client")


def test_a_kind_that_does_not_exist_cannot_be_planned(gmail: GmailStandIn) -> None:
    with pytest.raises(ValueError, match="no kind"):
        gmail.faults.plan(Fault("tooSunny"))


async def test_a_connection_dropped_before_handling_stores_nothing(gmail: GmailStandIn, ann: Client) -> None:
    gmail.faults.drop("before")
    with pytest.raises(aiohttp.ClientConnectionError):
        await ann.add(mail())
    assert gmail.world.messages(ANN) == []


async def test_a_connection_dropped_after_accepting_leaves_the_message(
    gmail: GmailStandIn, ann: Client
) -> None:
    gmail.faults.drop("after")
    with pytest.raises(aiohttp.ClientConnectionError):
        await ann.add(mail())
    assert len(gmail.world.messages(ANN)) == 1


async def test_a_connection_dropped_within_the_answer_breaks_it(gmail: GmailStandIn, ann: Client) -> None:
    gmail.faults.drop("within")
    with pytest.raises(aiohttp.ClientPayloadError):
        await ann.get("labels")


async def test_a_delayed_request_is_handled_later(gmail: GmailStandIn, ann: Client) -> None:
    gmail.faults.delay(timedelta(milliseconds=1))
    assert (await ann.add(mail())).status == 200


async def test_a_stalled_request_waits_until_it_is_let_go(gmail: GmailStandIn, ann: Client) -> None:
    arrived = asyncio.Event()
    gmail.before(lambda _: arrived.set())
    gmail.faults.stall()
    stalled = asyncio.create_task(ann.add(mail()))
    await arrived.wait()
    assert (stalled.done(), gmail.world.messages(ANN)) == (False, [])
    gmail.faults.release()
    assert (await stalled).status == 200


async def test_a_stand_in_stops_in_spite_of_a_stalled_request(gmail: GmailStandIn, ann: Client) -> None:
    arrived = asyncio.Event()
    gmail.before(lambda _: arrived.set())
    gmail.faults.stall(times=None)
    stalled = asyncio.create_task(ann.get("labels"))
    await arrived.wait()
    await gmail.stop()
    await asyncio.gather(stalled, return_exceptions=True)
    assert stalled.done()


async def test_what_was_sent_whole_is_handled_even_if_its_sender_is_gone(
    gmail: GmailStandIn, ann: Client
) -> None:
    arrived, handled = asyncio.Event(), asyncio.Event()
    gmail.before(lambda _: arrived.set())
    gmail.after(lambda _: handled.set())
    gmail.faults.stall()
    sending = asyncio.create_task(ann.add(mail()))
    await arrived.wait()
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    gmail.faults.release()
    await handled.wait()
    assert len(gmail.world.messages(ANN)) == 1


async def test_what_was_not_sent_whole_is_not_handled(gmail: GmailStandIn, ann: Client) -> None:
    _, _, port = gmail.url.rpartition(":")
    reader, writer = await asyncio.open_connection("127.0.0.1", int(port))
    head = f"POST {IMPORT}?uploadType=media HTTP/1.1\r\nHost: gmail\r\nAuthorization: Bearer {ann.token}\r\n"
    size = f"Content-Type: message/rfc822\r\nContent-Length: {len(mail()) + 1}\r\n\r\n"
    writer.write((head + size).encode() + mail())
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()
    assert gmail.world.messages(ANN) == []
    assert (await ann.get("labels")).status == 200


async def test_hooks_see_a_request_before_and_after_it_is_handled(gmail: GmailStandIn, ann: Client) -> None:
    seen: list[object] = []

    def before(call: Call) -> None:
        seen.append((call.name, call.user, call.message_id, len(gmail.world.messages(ANN))))

    async def after(call: Call) -> None:
        seen.append((call.verb, call.path, len(gmail.world.messages(ANN))))

    endings = [gmail.before(before), gmail.after(after)]
    await ann.add(mail())
    for end in endings:
        end()
    await ann.add(mail())
    assert seen == [("messages.import", ANN, "<1@example.org>", 0), ("POST", IMPORT, 1)]


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_hook_can_drop_the_connection_of_what_is_done_anyway(
    gmail: GmailStandIn, ann: Client, when: str
) -> None:
    end = (gmail.before if when == "before" else gmail.after)(Call.drop)
    with pytest.raises(aiohttp.ClientConnectionError):
        await ann.add(mail())
    end()
    assert len(gmail.world.messages(ANN)) == 1


async def test_requests_are_recorded_with_what_became_of_them(gmail: GmailStandIn, ann: Client) -> None:
    await ann.get("labels")
    gmail.faults.drop("after")
    with pytest.raises(aiohttp.ClientConnectionError):
        await ann.add(mail())
    labels = Entry("GET", "/gmail/v1/users/me/labels", 200)
    assert list(gmail.requests) == [labels, Entry("POST", IMPORT, 0)]
    assert (gmail.requests.by_name["messages.import"], gmail.requests.total) == (1, 2)


def test_the_record_is_bounded_and_its_counters_are_not(gmail: GmailStandIn) -> None:
    for _ in range(REMEMBERED + 5):
        gmail.requests.add(Entry("GET", "/", 200), "labels.list")
    assert (len(gmail.requests), gmail.requests.total) == (REMEMBERED, REMEMBERED + 5)
