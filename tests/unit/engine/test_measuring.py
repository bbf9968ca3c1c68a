"""The size of a message is what went through, once all of it did."""

from collections.abc import AsyncIterator, Sequence

import pytest

from bot.engine.measuring import Measured
from bot.engine.sides import Mime

PIECES = (b"Subject: x\r\n\r\n", b"Body", b"\r\n")


async def chunked(pieces: Sequence[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


@pytest.mark.parametrize("announced", [None, 3, 20])
async def test_what_went_through_counts_more_than_what_was_announced(announced: int | None) -> None:
    measured = Measured(Mime(announced, rest=chunked(PIECES)))
    assert measured.size == announced
    assert [piece async for piece in measured.mime.pieces()] == [*PIECES]
    assert measured.size == 20


async def test_what_broke_off_is_as_large_as_announced() -> None:
    measured = Measured(Mime(99, rest=chunked(PIECES)))
    async for _ in measured.mime.pieces():
        break
    assert measured.size == 99


async def test_an_empty_message_has_no_bytes() -> None:
    measured = Measured(Mime(None, rest=chunked(())))
    assert [piece async for piece in measured.mime.pieces()] == []
    assert measured.size == 0


async def test_the_announced_size_goes_on_with_the_message() -> None:
    assert Measured(Mime(7, rest=chunked(()))).mime.size == 7
