"""A file goes up first, then the message about it, then the file into that conversation."""

import json

import pytest

from bot.errors import DeliveryFailed
from bot.slack.client import SlackClient
from bot.slack.files import SlackFiles
from bot.views.exports import ErrorSheet
from tests.unit.blocks.examples import ALICE, NOON, line
from tests.unit.slack.wire import Planned, Wire

SHEET = ErrorSheet(ALICE, (line(),), 1, with_subjects=True, as_of=NOON)


async def test_it_is_uploaded_told_of_and_shared_where_it_was_told(wire: Wire, client: SlackClient) -> None:
    wire.will(
        Planned({"ok": True, "upload_url": f"{wire.url}upload/v1/T1", "file_id": "F1"}),
        Planned("OK", content_type="text/plain"),
        Planned({"ok": True, "channel": "D0ADA00001", "ts": "17.5"}),
        Planned({"ok": True, "files": [{"id": "F1"}]}),
    )
    await SlackFiles(client).send_errors("U0ADA", SHEET)
    assert wire.methods == [
        "files.getUploadURLExternal",
        "T1",
        "chat.postMessage",
        "files.completeUploadExternal",
    ]
    told, shared = wire.calls[2][1], wire.calls[3][1]
    assert told["channel"] == "U0ADA"
    assert "Q3" not in str(told)
    assert shared["channel_id"] == "D0ADA00001"
    assert json.loads(str(shared["files"])) == [{"id": "F1", "title": "Sync errors of alice@contoso.com"}]


@pytest.mark.parametrize("reason", ["missing_scope", "file_uploads_disabled"])
async def test_where_no_file_may_be_sent_nothing_is_said(
    wire: Wire, client: SlackClient, reason: str
) -> None:
    wire.refuse(reason)
    with pytest.raises(DeliveryFailed, match=reason):
        await SlackFiles(client).send_errors("U0ADA", SHEET)
    assert wire.methods == ["files.getUploadURLExternal"]


async def test_bytes_that_are_not_taken_are_a_failed_delivery(wire: Wire, client: SlackClient) -> None:
    wire.will(
        Planned({"ok": True, "upload_url": f"{wire.url}upload/v1/T1", "file_id": "F1"}),
        Planned("no", 500, content_type="text/plain"),
    )
    with pytest.raises(DeliveryFailed, match="http_500"):
        await SlackFiles(client).send_errors("U0ADA", SHEET)
    assert "chat.postMessage" not in wire.methods
