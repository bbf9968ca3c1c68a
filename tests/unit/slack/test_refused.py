"""What Slack refuses in blocks is sent again in words, and logged, whichever way it was sent."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from blocks.surface import Home, Message, Modal
from bot.errors import DeliveryFailed
from bot.sandbox.slack.validate import check_view
from bot.slack.client import SlackClient
from handlers.payloads import OpenView
from tests.unit.slack.wire import Planned, Wire

BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "*3* failures"}}]
MESSAGE = Message("3 failures", BLOCKS)
MODAL = Modal("Status", BLOCKS, private_metadata="kept", submit="Save", notify_on_close=True)
OF_MESSAGES = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long")
OF_VIEWS = ("invalid_arguments", "view_too_large", "invalid_blocks")

Call = Callable[[SlackClient], Awaitable[object]]
MESSAGES: dict[str, Call] = {
    "chat.postMessage": lambda client: client.post("C1", MESSAGE),
    "chat.update": lambda client: client.edit("C1", "17.5", MESSAGE),
}
MODALS: dict[str, Call] = {
    "views.open": lambda client: client.open_view("T1", MODAL),
    "views.push": lambda client: client.push_view("T1", MODAL),
    "views.update": lambda client: client.update_view(OpenView(id="V1", hash="old"), MODAL),
}


async def logged(call: Call, client: SlackClient) -> list[tuple[str, str]]:
    with capture_logs() as logs:
        await call(client)
    return [(entry["log_level"], entry["reason"]) for entry in logs]


def view(sent: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(sent["view"]) if isinstance(sent["view"], str) else sent["view"]
    return found


@pytest.mark.parametrize("error", OF_MESSAGES)
@pytest.mark.parametrize("method", MESSAGES)
async def test_a_message_is_sent_as_plain_text(
    wire: Wire, client: SlackClient, method: str, error: str
) -> None:
    wire.refuse(error)
    assert await logged(MESSAGES[method], client) == [("error", error)]
    assert wire.methods == [method, method]
    assert (wire.calls[1][1]["text"], wire.calls[1][1]["blocks"]) == ("3 failures", [])


@pytest.mark.parametrize("error", OF_VIEWS)
@pytest.mark.parametrize("method", MODALS)
async def test_a_modal_is_sent_in_words_with_nothing_to_submit(
    wire: Wire, client: SlackClient, method: str, error: str
) -> None:
    wire.refuse(error)
    assert await logged(MODALS[method], client) == [("error", error)]
    first, second = (view(sent) for _, sent in wire.calls)
    assert wire.methods == [method, method]
    assert first["submit"]["text"] == "Save"
    assert "submit" not in second
    assert [block["text"]["text"] for block in second["blocks"]] == ["3 failures"]
    assert (second["private_metadata"], second["notify_on_close"]) == ("kept", True)
    assert check_view(second) == []


async def test_a_home_is_sent_in_safer_blocks_and_then_in_words(wire: Wire, client: SlackClient) -> None:
    wire.refuse("invalid_arguments")
    wire.refuse("invalid_arguments")
    safe = Home([{"type": "divider"}])

    def call(client: SlackClient) -> Awaitable[object]:
        return client.publish_home("U0ADA", Home(BLOCKS), None, lambda: safe)

    assert await logged(call, client) == [("error", "invalid_arguments")] * 2
    shown = [view(sent)["blocks"] for _, sent in wire.calls]
    assert shown[:2] == [BLOCKS, safe.blocks]
    assert shown[2][0]["text"]["text"] == "3 failures"


async def test_an_answer_is_sent_as_plain_text(wire: Wire, client: SlackClient) -> None:
    wire.will(Planned("invalid_blocks", 400, content_type="text/plain"))
    assert await logged(lambda client: client.respond(wire.url, MESSAGE), client) == [
        ("error", "invalid_blocks")
    ]
    assert (wire.calls[1][1]["text"], wire.calls[1][1]["blocks"]) == ("3 failures", [])


@pytest.mark.parametrize("call", [*MESSAGES.values(), *MODALS.values()], ids=[*MESSAGES, *MODALS])
async def test_words_that_are_refused_too_are_a_failure(wire: Wire, client: SlackClient, call: Call) -> None:
    wire.refuse("invalid_blocks")
    wire.refuse("invalid_blocks")
    with capture_logs(), pytest.raises(DeliveryFailed) as failed:
        await call(client)
    assert failed.value.retry_after is None
    assert len(wire.calls) == 2


async def test_the_log_says_where_slack_found_faults_and_not_what_stands_there(
    wire: Wire, client: SlackClient
) -> None:
    told = ["[ERROR] must be shorter: Salary of Ada [json-pointer:/view/blocks/3/text]", "[ERROR] other"]
    refusal = {"ok": False, "error": "invalid_arguments", "response_metadata": {"messages": told}}
    wire.will(Planned(refusal))
    with capture_logs() as logs:
        await client.open_view("T1", MODAL)
    assert logs[0]["places"] == ["/view/blocks/3/text"]
    assert "Salary" not in str(logs)


@pytest.mark.parametrize("error", ["hash_conflict", "not_found", "ratelimited", "expired_trigger_id"])
async def test_what_words_would_not_mend_is_not_sent_again(
    wire: Wire, client: SlackClient, error: str
) -> None:
    wire.refuse(error)
    with pytest.raises(DeliveryFailed):
        await client.update_view(OpenView(id="V1"), MODAL)
    assert len(wire.calls) == 1
