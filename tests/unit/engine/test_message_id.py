"""A message keeps its bytes and its Message-ID, and gets one where it has none."""

import re
from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.engine.message_id import LONGEST_HEADER, identified, made_up_id
from bot.engine.sides import Mime

MADE_UP = made_up_id("mailbox", "source-id")
ON_TOP = f"Message-ID: {MADE_UP}\r\n".encode()


async def chunked(pieces: Sequence[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def pieces_of(whole: bytes, length: int) -> list[bytes]:
    return [whole[at : at + length] for at in range(0, len(whole), length)]


async def passed(*pieces: bytes) -> tuple[str, int | None, bytes]:
    """What became of a message: its Message-ID, its announced size, its bytes."""
    found, mime = await identified(Mime(sum(map(len, pieces)), rest=chunked(pieces)), lambda: MADE_UP)
    return found, mime.size, b"".join([piece async for piece in mime.pieces()])


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"Message-ID: <a@b.example>\r\n\r\n", "<a@b.example>"),
        (b"Message-Id: <a@b.example>\n\n", "<a@b.example>"),
        (b"message-id:<a@b.example>\r\n\r\n", "<a@b.example>"),
        (b"MESSAGE-ID :\t<a@b.example>  \r\n\r\n", "<a@b.example>"),
        (b"Subject: x\r\nMessage-ID:\r\n <a@b.example>\r\nTo: y\r\n\r\n", "<a@b.example>"),
        (b"Subject: x\nMessage-ID:\n\t<a@b.example>\nTo: y\n\n", "<a@b.example>"),
        (b"Message-ID: <first@b.example>\r\nMessage-ID: <second@b.example>\r\n\r\n", "<first@b.example>"),
        (b"Subject: caf\xe9\r\nMessage-ID: <\xe9@b.example>\r\n\r\n", "<\ufffd@b.example>"),
        (b"Message-ID: <nul\x00@b.example>\r\n\r\n", "<nul @b.example>"),
        (b"Message-ID: no brackets\r\n\r\n", "no brackets"),
        (b"Subject: x\r\nbroken line\r\nMessage-ID: <a@b.example>\r\n\r\n", "<a@b.example>"),
        (b"Message-ID: <a@b.example>", "<a@b.example>"),
        (b"Subject: x\nMessage-ID: <a@b.example>\n\r\n", "<a@b.example>"),
    ],
)
async def test_a_message_id_is_read_however_it_is_written_and_nothing_is_changed(
    header: bytes, expected: str
) -> None:
    assert await passed(header) == (expected, len(header), header)


@pytest.mark.parametrize(
    "message",
    [
        b"Subject: x\r\n\r\nMessage-ID: <a@b.example>\r\n",
        b"Subject: x\n\nMessage-ID: <a@b.example>\n\n",
        b"Subject: x\n\r\nMessage-ID: <a@b.example>\r\n\r\n",
        b"\r\nMessage-ID: <a@b.example>\r\n\r\n",
        b"Subject: x\r\n Message-ID: <folded@into.subject>\r\n\r\n",
        b"X-Message-ID: <a@b.example>\r\nIn-Reply-To: <c@d.example>\r\n\r\n",
        b"Message-ID:\r\nSubject: <not@an.id>\r\n\r\n",
        b"Message-ID: \r\n \r\n\r\n",
        b"Subject: no end",
        b"no header at all",
    ],
)
async def test_a_message_without_one_gets_the_made_up_one_on_top(message: bytes) -> None:
    assert await passed(message) == (MADE_UP, len(ON_TOP) + len(message), ON_TOP + message)


async def test_an_empty_message_gets_one_too() -> None:
    assert await passed() == (MADE_UP, len(ON_TOP), ON_TOP)


async def test_a_size_that_nobody_announced_stays_unknown() -> None:
    _, mime = await identified(Mime(None, rest=chunked([b"Subject: x\r\n\r\n"])), lambda: MADE_UP)
    assert mime.size is None


@pytest.mark.parametrize("length", [1 << 14, 100_000, 1 << 20])
async def test_in_a_header_beyond_the_limit_it_is_not_looked_for(length: int) -> None:
    line = b"X-Long: " + b"x" * 90 + b"\r\n"
    message = line * (LONGEST_HEADER // len(line) + 1) + b"Message-ID: <late@b.example>\r\n\r\nBody"
    assert await passed(*pieces_of(message, length)) == (
        MADE_UP,
        len(ON_TOP) + len(message),
        ON_TOP + message,
    )


async def test_a_long_message_is_not_read_ahead() -> None:
    """The rest is fetched only as fast as it is sent."""
    read: list[int] = []

    async def watched() -> AsyncIterator[bytes]:
        for number, piece in enumerate([b"Message-ID: <a@b.example>\r\n", b"\r\nBody", b"More"]):
            read.append(number)
            yield piece

    await identified(Mime(None, rest=watched()), lambda: MADE_UP)
    assert read == [0, 1]


lines = st.sampled_from(
    [
        *(b"Message-ID: <a@b.example>", b"message-id:", b" <folded@b.example>", b"\tfolded", b"Subject: x"),
        *(b"", b"", b"Body", b"\xe9\xff\x00", b"\r", b"Message-ID"),
    ]
)
messages = st.lists(st.tuples(lines, st.sampled_from([b"\r\n", b"\n", b""])), max_size=8).map(
    lambda pairs: b"".join(line + end for line, end in pairs)
)


@given(messages | st.binary(max_size=60), st.integers(1, 9))
@example(b"Message-ID: <a@b.example>\r\n\r\nMessage-ID: <c@d.example>\r\n", 1)
async def test_the_pieces_in_which_a_message_comes_make_no_difference(message: bytes, length: int) -> None:
    found, size, whole = await passed(*pieces_of(message, length))
    assert (found, size, whole) == await passed(message)
    assert whole == (ON_TOP if found == MADE_UP else b"") + message
    assert size == len(whole)


@given(messages.filter(lambda message: message[:1] not in (b" ", b"\t")))
async def test_a_message_that_passes_twice_is_changed_once(message: bytes) -> None:
    found, _, once = await passed(message)
    assert await passed(once) == (found, len(once), once)


def test_a_made_up_id_is_valid_the_same_each_time_and_another_for_each_message() -> None:
    assert made_up_id("mailbox", "source-id") == MADE_UP
    others = {
        made_up_id("mailbox", "source-iD"),
        made_up_id("mailbox2", "source-id"),
        made_up_id("mailbox", "é"),
    }
    assert len(others | {MADE_UP}) == 4
    assert re.fullmatch(r"<[0-9a-f]{32}@syncbot\.invalid>", MADE_UP)
