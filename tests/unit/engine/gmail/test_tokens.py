"""Tokens are got once for each user, kept while they hold, and got with a renewed key without a restart."""

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.domain.connections import GoogleWorkspace, Keeper, SecretRef
from bot.engine.fault import Fault
from bot.engine.gmail import SCOPES, Gmail, Quotas
from bot.engine.gmail.tokens import Tokens
from bot.engine.sides import Destination
from bot.errors import BadSettings
from bot.sandbox.gmail import GmailStandIn
from tests.unit.engine.gmail.conftest import PLENTY
from tests.unit.engine.gmail.mails import ANN, BEN, connection, write_key

FENCE = 5 * "-"


def asked(standin: GmailStandIn) -> int:
    return standin.requests.by_name["token"]


async def refusal(tokens: Tokens | Gmail, user: str = ANN) -> Fault:
    with pytest.raises(Fault) as caught:
        await tokens.token(user)
    return caught.value


async def test_a_token_is_kept_while_it_holds(gmail: Gmail, ann: Destination, standin: GmailStandIn) -> None:
    first = await gmail.token(ANN)
    await ann.labels()
    assert await gmail.token(ANN) == first
    assert asked(standin) == 1


async def test_each_user_has_a_token_of_his_own(gmail: Gmail, standin: GmailStandIn) -> None:
    assert await gmail.token(ANN) != await gmail.token(BEN)
    assert await gmail.token(ANN.upper()) == await gmail.token(ANN)
    assert asked(standin) == 2


async def test_many_who_ask_at_once_wait_for_one_request(gmail: Gmail, standin: GmailStandIn) -> None:
    assert len(set(await asyncio.gather(*(gmail.token(ANN) for _ in range(20))))) == 1
    assert asked(standin) == 1


async def test_many_who_ask_at_once_share_a_refusal(gmail: Gmail, standin: GmailStandIn) -> None:
    standin.faults.fail("unauthorized_client", name="token", times=None)
    found = await asyncio.gather(*(refusal(gmail) for _ in range(20)))
    assert {fault.cause.code for fault in found} == {"dest_scope"}
    assert asked(standin) == 1


async def test_who_waits_is_served_though_the_first_gave_up(gmail: Gmail, standin: GmailStandIn) -> None:
    standin.faults.stall(name="token")
    arrived = asyncio.Event()
    standin.before(lambda _: arrived.set())
    first = asyncio.create_task(gmail.token(ANN))
    second = asyncio.create_task(gmail.token(ANN))
    await arrived.wait()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await asyncio.sleep(0)
    standin.faults.release()
    assert await second
    assert asked(standin) == 1


async def test_a_token_that_gmail_refuses_is_replaced_once(
    gmail: Gmail, ann: Destination, standin: GmailStandIn
) -> None:
    before = await gmail.token(ANN)
    standin.tokens.expire()
    await ann.labels()
    assert await gmail.token(ANN) != before
    assert asked(standin) == 2


async def test_a_second_refusal_is_told(ann: Destination, standin: GmailStandIn) -> None:
    standin.faults.fail("authError", name="labels.list", times=None)
    with pytest.raises(Fault) as caught:
        await ann.labels()
    assert caught.value.cause.code == "dest_auth"
    assert (standin.requests.by_name["labels.list"], asked(standin)) == (2, 2)


async def test_a_refused_token_does_not_take_a_newer_one_along(key: Path, standin: GmailStandIn) -> None:
    tokens = Tokens(connection(key))
    old = await tokens.token(ANN)
    tokens.refuse(ANN, old)
    new = await tokens.token(ANN)
    tokens.refuse(ANN, old)
    assert await tokens.token(ANN) == new


async def test_a_renewed_key_works_without_a_restart(gmail: Gmail, key: Path, standin: GmailStandIn) -> None:
    await gmail.token(ANN)
    standin.world.renew_key()
    assert (await refusal(gmail, BEN)).cause.code == "dest_auth"
    write_key(key, standin)
    assert await gmail.token(BEN)


@pytest.mark.parametrize(
    ("kind", "code", "words"),
    [
        ("invalid_grant", "dest_user_missing", "invalid_grant: Invalid email or User ID"),
        ("unauthorized_client", "dest_scope", "unauthorized_client: Client is unauthorized"),
        ("invalid_scope", "dest_scope", "invalid_scope: "),
    ],
)
async def test_a_refusal_of_the_token_endpoint_is_translated(
    gmail: Gmail, standin: GmailStandIn, kind: str, code: str, words: str
) -> None:
    standin.faults.fail(kind, name="token")
    fault = await refusal(gmail)
    assert (fault.cause.code, fault.is_certain) == (code, True)
    assert words in str(fault)


async def test_an_account_that_is_missing_is_told(gmail: Gmail, standin: GmailStandIn) -> None:
    standin.world.user(ANN).missing = True
    assert (await refusal(gmail)).cause.code == "dest_user_missing"


async def test_a_scope_that_was_not_delegated_is_told(gmail: Gmail, standin: GmailStandIn) -> None:
    standin.world.delegate(["https://www.googleapis.com/auth/gmail.labels"])
    assert (await refusal(gmail)).cause.code == "dest_scope"
    standin.world.delegate(SCOPES)
    assert await gmail.token(ANN)


async def test_a_revoked_key_is_no_missing_user(gmail: Gmail, standin: GmailStandIn) -> None:
    standin.world.revoke_key()
    fault = await refusal(gmail)
    assert fault.cause.code == "dest_auth"
    assert "Invalid JWT Signature" in str(fault)


async def test_no_connection_is_a_matter_of_the_network(gmail: Gmail, standin: GmailStandIn) -> None:
    standin.faults.drop("before", name="token", times=None)
    assert (await refusal(gmail)).cause.code == "network"


async def test_a_fault_of_any_call_is_that_of_its_token(ann: Destination, standin: GmailStandIn) -> None:
    standin.world.user(ANN).missing = True
    with pytest.raises(Fault) as caught:
        await ann.labels()
    assert (caught.value.cause.code, caught.value.is_certain) == ("dest_user_missing", True)


async def test_a_key_that_is_not_there_is_told(http: aiohttp.ClientSession) -> None:
    absent = GoogleWorkspace("google", SecretRef(Keeper.ENV, "SYNCBOT_TEST_NO_SUCH_KEY"))
    gmail = Gmail(http, absent, url="http://localhost", quotas=Quotas(6_000, 6_000), largest_message=1)
    fault = await refusal(gmail)
    assert fault.cause.code == "dest_auth"
    assert "env:SYNCBOT_TEST_NO_SUCH_KEY is not set" in str(fault)


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def without(name: str) -> dict[str, Any]:
    return {name: None}


@pytest.mark.parametrize(
    "changes",
    [
        {"private_key": f"{FENCE}BEGIN PRIVATE KEY{FENCE}\nhush\n{FENCE}END PRIVATE KEY{FENCE}\n"},
        without("private_key"),
        without("client_email"),
        without("token_uri"),
        {"token_uri": "http://oauth2.example.com/token"},
        {"token_uri": "ftp://localhost/token"},
        {"token_uri": "http://[::1/token"},
        {"universe_domain": "example.com"},
    ],
)
async def test_a_key_that_is_none_is_told_without_its_text(
    key: Path, standin: GmailStandIn, changes: dict[str, Any]
) -> None:
    write(key, json.dumps(standin.key() | changes))
    fault = await refusal(Tokens(connection(key)))
    assert fault.cause.code == "dest_auth"
    assert str(fault) == f"file:{key} of the connection google is no key file of a service account."
    assert fault.__cause__ is None
    assert asked(standin) == 0


async def test_text_that_is_no_key_is_told(key: Path) -> None:
    write(key, "hush")
    assert (await refusal(Tokens(connection(key)))).cause.code == "dest_auth"


@pytest.mark.parametrize("status", [200, 403, 502])
@pytest.mark.parametrize("body", ["<html>Sign in</html>", "[]", '{"access_token": "a", "expires_in": "x"}'])
async def test_an_answer_of_something_on_the_way_says_nothing_about_the_credentials(
    key: Path, standin: GmailStandIn, status: int, body: str
) -> None:
    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response(status=status, text=body)

    runner = web.ServerRunner(web.Server(answer, access_log=None), shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    write_key(key, standin, token_uri=f"http://127.0.0.1:{runner.addresses[0][1]}/token")
    code = (await refusal(Tokens(connection(key)))).cause.code
    await runner.cleanup()
    assert code == "dest_unavailable"


@pytest.mark.parametrize(
    "url", ["http://gmail.googleapis.com", "gmail.googleapis.com", "", "https://", "http://[1"]
)
def test_an_address_of_the_api_must_be_safe_for_tokens(
    http: aiohttp.ClientSession, key: Path, url: str
) -> None:
    with pytest.raises(BadSettings, match="https is required"):
        Gmail(http, connection(key), url=url, quotas=PLENTY, largest_message=1)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_a_token_is_got_in_the_clear_on_this_machine_alone(
    key: Path, standin: GmailStandIn, host: str
) -> None:
    write_key(key, standin, token_uri=standin.token_url.replace("127.0.0.1", host))
    known = Tokens(connection(key))
    try:
        assert await known.token(ANN)
    except Fault as fault:  # the stand-in knows its audience by one name only
        assert "audience" in str(fault)  # noqa: PT017
