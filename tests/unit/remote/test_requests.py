"""RemoteEngine against a real server on loopback: every answer an engine may give."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from standardwebhooks import Webhook

from bot.domain.values import RetryKey
from bot.errors import BadSettings, EngineRefused, EngineUnreachable
from bot.ports import RetryRequest
from bot.remote.requests import RemoteEngine
from bot.wire.signing import Signer
from tests.unit.wire.samples import NOW, new_secret

SECRET = new_secret()
ITEM = RetryRequest(RetryKey("rty-1"), "mbx-1", "email", "AAMk-1", "U0ANNA", NOW, 1)
MAILBOX = RetryRequest(RetryKey("rty-2"), "mbx-1", None, None, "U0ANNA", NOW, 1)


@dataclass
class Outside:
    """An engine that answers what it was told to, and keeps what it was sent."""

    engine: RemoteEngine
    status: int = 202
    body: bytes = b""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    behaviour: Callable[[web.Request], Awaitable[web.Response]] | None = None


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    async def receive(request: web.Request) -> web.Response:
        engine.got.append(({k.lower(): v for k, v in request.headers.items()}, await request.read()))
        if engine.behaviour:
            return await engine.behaviour(request)
        return web.Response(status=engine.status, body=engine.body, headers={"Location": "/elsewhere"})

    app = web.Application()
    app.router.add_post("/requests", receive)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        timeout = aiohttp.ClientTimeout(total=5)
        client = RemoteEngine(
            session, str(server.make_url("/requests")), Signer(SECRET, setting="S"), timeout=timeout
        )
        engine = Outside(client)
        yield engine


async def test_an_item_is_asked_for_as_a_signed_event(outside: Outside) -> None:
    await outside.engine.request_retry(ITEM)
    [(headers, body)] = outside.got
    Webhook(SECRET).verify(body, headers)
    assert headers["webhook-id"] == headers["idempotency-key"] == "rty-1"
    assert json.loads(body)["type"] == "retry.requested"
    assert json.loads(body)["data"] == {
        "retry_id": "rty-1",
        "mailbox": "mbx-1",
        "service": "email",
        "item": "AAMk-1",
        "requested_at": "2026-03-09T09:00:00+00:00",
    }


async def test_a_mailbox_is_asked_for_as_a_whole(outside: Outside) -> None:
    await outside.engine.request_retry(MAILBOX)
    document = json.loads(outside.got[0][1])
    assert document["type"] == "sync.requested"
    assert document["data"]["item"] is None


async def test_the_reference_package_reads_what_is_sent(outside: Outside) -> None:
    await outside.engine.request_retry(ITEM)
    headers, body = outside.got[0]
    read = from_http_event(HTTPMessage({"content-type": headers["content-type"]}, body))
    assert (read.get_type(), read.get_id(), read.get_time()) == ("retry.requested", "rty-1", NOW)


async def test_nothing_tells_who_asked(outside: Outside) -> None:
    await outside.engine.request_retry(ITEM)
    assert "U0ANNA" not in str(outside.got)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_every_2xx_is_an_acceptance(outside: Outside, status: int) -> None:
    outside.status = status
    await outside.engine.request_retry(ITEM)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
async def test_what_passes_is_worth_sending_again(outside: Outside, status: int) -> None:
    outside.status = status
    with pytest.raises(EngineUnreachable, match=str(status)):
        await outside.engine.request_retry(ITEM)


@pytest.mark.parametrize("status", [400, 404, 409, 410, 422])
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"error": {"code": "x", "message": "No such item."}}', "No such item."),
        (b'{"error": "No such item."}', "No such item."),
        (b'{"title": "Gone", "detail": "No such item."}', "No such item."),
        (b'{"title": "Gone"}', "Gone"),
        (b'{"message": "a\\u0000b\\nc"}', "a b c"),
        (b'{"message": "' + b"x" * 9_000 + b'"}', "x" * 299 + "…"),
    ],
)
async def test_a_refusal_says_why(outside: Outside, status: int, body: bytes, reason: str) -> None:
    outside.status, outside.body = status, body
    with pytest.raises(EngineRefused) as raised:
        await outside.engine.request_retry(ITEM)
    assert (raised.value.sentence, raised.value.quotes) == (reason, True)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"\xff",
        b"[]",
        b"7",
        b'{"error": 7}',
        b'{"error": {}}',
        b"[" * 16_000,
        b'{"message": ""}',
        b'{"message": "' + b"x" * 900_000,
    ],
)
async def test_a_refusal_without_a_readable_reason_says_so(outside: Outside, body: bytes) -> None:
    outside.status, outside.body = 409, body
    with pytest.raises(EngineRefused, match=r"without a reason \(409\)"):
        await outside.engine.request_retry(ITEM)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_signature_names_the_secret(outside: Outside, status: int) -> None:
    outside.status = status
    with pytest.raises(EngineRefused, match="check SYNCBOT_ENGINE_SECRET"):
        await outside.engine.request_retry(ITEM)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 402, 405, 413, 415, 451])
async def test_an_answer_that_makes_no_sense_names_the_address(outside: Outside, status: int) -> None:
    outside.status = status
    with pytest.raises(EngineRefused, match=f"{status}: check SYNCBOT_ENGINE_URL"):
        await outside.engine.request_retry(ITEM)
    assert len(outside.got) == 1


async def test_a_connection_that_breaks_is_worth_another_try(outside: Outside) -> None:
    async def hang_up(request: web.Request) -> web.Response:
        assert request.transport
        request.transport.abort()
        return web.Response()

    outside.behaviour = hang_up
    with pytest.raises(EngineUnreachable, match="cannot be reached"):
        await outside.engine.request_retry(ITEM)


async def test_no_answer_in_time_is_worth_another_try(outside: Outside) -> None:
    with pytest.raises(EngineUnreachable, match="in time"):
        await _with_no_patience(outside).request_retry(ITEM)


def _with_no_patience(outside: Outside) -> RemoteEngine:
    inner = outside.engine
    return RemoteEngine(
        inner._session, inner._url, inner._signer, timeout=aiohttp.ClientTimeout(total=0.000_001)
    )


async def test_nobody_listening_is_worth_another_try(unused_tcp_port: int) -> None:
    async with aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{unused_tcp_port}/"
        with pytest.raises(EngineUnreachable):
            await RemoteEngine(session, url, Signer(SECRET, setting="S")).request_retry(ITEM)


@pytest.mark.parametrize(
    "url", ["", "engine.example", "ftp://engine.example", "http://", "https:///path", "http://["]
)
async def test_a_malformed_address_is_a_fault_of_the_settings(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(BadSettings, match="SYNCBOT_ENGINE_URL must be"):
            RemoteEngine(session, url, Signer(SECRET, setting="S"))
