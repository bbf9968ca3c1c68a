"""Whatever comes in, from Slack, from an engine or from a forger: a clear answer, and nothing lost."""

import hashlib
import hmac
import io
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.config import SlackMode
from bot.sandbox.slack.model import Message
from bot.sandbox.slack.roster import ADA
from tests.acceptance.engine import POLICY, completed, failed_item, mailbox, now, signed
from tests.acceptance.house import House, accepted, controls, house, words

LENA = "lena@northwind.example"
SIGNING_SECRET = "sandbox-signing-secret"
HOSTILE = {
    "fifty kilobytes": "ab " * 17_000,
    "control characters": "be\x07ll \x1b[31mred\x1b[0m null\x00byte \x08",
    "a mention of everybody": "<!channel> <!here> <@U0ADA> <http://evil.example|click me>",
    "right-to-left marks": "invoice\u202egpj.exe\u202c \u2066x\u2069 עברית",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈 " * 200,
    "markup": "*bold* `code` ```pre``` ~x~ &lt;!channel&gt;",
}


@pytest.fixture
async def home(sqlite_url: str) -> AsyncIterator[House]:
    async with house(SlackMode.HTTP, sqlite_url) as built:
        await built.engine.report(POLICY, mailbox(), completed("run-1"))
        yield built


def refused_by_slack(home: House) -> list[object]:
    return [call for call in home.slack.calls if "invalid_blocks" in str(call)]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_text_in_names_subjects_and_errors_reaches_every_card_and_harms_none(
    home: House, text: str
) -> None:
    hostile = failed_item(subject=text, sender=text, folder=text, message=text, code="unknown", run="run-2")
    await home.engine.report(hostile, completed("run-2", failed=1))

    alert = await home.alert("1 sync failure")
    cards = [await home.command(f"/sync {verb} {LENA}") for verb in ("status", "errors", "history")]
    accepted(await home.click(alert, "errors.view"))
    modal = await home.modal(LENA)

    payloads = [alert.blocks, *(card.blocks for card in cards), modal.payload["blocks"]]
    read, live = words({"blocks": payloads}), "\n".join(_markup(payloads))
    assert not [mark for mark in ("<!channel>", "<!here>", f"<@{ADA.id}>", "<http") if mark in live]
    assert not [mark for mark in ("\u202e", "\x00", "\x07", "\x1b") if mark in read]
    assert not refused_by_slack(home)


async def test_a_hundred_failures_on_one_mailbox_are_one_message_and_pages_of_a_modal(home: House) -> None:
    items = [failed_item(f"item-{n}", run="run-2", folder=f"Folder {n:03}") for n in range(100)]
    await home.engine.report(*items, completed("run-2", failed=100))
    alert = await home.alert("100 sync failures", "View all 100 errors")
    assert len(controls(alert, "failure.retry")) == 5

    accepted(await home.click(alert, "errors.view"))
    seen = 0
    for page in range(1, 14):
        modal = await home.modal(f"Page {page} of 13")
        seen += len(controls(modal, "failure.retry"))
        if page < 13:
            accepted(await home.click(modal, "page.next"))
    assert seen == 100
    assert not refused_by_slack(home)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "staus",
        "status not-an-address",
        "history",
        "errors @",
        "list nothing like this",
        "search %_'\"\\",
        "retry",
        f"retry {LENA} minus",
        f"retry {LENA} 99",
        "help nonsense",
        "x" * 5_000,
        "status a@b.c d@e.f",
        "status <mailto:nobody@nowhere.example|nobody@nowhere.example>",
        "\u202estatus",
        "<!channel>",
        "🤖",
    ],
)
async def test_every_line_after_the_command_gets_an_answer_with_what_to_do(home: House, line: str) -> None:
    answer = await home.command(f"/sync {line}")

    assert words(answer).strip()
    assert "reference" not in words(answer)
    assert not refused_by_slack(home)


async def test_an_address_in_every_form_finds_its_mailbox(home: House) -> None:
    for typed in (LENA, LENA.upper(), f"<mailto:{LENA}|{LENA}>", f" {LENA} ", "lena@tailspin.example"):
        answer = await home.command(f"/sync status {typed}")
        assert "Next scheduled sync" in words(answer), typed


async def test_an_unknown_address_gets_the_closest_as_buttons_and_one_click_shows_it(home: House) -> None:
    answer = await home.command("/sync status lenna@northwind.example")
    assert LENA in words(answer)

    accepted(await home.click(answer, "mailbox.choose"))

    await home.until(lambda: "Next scheduled sync" in words(_now(home, answer)))


async def test_several_mailboxes_with_one_address_are_a_choice(home: House) -> None:
    await home.engine.report(mailbox("mbx-2", source=LENA))
    answer = await home.command(f"/sync errors {LENA}")
    assert "Which one?" in words(answer)

    accepted(await home.click(answer, "mailbox.choose", nth=1))

    await home.until(lambda: "no unresolved failures" in words(_now(home, answer)))


@pytest.mark.parametrize(
    ("action_id", "value"),
    [
        ("failure.retry", '{"v":0,"failure":1}'),
        ("failure.retry", "42"),
        ("failure.retry", "x" * 2_000),
        ("failure.retry", '{"v":1,"failure":999999,"mailbox":999999}'),
        ("failure.resync", '{"v":1}'),
    ],
)
async def test_a_button_of_another_version_says_how_to_get_a_new_one(
    home: House, action_id: str, value: str
) -> None:
    await home.engine.report(failed_item(run="run-2"), completed("run-2", failed=1))
    alert = await home.alert("1 sync failure")
    old = next(block["accessory"] for block in alert.blocks if block.get("accessory"))
    old["action_id"], old["value"] = action_id, value

    accepted(await home.click(alert, action_id))

    told = await home.until(lambda: _told(home, alert))
    assert "/sync" in told
    assert not home.engine.asked


async def test_a_run_that_ends_before_it_started_is_kept_with_a_duration_of_nothing(home: House) -> None:
    later, earlier = now(), now() - timedelta(hours=1)
    started = home.engine.event(
        "sync.started", {"mailbox": "mbx-1", "run": "run-9", "kind": "delta"}, at=later
    )
    ended = home.engine.event(completed("run-9")[0], completed("run-9", changes=77)[1], at=earlier)
    status, answer = await home.engine.post([started, ended])
    assert (status, [one["result"] for one in answer["results"]]) == (202, ["applied", "applied"])

    assert "77 changes" in words(await home.command(f"/sync history {LENA}"))


async def test_events_in_any_order_and_twice_end_in_the_same_card(home: House) -> None:
    batch = [
        home.engine.event(*failed_item(run="run-3", key="mbx-7")),
        home.engine.event(*completed("run-3", "mbx-7", failed=1)),
        home.engine.event(*mailbox("mbx-7", "kofi@northwind.example")),
    ]
    for events in (batch, batch[::-1], batch):
        status, _ = await home.engine.post(events)
        assert status == 202

    card = await home.command("/sync status kofi@northwind.example")
    assert "1 sync failure" in words(card)
    alerts = await home.until(lambda: [m for m in home.alerts() if "kofi" in words(m)] or None)
    assert len(alerts) == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "soon"}, 401),
        ({"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "1e9"}, 401),
        ({"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "-1"}, 401),
        ({"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": str(int(now().timestamp()))}, 401),
    ],
)
async def test_a_forged_request_to_the_slack_endpoint_is_refused(
    home: House, headers: dict[str, str], status: int
) -> None:
    answer, _ = await _post(home, "/slack/events", b"command=/sync", headers)
    assert answer == status


async def test_an_old_but_genuine_request_is_refused(home: House) -> None:
    body = urlencode({"command": "/sync", "text": "help"}).encode()
    old = str(int((now() - timedelta(minutes=6)).timestamp()))
    digest = hmac.new(SIGNING_SECRET.encode(), f"v0:{old}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Signature": f"v0={digest}", "X-Slack-Request-Timestamp": old}
    answer, _ = await _post(home, "/slack/events", body, headers)
    assert answer == 401


async def test_oversized_and_malformed_events_are_refused_with_a_reason(home: House) -> None:
    for body, status in (("x" * 1_100_000, 413), ("{", 400), ("[]", 202), ("null", 400), ('"text"', 400)):
        headers = {"content-type": "application/cloudevents-batch+json", **signed(home.engine.secret, body)}
        answer, told = await _post(home, "/v1/events", body.encode(), headers)
        assert answer == status, (body[:20], told)


async def test_bad_events_are_named_by_their_index_and_the_good_ones_are_kept(home: House) -> None:
    good = home.engine.event(*failed_item("item-5"))
    typo = home.engine.event("item.failled", failed_item("item-6")[1])
    missing = home.engine.event("item.failed", {"mailbox": "mbx-1"})
    status, answer = await home.engine.post([typo, good, missing])

    assert status == 202
    assert [one["result"] for one in answer["results"]] == ["rejected", "applied", "rejected"]
    assert "item.failed" in answer["results"][0]["reason"]
    assert answer["results"][2]["index"] == 2
    await home.alert("1 sync failure")


def _markup(node: Any) -> Iterator[str]:
    """The texts in which Slack looks for mentions and links."""
    if isinstance(node, list):
        for child in node:
            yield from _markup(child)
    elif isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node["text"]
        for child in node.values():
            yield from _markup(child)


def _now(home: House, message: Message) -> Message:
    found = home.slack.world.message(message.channel, message.ts)
    assert found
    return found


def _told(home: House, alert: Message) -> str | None:
    seen = [m for m in home.slack.world.messages(alert.channel, ADA.id) if m.ephemeral_for == ADA.id]
    return words(seen[-1]) if seen else None


async def _post(home: House, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(home.bot_url + path, data=io.BytesIO(body), headers=headers) as answer,
    ):
        return answer.status, await answer.text()
