"""What Exchange keeps of a message is read from its headers, however poor they are."""

import pytest

from bot.sandbox.graph.mime import BytesMime, Envelope, MimeSource, RepeatedMime, envelope_of


@pytest.mark.parametrize("mime", [b"", b"no headers at all", b"\r\n", b"\xff\xfe: \x00\r\n\r\n"])
def test_poor_mime_has_an_empty_envelope(mime: bytes) -> None:
    assert envelope_of(BytesMime(mime)) == Envelope()


@pytest.mark.parametrize("date", ["yesterday", "Mon, 02 Mar 2026 09:00:00"])
def test_a_date_that_names_no_moment_is_none(date: str) -> None:
    assert envelope_of(BytesMime(f"Date: {date}\r\n\r\n".encode())).sent_at is None


@pytest.mark.parametrize("size", [4, 16, 17, 200_000])
def test_a_repeated_one_is_as_long_as_said(size: int) -> None:
    source = RepeatedMime(b"Subject: x\r\n\r\n.", size)
    assert isinstance(source, MimeSource)
    assert sum(map(len, source.chunks())) == source.size == size
