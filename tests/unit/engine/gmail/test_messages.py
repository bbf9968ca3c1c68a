"""Messages that are there already: found, relabelled and thrown away."""

from collections.abc import Awaitable, Callable

import pytest

from bot.engine.fault import Fault
from bot.engine.sides import Destination
from bot.sandbox.gmail import GmailStandIn
from tests.unit.engine.gmail.mails import ANN, mail, mime

GONE = "19a0000000ffffff"


async def put(ann: Destination, number: int = 1, *labels: str) -> str:
    return (await ann.put(mime(mail(number)), labels or ("INBOX",), is_sent=False))[0]


@pytest.mark.parametrize("labels", [["INBOX"], ["SPAM"], ["TRASH"]])
@pytest.mark.parametrize("message_id", ["<1@example.org>", "1@example.org", " <1@example.org> "])
async def test_a_message_is_found_wherever_it_is(
    ann: Destination, labels: list[str], message_id: str
) -> None:
    there = await put(ann, 1, *labels)
    await put(ann, 2)
    assert await ann.find(message_id) == (there,)


async def test_what_is_not_there_is_not_found(ann: Destination) -> None:
    assert await ann.find("<absent+&%@example.org>") == ()


async def test_all_pages_are_read(ann: Destination) -> None:
    there = {await put(ann) for _ in range(101)}
    found = await ann.find("<1@example.org>")
    assert (len(found), set(found)) == (101, there)


async def test_a_message_gets_and_loses_labels(ann: Destination, standin: GmailStandIn) -> None:
    there = await put(ann, 1, "INBOX", "UNREAD")
    await ann.modify(there, add={"STARRED"}, remove=["UNREAD"])
    assert standin.world.messages(ANN)[0].label_ids == ["INBOX", "STARRED"]


async def test_the_labels_of_a_message_are_told(ann: Destination) -> None:
    there = await put(ann, 1, "INBOX", "UNREAD")
    assert await ann.labels_of(there) == {"INBOX", "UNREAD"}
    await ann.modify(there, add=(), remove=["INBOX", "UNREAD"])
    assert await ann.labels_of(there) == await ann.labels_of(GONE) == frozenset()


async def test_a_change_of_nothing_asks_nothing(ann: Destination, standin: GmailStandIn) -> None:
    await ann.modify(GONE, add=(), remove=[])
    assert standin.requests.total == 0


async def test_a_label_that_is_gone_is_told(ann: Destination) -> None:
    there = await put(ann)
    with pytest.raises(Fault) as caught:
        await ann.modify(there, add=["Label_99"], remove=())
    assert (caught.value.cause.code, caught.value.is_certain) == ("dest_label_gone", True)


async def test_a_message_that_is_gone_is_left_alone(ann: Destination) -> None:
    await ann.modify(GONE, add=["STARRED"], remove=())
    await ann.trash(GONE)


async def test_a_message_is_thrown_away(ann: Destination, standin: GmailStandIn) -> None:
    there = await put(ann)
    types: list[str | None] = []
    standin.before(lambda call: types.append(call.headers.get("Content-Type")))
    await ann.trash(there)
    await ann.trash(there)
    assert standin.world.messages(ANN)[0].label_ids == ["TRASH"]
    assert types == [None, None]


@pytest.mark.parametrize(
    "call",
    [
        lambda ann: ann.modify(GONE, add=["STARRED"], remove=()),
        lambda ann: ann.trash(GONE),
        lambda ann: ann.find("<1@example.org>"),
    ],
    ids=["modify", "trash", "find"],
)
async def test_a_refusal_is_told(
    ann: Destination, standin: GmailStandIn, call: Callable[[Destination], Awaitable[object]]
) -> None:
    standin.world.user(ANN).service_off = True
    with pytest.raises(Fault) as caught:
        await call(ann)
    assert caught.value.cause.code == "dest_service_off"
