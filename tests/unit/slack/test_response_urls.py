"""Answers by response_url: their flags, their errors, their plain form."""

import pytest
from structlog.testing import capture_logs

from blocks.surface import Message
from bot.errors import DeliveryFailed, MessageGone
from bot.slack.client import RETRY_AFTER_DEFAULT, SlackClient
from tests.unit.slack.wire import DROPPED, Planned, Wire

MESSAGE = Message("Failed", [{"type": "divider"}])


@pytest.mark.parametrize(
    ("replace", "in_channel", "response_type"),
    [(False, False, "ephemeral"), (True, False, "ephemeral"), (False, True, "in_channel")],
)
async def test_an_answer_says_who_sees_it_and_what_it_replaces(
    wire: Wire, client: SlackClient, *, replace: bool, in_channel: bool, response_type: str
) -> None:
    await client.respond(wire.url, MESSAGE, replace=replace, in_channel=in_channel)
    [(_, sent)] = wire.calls
    assert (sent["replace_original"], sent["response_type"]) == (replace, response_type)
    assert (sent["text"], sent["blocks"]) == ("Failed", MESSAGE.blocks)


@pytest.mark.parametrize(
    "answer",
    [
        Planned({"ok": False, "error": "used_url"}, 404),
        Planned({"ok": False, "error": "expired_url"}, 404),
        Planned("no_service", 404, content_type="text/plain"),
        Planned("", 410, content_type="text/plain"),
        Planned("[]", 404),
    ],
)
async def test_a_url_that_is_used_up_is_gone(wire: Wire, client: SlackClient, answer: Planned) -> None:
    wire.will(answer)
    with pytest.raises(MessageGone):
        await client.respond(wire.url, MESSAGE)
    assert len(wire.calls) == 1


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (Planned({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "9"}), 9),
        (Planned("slow down", 429, content_type="text/plain"), RETRY_AFTER_DEFAULT),
        (Planned("oops", 500, content_type="text/plain"), RETRY_AFTER_DEFAULT),
        (Planned("", DROPPED), RETRY_AFTER_DEFAULT),
    ],
)
async def test_what_passes_says_how_long_to_wait(
    wire: Wire, client: SlackClient, answer: Planned, seconds: float
) -> None:
    wire.will(answer)
    with pytest.raises(DeliveryFailed) as failed:
        await client.respond(wire.url, MESSAGE)
    assert failed.value.retry_after == seconds
    assert len(wire.calls) == 1


async def test_refused_blocks_are_answered_as_plain_text(wire: Wire, client: SlackClient) -> None:
    wire.will(Planned("invalid_blocks", 400, content_type="text/plain"))
    with capture_logs() as logs:
        await client.respond(wire.url, MESSAGE, replace=True)
    assert wire.calls[1][1] == {
        "text": "Failed",
        "blocks": [],
        "replace_original": True,
        "response_type": "ephemeral",
    }
    assert [entry["log_level"] for entry in logs] == ["error"]


@pytest.mark.parametrize("url", ["", "not a url", "http://127.0.0.1:1/response/1"])
async def test_a_url_that_leads_nowhere_is_a_failed_delivery(client: SlackClient, url: str) -> None:
    with pytest.raises(DeliveryFailed):
        await client.respond(url, MESSAGE)
