"""Settings that can each be read, and still do not do."""

import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.config import Settings
from bot.doctor.configuration import Configuration
from bot.doctor.course import examined
from bot.doctor.findings import State
from tests.unit.doctor.company import Findings

SECRET = "whsec_" + "c2VjcmV0" * 4


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def found(http: aiohttp.ClientSession, **settings: Any) -> Findings:
    configuration = Configuration(Settings(_env_file=None, **{"port": 0} | settings), http)
    return Findings(list(await examined(configuration.course)))


@pytest.fixture(autouse=True)
def _clean(clean_environment: None) -> None: ...


async def test_tokens_that_are_not_set_are_named(http: aiohttp.ClientSession) -> None:
    told = (await found(http, slack_mode="http")).told("Settings", "Slack")
    assert told.startswith("wrong\nNot set: SYNCBOT_SLACK_BOT_TOKEN and SYNCBOT_SLACK_SIGNING_SECRET.")


async def test_an_engine_outside_needs_a_secret(http: aiohttp.ClientSession) -> None:
    url = "https://engine.example"
    assert "nothing to sign" in (await found(http, engine_url=url)).told("Settings", "signatures")
    signed = await found(http, engine_url=url, events_secrets=SECRET)
    assert signed.told("Settings", "signatures").startswith("fine\n1 secret for the events API; retries are")


async def test_a_secret_that_is_none_is_named_and_not_told(http: aiohttp.ClientSession) -> None:
    told = (await found(http, events_secrets="not-base-64!")).told("Settings", "signatures")
    assert told.startswith("wrong\n")
    assert "SYNCBOT_EVENTS_SECRETS" in told
    assert "not-base-64" not in told


async def test_a_quota_too_small_for_one_message_is_wrong(http: aiohttp.ClientSession) -> None:
    assert "at least 50" in (await found(http, gmail_units_per_user=30)).told("Settings", "Gmail")


async def test_mail_does_not_cross_a_network_in_the_clear(http: aiohttp.ClientSession) -> None:
    assert "not https" in (await found(http, gmail_url="http://gmail.example")).told("Settings", "Gmail")


@pytest.mark.parametrize("url", ["https://", "http://[", "https://host:port", "https://host:0"])
async def test_an_address_that_is_none_is_named(http: aiohttp.ClientSession, url: str) -> None:
    told = (await found(http, graph_url=url)).told("Settings", "addresses")
    assert told.startswith("wrong\nNo address of a server: SYNCBOT_GRAPH_URL.")


async def test_an_address_other_than_the_usual_one_is_noted(http: aiohttp.ClientSession) -> None:
    assert "Set by you" not in (await found(http)).told("Settings", "addresses")
    told = (await found(http, graph_url="https://microsoftgraph.chinacloudapi.cn/v1.0")).told(
        "Settings", "addresses"
    )
    assert told.endswith("Set by you: SYNCBOT_GRAPH_URL.")


async def test_it_is_wrong_that_nobody_has_a_role(http: aiohttp.ClientSession) -> None:
    assert (await found(http)).state("Settings", "roles") is State.WRONG
    given = await found(http, admins="U0ADA", viewers="S0ALL,U0BEN")
    assert given.told("Settings", "roles").startswith("fine\n1 admin, 2 viewers")


async def test_a_free_port_is_fine_and_stays_free(http: aiohttp.ClientSession) -> None:
    with taken() as port:
        pass
    assert (await found(http, port=port)).told("Settings", "port").startswith("fine\n127.0.0.1 port")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", port))


async def test_a_port_that_a_stranger_has_is_wrong(http: aiohttp.ClientSession) -> None:
    async with serving({"info": {"title": "another"}}) as port:
        told = (await found(http, port=port)).told("Settings", "port")
    assert told.startswith(f"wrong\nCannot listen on 127.0.0.1 port {port}")
    assert "SYNCBOT_PORT" in told


async def test_a_port_that_a_syncbot_serves_already_is_fine(http: aiohttp.ClientSession) -> None:
    async with serving({"info": {"title": "syncbot"}}) as port:
        told = (await found(http, port=port)).told("Settings", "port")
    assert told.startswith(f"fine\nA syncbot that runs serves 127.0.0.1 port {port} already.")


@pytest.mark.parametrize("answer", [[], {"info": "syncbot"}, None])
async def test_a_stranger_may_answer_whatever_it_likes(http: aiohttp.ClientSession, answer: object) -> None:
    async with serving(answer) as port:
        assert (await found(http, port=port)).state("Settings", "port") is State.WRONG


async def test_a_host_that_is_not_ours_is_wrong(http: aiohttp.ClientSession) -> None:
    told = (await found(http, host="192.0.2.1", port=8080)).told("Settings", "port")
    assert told.startswith("wrong\nCannot listen on 192.0.2.1 port 8080")


@contextmanager
def taken() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


@asynccontextmanager
async def serving(description: object) -> AsyncIterator[int]:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response(description)

    app = web.Application()
    app.router.add_get("/openapi.json", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()
