"""Slack over HTTP: signed requests reach their listener, and are answered 200 whatever comes of them."""

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlencode

import pytest
from slack_sdk.signature import SignatureVerifier
from starlette.responses import Response

from bot.errors import BadSignature
from bot.slack.app import build_app
from bot.slack.client import web_client
from bot.slack.endpoint import endpoint
from tests.unit.handlers.fakes import Bot, Json, click, command, shortcut, submission
from tests.unit.services.fakes import NOBODY
from tests.unit.slack.wire import TOKEN, Wire

SECRET = "not-a-real-secret"

Handle = Callable[[bytes, Mapping[str, str]], Awaitable[Response]]


def signed(form: Json) -> tuple[bytes, dict[str, str]]:
    body, timestamp = urlencode(form).encode(), str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=timestamp, body=body)
    return body, {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signature or "",
    }


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def handle(wire: Wire, bot: Bot) -> Handle:
    return endpoint(build_app(web_client(wire.url, TOKEN), bot.boundary), SECRET)


async def test_a_command_is_acknowledged_and_answered(handle: Handle, bot: Bot) -> None:
    answer = await handle(*signed(command("help")))
    assert answer.status_code == 200
    assert "What you can type" in bot.desk.text


@pytest.mark.parametrize("user", [NOBODY, "U0GHOST"])
async def test_a_refusal_is_answered_200_with_a_sentence(handle: Handle, bot: Bot, user: str) -> None:
    answer = await handle(*signed(command("status", user)))
    assert answer.status_code == 200
    assert user in bot.desk.text


@pytest.mark.parametrize("payload", [click("gone.away", "x" * 50_000), shortcut({}, callback_id="gone")])
async def test_what_is_not_known_any_more_is_answered_200_with_a_sentence(
    handle: Handle, bot: Bot, payload: Json
) -> None:
    answer = await handle(*signed({"payload": json.dumps(payload)}))
    assert answer.status_code == 200
    assert "older version" in bot.desk.text


@pytest.mark.parametrize(
    ("form", "action", "said"),
    [
        (submission(""), "errors", "Type an address"),
        (submission("x", callback_id="gone"), "update", "older version"),
    ],
)
async def test_the_acknowledgement_of_a_form_carries_its_next_content(
    handle: Handle, form: Json, action: str, said: str
) -> None:
    answer = await handle(*signed({"payload": json.dumps(form)}))
    content = json.loads(bytes(answer.body))
    assert content["response_action"] == action
    assert said in str(content)


async def test_what_slack_did_not_sign_never_reaches_a_listener(handle: Handle, bot: Bot) -> None:
    body, headers = signed(command("help"))
    with pytest.raises(BadSignature):
        await handle(body + b"&x=1", headers)
    assert bot.desk.log == []
