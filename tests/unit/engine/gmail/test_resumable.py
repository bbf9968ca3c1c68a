"""Uploads in chunks go on from what Gmail has, and are told as lost where it has nothing."""

from collections.abc import Callable

import pytest

from bot.engine.fault import Fault
from bot.engine.sides import Destination
from bot.sandbox.gmail import GmailStandIn
from bot.sandbox.gmail.call import Call
from tests.unit.engine.gmail.mails import ANN, CHUNK, mail_of, mime

pytestmark = pytest.mark.usefixtures("small_chunks")

SIZE = 2 * CHUNK + 1000
LARGE = mail_of(SIZE)
CHUNKS = 3


async def put(ann: Destination) -> None:
    await ann.put(mime(LARGE), ["INBOX"], is_sent=False)


async def refusal(ann: Destination) -> Fault:
    with pytest.raises(Fault) as caught:
        await put(ann)
    return caught.value


def nth_chunk(standin: GmailStandIn, number: int, happen: Callable[[], object]) -> None:
    """Lets something happen when a chunk comes, counted from 1, before it is handled."""
    seen = 0

    def count(call: Call) -> None:
        nonlocal seen
        seen += call.name == "upload" and bool(call.body)
        if call.name == "upload" and call.body and seen == number:
            happen()

    standin.before(count)


def arrived(standin: GmailStandIn) -> list[bytes | None]:
    return [message.raw for message in standin.world.messages(ANN)]


@pytest.mark.parametrize("number", range(1, CHUNKS + 1))
@pytest.mark.parametrize("when", ["before", "after", "within"])
async def test_an_upload_survives_a_lost_answer(
    ann: Destination, standin: GmailStandIn, number: int, when: str
) -> None:
    nth_chunk(standin, number, lambda: standin.faults.drop(when, name="upload"))  # type: ignore[arg-type]
    await put(ann)
    assert arrived(standin) == [LARGE]


@pytest.mark.parametrize("number", range(1, CHUNKS + 1))
@pytest.mark.parametrize("kind", ["backendError", "badGateway", "unavailable", "deadlineExceeded"])
async def test_an_upload_survives_an_error_of_the_server(
    ann: Destination, standin: GmailStandIn, number: int, kind: str
) -> None:
    nth_chunk(standin, number, lambda: standin.faults.fail(kind, name="upload"))
    await put(ann)
    assert arrived(standin) == [LARGE]


async def test_a_token_may_end_between_two_chunks(ann: Destination, standin: GmailStandIn) -> None:
    standin.before(lambda call: standin.tokens.expire() if call.name == "upload" else None)
    await put(ann)
    assert arrived(standin) == [LARGE]
    assert standin.requests.by_name["token"] == CHUNKS


@pytest.mark.parametrize(("number", "is_certain"), [(1, True), (2, True), (3, False)])
async def test_a_session_that_is_lost_is_told(
    ann: Destination, standin: GmailStandIn, number: int, *, is_certain: bool
) -> None:
    """Before the last chunk Gmail did not know that the message was whole."""
    nth_chunk(standin, number, standin.uploads.forget_sessions)
    fault = await refusal(ann)
    assert (fault.cause.code, fault.is_certain) == ("network", is_certain)
    assert "Gmail lost the upload: Gmail answered 404" in str(fault)
    assert arrived(standin) == []


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("userRateLimitExceeded", "dest_throttled"),
        ("mailServiceOff", "dest_service_off"),
        ("uploadTooLarge", "dest_too_large"),
    ],
)
async def test_a_refused_chunk_ends_the_upload(
    ann: Destination, standin: GmailStandIn, kind: str, code: str
) -> None:
    standin.faults.fail(kind, name="upload")
    fault = await refusal(ann)
    assert (fault.cause.code, fault.is_certain) == (code, True)
    assert standin.requests.by_name["upload"] == 1


async def test_a_message_that_is_refused_in_the_end_is_told(ann: Destination, standin: GmailStandIn) -> None:
    standin.before(lambda call: setattr(standin.world.user(ANN), "full", call.name == "upload"))
    fault = await refusal(ann)
    assert (fault.cause.code, fault.is_certain) == ("dest_storage_full", True)


@pytest.mark.parametrize("kind", ["badRequest", "preconditionFailed", "backendError"])
async def test_a_session_that_is_refused_is_told(ann: Destination, standin: GmailStandIn, kind: str) -> None:
    standin.faults.fail(kind, name="messages.import")
    assert (await refusal(ann)).is_certain
    assert standin.requests.by_name["upload"] == 0


async def test_a_session_that_was_not_begun_has_added_nothing(
    ann: Destination, standin: GmailStandIn
) -> None:
    standin.faults.drop("after", name="messages.import")
    fault = await refusal(ann)
    assert (fault.cause.code, fault.is_certain) == ("network", True)


@pytest.mark.parametrize(("number", "is_certain"), [(2, True), (3, False)])
async def test_an_upload_that_stands_still_is_given_up(
    ann: Destination, standin: GmailStandIn, number: int, *, is_certain: bool
) -> None:
    nth_chunk(standin, number, lambda: standin.faults.fail("backendError", name="upload", times=None))
    fault = await refusal(ann)
    assert (fault.cause.code, fault.is_certain) == ("dest_unavailable", is_certain)
    assert arrived(standin) == []
