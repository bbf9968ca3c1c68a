"""What is asked for and read exists in Microsoft's published types, and their samples are understood."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.engine.graph.shapes import Described, Folder, Identified, Message, Page, Placed, read

DATA = Path(__file__).resolve().parents[5] / "shared" / "data"


def published(page: str, name: str) -> set[str]:
    """Properties of a type of @microsoft/microsoft-graph-types."""
    schema = DATA / f"graph-{page}-page.schema.json"
    if not schema.exists():
        missing = "Microsoft's types are not beside this checkout"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    loaded: dict[str, Any] = json.loads(schema.read_text(encoding="utf-8"))
    return set(loaded["definitions"][name]["properties"])


def aliases(shape: type[Message | Folder | Described | Placed | Identified]) -> set[str]:
    found = {field.alias or name for name, field in shape.model_fields.items()}
    return {name for name in found if not name.startswith("@")}


@pytest.mark.parametrize("shape", [Message, Described, Placed])
def test_what_is_read_of_a_message_exists(shape: type[Message | Described | Placed]) -> None:
    known = published("message", "Message")
    assert aliases(shape) <= known
    assert set(shape.SELECT.split(",")) <= known


@pytest.mark.parametrize("shape", [Folder, Identified])
def test_what_is_read_of_a_folder_exists(shape: type[Folder | Identified]) -> None:
    known = published("folder", "MailFolder")
    assert aliases(shape) <= known
    assert set(shape.SELECT.split(",")) <= known


def test_what_is_needed_of_a_message_is_asked_for() -> None:
    """Else every message would look sparse."""
    asked = set(Message.SELECT.split(","))
    assert {"isRead", "isDraft", "flag", "receivedDateTime", "internetMessageId"} <= asked


def test_a_removal_needs_nothing_but_its_id() -> None:
    """The shape is that of https://learn.microsoft.com/graph/delta-query-messages"""
    page = {
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#Collection(message)",
        "@odata.deltaLink": "https://graph.microsoft.com/v1.0/me/mailFolders('A')/messages/delta?$deltatoken=G",
        "value": [
            {"@odata.type": "#microsoft.graph.message", "id": "AAMk=", "@removed": {"reason": "deleted"}},
            {"@odata.type": "#microsoft.graph.message", "id": "BBMk=", "@removed": {}},
        ],
    }
    found = read(Page[Message], json.dumps(page).encode())
    assert [entry.removed is not None for entry in found.value] == [True, True]


@pytest.mark.parametrize(
    ("status", "is_flagged"), [("flagged", True), ("notFlagged", False), ("complete", False), (None, False)]
)
def test_only_flagged_is_flagged(status: str | None, *, is_flagged: bool) -> None:
    found = read(Message, json.dumps({"id": "A", "flag": {"flagStatus": status}}).encode())
    assert found.told.is_flagged is is_flagged


@pytest.mark.parametrize("missing", ["isRead", "isDraft", "flag", "receivedDateTime"])
def test_a_message_that_lacks_what_was_asked_for_is_sparse(missing: str) -> None:
    whole = {"id": "A", "isRead": True, "isDraft": False, "flag": None, "receivedDateTime": None}
    assert not read(Message, json.dumps(whole).encode()).is_sparse
    del whole[missing]
    assert read(Message, json.dumps(whole).encode()).is_sparse


def test_fractions_of_a_second_are_read() -> None:
    found = read(Message, b'{"id": "A", "receivedDateTime": "2026-11-24T08:00:00.1234567Z"}')
    assert found.received_at is not None
    assert found.received_at.microsecond == 123456


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ({"emailAddress": {"name": "Ben", "address": "ben@x.example"}}, "ben@x.example"),
        ({"emailAddress": {"name": "Ben", "address": None}}, "Ben"),
        ({"emailAddress": None}, None),
        ({}, None),
        (None, None),
    ],
)
def test_a_sender_is_an_address_else_a_name(sender: object, expected: str | None) -> None:
    assert read(Described, json.dumps({"from": sender}).encode()).told.sender == expected
