"""Letters are valid messages, whatever is in them, and large ones are never in memory as a whole."""

import email
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage

import pytest

from bot.sandbox.gmail import mail
from bot.sandbox.gmail.errors import ApiError
from bot.sandbox.gmail.rules import Rules
from bot.sandbox.graph.mime import envelope_of
from bot.sandbox.office.letters import Letter

AT = datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
PLAIN = Letter(
    ("佐藤 春人", "haruto.sato@northwind.example"),
    ("Zoë & Partners 💼", "office@proseware.example"),
    "見積書のご送付について, “Überführung”",
    "Grüße,\n\nお手数ですが\n",
    AT,
    "<1.2@northwind.example>",
)
ATTACHED = replace(PLAIN, attachment="写真.jpg", weight=5_000)


def parsed(letter: Letter) -> EmailMessage:
    return email.message_from_bytes(b"".join(letter.chunks()), policy=policy.default)


@pytest.mark.parametrize("letter", [PLAIN, ATTACHED], ids=["plain", "attached"])
def test_a_letter_says_in_its_mime_what_its_envelope_says(letter: Letter) -> None:
    read = parsed(letter)
    assert read.defects == []
    assert (read["Subject"], read["Message-ID"]) == (letter.subject, letter.message_id)
    assert (read["From"].addresses[0].display_name, read["From"].addresses[0].addr_spec) == letter.sender
    assert read["To"].addresses[0].addr_spec == letter.to[1]
    assert read["Date"].datetime == AT
    assert envelope_of(letter) == letter.envelope


@pytest.mark.parametrize("letter", [PLAIN, ATTACHED], ids=["plain", "attached"])
def test_the_size_of_a_letter_is_that_of_its_bytes_each_time(letter: Letter) -> None:
    assert letter.size == len(b"".join(letter.chunks())) == len(b"".join(letter.chunks()))


def test_an_attachment_comes_with_its_name_after_the_text() -> None:
    text, file = parsed(ATTACHED).iter_parts()
    assert isinstance(text, EmailMessage)
    assert isinstance(file, EmailMessage)
    assert text.get_content().split() == PLAIN.text.split()
    assert file.get_filename() == "写真.jpg"
    assert len(file.get_content()) > 3_000


def test_a_heavy_letter_is_made_in_small_pieces() -> None:
    pieces = [len(piece) for piece in replace(ATTACHED, weight=2_000_000).chunks()]
    assert sum(pieces) > 1_900_000
    assert max(pieces) < 60_000


def test_gmail_refuses_a_letter_for_its_attachment_alone() -> None:
    def taken(letter: Letter) -> str:
        return mail.read(b"".join(letter.chunks()), Rules()).header("message-id")

    assert taken(ATTACHED) == PLAIN.message_id
    with pytest.raises(ApiError, match=r"."):
        taken(replace(ATTACHED, attachment="installer.jar"))
