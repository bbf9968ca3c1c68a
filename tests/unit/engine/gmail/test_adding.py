"""Messages arrive byte for byte, in one request or in chunks, under the conditions of a sync."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import HTTP
from pathlib import Path

import aiohttp
import pytest

from bot.engine.fault import Fault
from bot.engine.gmail import Gmail
from bot.engine.gmail.adding import SIMPLE, Envelope
from bot.engine.gmail.answers import Message, read
from bot.engine.gmail.resumable import CHUNK, chunks
from bot.engine.sides import Destination, Mime
from bot.sandbox.gmail import GmailStandIn
from bot.sandbox.gmail.call import Call
from tests.unit.engine.gmail.conftest import PLENTY
from tests.unit.engine.gmail.mails import ANN, BEN, connection, mail, mail_of, mime, pieces

BOUNDARY = "a-boundary"


def arrived(standin: GmailStandIn) -> bytes:
    [message] = standin.world.messages(ANN)
    assert message.raw is not None
    return message.raw


async def refusal(ann: Destination, what: Mime, *labels: str) -> Fault:
    with pytest.raises(Fault) as caught:
        await ann.put(what, labels, is_sent=False)
    return caught.value


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\r\n",
        b"\n",
        b"From: a@b\r\n\r\nno line break at the end",
        b"From: a@b\n\nbare\nlines\r--\r\n",
        b"From: a@b\r\n\r\n--a-boundar\r\n--\r\n\r\n",
        bytes(range(256)) * 4,
    ],
)
def test_the_parts_of_a_body_are_what_went_in(message: bytes) -> None:
    """Read again by the standard library, which knows nothing of this one."""
    body = Envelope(BOUNDARY).around(b'{"labelIds": ["INBOX"]}', [message[:3], message[3:]])
    head = f"Content-Type: multipart/related; boundary={BOUNDARY}\r\n\r\n".encode()
    about, _ = message_from_bytes(head + body, policy=HTTP).iter_parts()
    assert about.get_payload() == '{"labelIds": ["INBOX"]}'
    assert about.get_content_type() == "application/json"
    start = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    assert body.partition(start)[2] == message + b"\r\n--a-boundary--\r\n"


@pytest.mark.parametrize("piece", [1, 7, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
@pytest.mark.parametrize("size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
async def test_chunks_hold_all_bytes_in_their_order(piece: int, size: int) -> None:
    whole = bytes(size) if piece < 10 else mail_of(size)
    step = size if piece < 10 else piece
    parts = [whole[at : at + step] for at in range(0, size, step)]
    found = [each async for each in chunks(parts[:1], pieces(parts[1:]))]
    assert b"".join(chunk for chunk, _ in found) == whole
    assert [is_last for _, is_last in found] == [False] * (len(found) - 1) + [True]
    assert all(chunk for chunk, _ in found)
    assert all(len(chunk) == CHUNK for chunk, is_last in found if not is_last)


@pytest.mark.parametrize(
    "size", [200, 1024 * 1024 + 1, SIMPLE, SIMPLE + 1, CHUNK * 2 - 1, CHUNK * 2, CHUNK * 2 + 1]
)
@pytest.mark.parametrize("is_announced", [True, False], ids=["announced", "unannounced"])
async def test_a_message_arrives_byte_for_byte(
    ann: Destination, standin: GmailStandIn, size: int, *, is_announced: bool
) -> None:
    message = mail_of(size)
    got, sent = await ann.put(
        mime(message, size=size if is_announced else None), ["INBOX", "UNREAD"], is_sent=False
    )
    assert hashlib.sha256(arrived(standin)).digest() == hashlib.sha256(message).digest()
    [known] = standin.world.messages(ANN)
    assert (known.id, sent, known.label_ids) == (got, size, ["INBOX", "UNREAD"])
    in_chunks = size > SIMPLE
    assert (standin.requests.by_name["upload"] > 0) is in_chunks


@pytest.mark.parametrize("message", [mail(body=b""), mail(body=b"bare\nlines\n"), mail(body=b"no end")])
async def test_line_breaks_stay_as_they_are(ann: Destination, standin: GmailStandIn, message: bytes) -> None:
    await ann.put(mime(message, piece=3), (), is_sent=False)
    assert arrived(standin) == message


@pytest.mark.parametrize("size", [None, 6_000_000])
async def test_an_import_is_dated_by_its_header_and_kept_out_of_calendars(
    ann: Destination, standin: GmailStandIn, size: int | None
) -> None:
    asked: list[Call] = []
    standin.before(lambda call: asked.append(call) if call.name == "messages.import" else None)
    await ann.put(mime(mail_of(size or 500)), ["INBOX"], is_sent=False)
    [call] = asked
    assert call.query.claims("neverMarkSpam")
    assert call.query.text("processForCalendar") == "false"
    assert call.query.text("internalDateSource") == "dateHeader"
    assert standin.world.messages(ANN)[0].internal_date == datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize("size", [500, 6_000_000])
async def test_sent_mail_is_inserted_and_gmail_knows_it_as_sent(
    ann: Destination, standin: GmailStandIn, size: int
) -> None:
    message = mail_of(size).replace(b"zoe@example.org", ANN.encode(), 1)
    await ann.put(mime(message), ["STARRED"], is_sent=True)
    [known] = standin.world.messages(ANN)
    assert known.label_ids == ["STARRED", "SENT"]
    assert known.internal_date == datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)
    assert standin.requests.by_name["messages.insert"] == 1


@pytest.fixture
def narrow(http: aiohttp.ClientSession, key: Path, standin: GmailStandIn) -> Gmail:
    """A destination that takes 6 MB."""
    return Gmail(http, connection(key), url=standin.url, quotas=PLENTY, largest_message=6_000_000)


async def test_a_message_announced_as_too_large_is_not_even_read(
    narrow: Gmail, standin: GmailStandIn
) -> None:
    async def unread() -> AsyncIterator[bytes]:
        pytest.fail("was read")
        yield b""

    fault = await refusal(narrow.mailbox(ANN), Mime(6_000_001, rest=unread()))
    assert (fault.cause.code, fault.is_certain) == ("dest_too_large", True)
    assert str(fault) == "The message has 6,000,001 bytes; Gmail takes 6,000,000."
    assert standin.requests.total == 0


@pytest.mark.parametrize("announced", [None, 100, 5_500_000])
async def test_a_message_that_turns_out_too_large_is_not_finished(
    narrow: Gmail, standin: GmailStandIn, announced: int | None
) -> None:
    fault = await refusal(narrow.mailbox(ANN), mime(mail_of(6_000_001), size=announced))
    assert (fault.cause.code, fault.is_certain) == ("dest_too_large", True)
    assert "at least 6,000,001 bytes" in str(fault)
    assert standin.world.messages(ANN) == []


async def test_the_largest_message_is_taken(narrow: Gmail, standin: GmailStandIn) -> None:
    assert (await narrow.mailbox(ANN).put(mime(mail_of(6_000_000)), (), is_sent=False))[1] == 6_000_000


@pytest.mark.parametrize("size", [500, 6_000_000])
async def test_half_a_message_is_not_taken_for_a_whole_one(
    ann: Destination, standin: GmailStandIn, size: int
) -> None:
    fault = await refusal(ann, mime(mail_of(size), size=size + 1))
    assert (fault.cause.code, fault.is_certain) == ("network", True)
    assert str(fault) == f"The source announced {size + 1:,} bytes and sent {size:,}."
    assert standin.world.messages(ANN) == []


@pytest.mark.parametrize("size", [500, 6_000_000])
async def test_a_fault_of_the_source_stays_what_it_is(
    ann: Destination, standin: GmailStandIn, size: int
) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield mail_of(size)
        raise Fault("source_busy", "Exchange is busy.")

    fault = await refusal(ann, Mime(None, rest=broken()))
    assert (fault.cause.code, fault.is_certain) == ("source_busy", True)
    assert standin.world.messages(ANN) == []


@pytest.mark.parametrize(
    ("kind", "code", "is_certain"),
    [
        ("invalidAttachment", "dest_rejected", True),
        ("invalidLabel", "dest_label_gone", True),
        ("mailServiceOff", "dest_service_off", True),
        ("preconditionFailed", "dest_unavailable", True),
        ("storageQuotaExceeded", "dest_storage_full", True),
        ("userRateLimitExceeded", "dest_throttled", True),
        ("backendError", "dest_unavailable", False),
        ("badGateway", "dest_unavailable", False),
        ("unavailable", "dest_unavailable", False),
        ("deadlineExceeded", "dest_unavailable", False),
    ],
)
async def test_a_refusal_of_an_import_is_told(
    ann: Destination, standin: GmailStandIn, kind: str, code: str, *, is_certain: bool
) -> None:
    standin.faults.fail(kind, name="messages.import")
    fault = await refusal(ann, mime(mail()))
    assert (fault.cause.code, fault.is_certain) == (code, is_certain)


async def test_a_throttle_says_when_to_try_again(ann: Destination, standin: GmailStandIn) -> None:
    standin.faults.fail("tooManyRequests", name="messages.import", retry_after=17)
    assert (await refusal(ann, mime(mail()))).retry_after == timedelta(seconds=17)


@pytest.mark.parametrize("when", ["before", "after", "within"])
async def test_nobody_knows_what_became_of_an_import_without_an_answer(
    ann: Destination, standin: GmailStandIn, when: str
) -> None:
    standin.faults.drop(when, name="messages.import")  # type: ignore[arg-type]
    fault = await refusal(ann, mime(mail()))
    assert (fault.cause.code, fault.is_certain) == ("network", False)
    assert standin.requests.by_name["messages.import"] == 1


async def test_what_was_never_sent_was_surely_not_imported(
    gmail: Gmail, ann: Destination, standin: GmailStandIn
) -> None:
    await gmail.token(ANN)
    await standin.stop()
    fault = await refusal(ann, mime(mail()))
    assert (fault.cause.code, fault.is_certain) == ("network", True)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"id": ""}', b'{"id": 7}'])
def test_an_answer_of_no_use_is_a_lost_one(body: bytes) -> None:
    with pytest.raises(Fault, match="not the documented Message") as caught:
        read(Message, body)
    assert (caught.value.cause.code, caught.value.is_certain) == ("dest_unavailable", False)


async def test_no_more_than_four_requests_of_a_user_are_under_way(
    gmail: Gmail, standin: GmailStandIn
) -> None:
    """All wait for each other, so that a fifth of either would have come too."""
    most, full = 0, asyncio.Event()

    async def meet(call: Call) -> None:
        nonlocal most
        most = max(most, standin.quota.under_way(call.user or ""))
        if standin.quota.under_way(ANN) + standin.quota.under_way(BEN) == 2 * 4:
            full.set()
        await full.wait()

    await asyncio.gather(gmail.token(ANN), gmail.token(BEN))
    standin.before(meet)
    puts = [
        gmail.mailbox(user).put(mime(mail(number)), (), is_sent=False)
        for user in (ANN, BEN)
        for number in range(10)
    ]
    async with asyncio.timeout(30):
        assert len(await asyncio.gather(*puts)) == 20
    assert most == 4


async def test_a_mailbox_is_the_same_one_each_time(gmail: Gmail) -> None:
    assert gmail.mailbox(ANN) is gmail.mailbox(ANN.upper())
    assert gmail.mailbox(ANN) is not gmail.mailbox(BEN)
