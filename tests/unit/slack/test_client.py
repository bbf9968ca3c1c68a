"""What Slack answers becomes our own errors, and nothing is ever sent twice."""

from collections.abc import Awaitable, Callable

import pytest

from blocks.surface import Message, Modal
from bot.errors import DeliveryFailed, MessageGone, ViewMoved
from bot.slack.client import RETRY_AFTER_DEFAULT, SlackClient
from handlers.payloads import OpenView
from tests.unit.slack.wire import DROPPED, Planned, Wire

BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Failed*"}}]
MESSAGE = Message("Failed", BLOCKS)
MODAL = Modal.of("Status", BLOCKS)
VIEW = OpenView(id="V1", hash="old")

Call = Callable[[SlackClient], Awaitable[object]]
CALLS: dict[str, Call] = {
    "chat.postMessage": lambda client: client.post("C1", MESSAGE),
    "chat.update": lambda client: client.edit("C1", "17.5", MESSAGE),
    "views.open": lambda client: client.open_view("T1", MODAL),
    "views.push": lambda client: client.push_view("T1", MODAL),
    "views.update": lambda client: client.update_view(VIEW, MODAL),
}
every_call = pytest.mark.parametrize("call", list(CALLS.values()), ids=list(CALLS))


async def failure(call: Call, client: SlackClient) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as failed:
        await call(client)
    return failed.value


@pytest.mark.parametrize(("method", "call"), list(CALLS.items()), ids=list(CALLS))
async def test_a_call_is_one_request_to_its_method(
    wire: Wire, client: SlackClient, method: str, call: Call
) -> None:
    await call(client)
    assert wire.methods == [method]


async def test_a_post_returns_its_ts_and_unfurls_nothing(wire: Wire, client: SlackClient) -> None:
    metadata = {"event_type": "syncbot_alert", "event_payload": {"alert": 7}}
    assert await client.post("C1", MESSAGE, metadata) == "17.5"
    sent = wire.calls[0][1]
    assert (sent["channel"], sent["text"]) == ("C1", "Failed")
    assert (sent["blocks"], sent["metadata"]) == (BLOCKS, metadata)
    assert (sent["unfurl_links"], sent["unfurl_media"]) == (False, False)


async def test_a_view_is_updated_under_the_hash_that_was_seen(wire: Wire, client: SlackClient) -> None:
    assert (await client.update_view(VIEW, MODAL)).hash == "new"
    assert wire.calls[0][1]["hash"] == "old"


@every_call
@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7), ("0", 0), (None, 30), ("soon", 30), ("-1", 30), ("٣", 30)]
)
async def test_a_429_says_how_long_to_wait(
    wire: Wire, client: SlackClient, call: Call, header: str | None, seconds: float
) -> None:
    headers = {"Retry-After": header} if header else {}
    wire.will(Planned({"ok": False, "error": "ratelimited"}, 429, headers))
    failed = await failure(call, client)
    assert (failed.reason, failed.retry_after) == ("ratelimited", seconds)
    assert len(wire.calls) == 1


@every_call
async def test_a_dropped_connection_is_a_failure_and_never_a_second_request(
    wire: Wire, client: SlackClient, call: Call
) -> None:
    wire.will(Planned("", DROPPED))
    failed = await failure(call, client)
    assert failed.retry_after == RETRY_AFTER_DEFAULT
    assert len(wire.calls) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Planned({"ok": False, "error": "internal_error"}, 500),
        Planned({"ok": False, "error": "fatal_error"}),
        Planned("<html>Bad Gateway</html>", 502, content_type="text/html"),
        Planned("<html>Welcome to the hotel</html>", 200, content_type="text/html"),
        Planned("upstream timed out", 504, content_type="text/plain"),
        Planned("ok", 200, content_type="text/plain"),
        Planned("{not json", 200),
        Planned("{not json", 503),
        Planned('["ok"]', 200),
        Planned("", 200),
        Planned("", 500),
        Planned("\xff", 200, content_type="application/json; charset=utf-8"),
    ],
    ids=lambda answer: f"{answer.status} {str(answer.body)[:12]} {answer.content_type}",
)
async def test_trouble_on_the_way_is_tried_again_later(
    wire: Wire, client: SlackClient, answer: Planned
) -> None:
    wire.will(answer)
    failed = await failure(CALLS["chat.postMessage"], client)
    assert failed.retry_after == RETRY_AFTER_DEFAULT
    assert len(wire.calls) == 1


@pytest.mark.parametrize(
    "error", ["is_archived", "not_in_channel", "invalid_auth", "missing_scope", "no_text"]
)
async def test_what_waiting_does_not_mend_says_so_in_slacks_own_word(
    wire: Wire, client: SlackClient, error: str
) -> None:
    wire.refuse(error)
    failed = await failure(CALLS["chat.postMessage"], client)
    assert (failed.reason, failed.retry_after) == (error, None)


@pytest.mark.parametrize("error", ["message_not_found", "cant_update_message"])
async def test_a_deleted_message_is_gone(wire: Wire, client: SlackClient, error: str) -> None:
    wire.refuse(error)
    assert isinstance(await failure(CALLS["chat.update"], client), MessageGone)


async def test_a_closed_view_is_gone_and_a_changed_one_has_moved(wire: Wire, client: SlackClient) -> None:
    wire.refuse("not_found")
    assert isinstance(await failure(CALLS["views.update"], client), MessageGone)
    wire.refuse("hash_conflict")
    assert isinstance(await failure(CALLS["views.update"], client), ViewMoved)


@every_call
async def test_a_server_that_is_not_there_is_a_failure(call: Call, client: SlackClient) -> None:
    client.web.base_url = "http://127.0.0.1:1/"
    assert (await failure(call, client)).retry_after == RETRY_AFTER_DEFAULT
