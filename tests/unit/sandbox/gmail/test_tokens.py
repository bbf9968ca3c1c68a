"""The token endpoint, and what a token opens."""

import asyncio
import base64
import json
import time
from typing import Any

import aiohttp
import google.auth.transport.requests
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from google.auth.exceptions import RefreshError
from google.oauth2 import service_account

from bot.sandbox.gmail import GmailStandIn
from bot.sandbox.gmail.tokens import AUDIENCE, GRANT
from tests.unit.sandbox.gmail.clients import ANN, BEN, Client, Clock, Reply

MODIFY = "https://www.googleapis.com/auth/gmail.modify"
READONLY = "https://www.googleapis.com/auth/gmail.readonly"


def credentials(gmail: GmailStandIn, user: str | None = ANN, scope: str = MODIFY) -> Any:
    made: Any = service_account.Credentials
    found = made.from_service_account_info(gmail.key(), scopes=[scope])
    return found.with_subject(user) if user else found


async def refreshed(found: Any) -> Any:
    transport: Any = google.auth.transport.requests
    with transport.requests.Session() as session:
        await asyncio.to_thread(found.refresh, transport.Request(session))
    return found


async def refusal(gmail: GmailStandIn, user: str | None = ANN, scope: str = MODIFY) -> tuple[Any, Any]:
    with pytest.raises(RefreshError) as raised:
        await refreshed(credentials(gmail, user, scope))
    return raised.value.args[1]["error"], raised.value.args[1]["error_description"]


def encoded(document: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


def signed(key: dict[str, str], header: dict[str, Any] | None = None, **claims: Any) -> str:
    now = int(time.time())
    usual = {"iss": key["client_email"], "aud": AUDIENCE, "scope": MODIFY, "sub": ANN, "iat": now}
    text = (
        f"{encoded(header or {'alg': 'RS256', 'typ': 'JWT'})}.{encoded(usual | {'exp': now + 3600} | claims)}"
    )
    private = serialization.load_pem_private_key(key["private_key"].encode(), None)
    assert isinstance(private, rsa.RSAPrivateKey)
    signature = private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


async def asked(
    gmail: GmailStandIn, http: aiohttp.ClientSession, assertion: str, grant: str = GRANT
) -> Reply:
    form = {"grant_type": grant, "assertion": assertion}
    async with http.post(gmail.token_url, data=form) as answer:
        return Reply(answer.status, await answer.text())


async def test_a_service_account_gets_a_token_for_a_user(
    gmail: GmailStandIn, http: aiohttp.ClientSession
) -> None:
    found = await refreshed(credentials(gmail))
    profile = await Client(gmail, http, found.token).get("profile")
    assert profile.json["emailAddress"] == ANN


async def test_a_token_answer_has_the_documented_members(
    gmail: GmailStandIn, http: aiohttp.ClientSession
) -> None:
    answer = await asked(gmail, http, signed(gmail.key()))
    assert (answer.status, set(answer.json)) == (200, {"access_token", "expires_in", "token_type"})
    assert answer.json["token_type"] == "Bearer"


async def test_a_missing_user_is_an_invalid_grant(gmail: GmailStandIn) -> None:
    gmail.world.user(ANN).missing = True
    assert await refusal(gmail) == ("invalid_grant", "Invalid email or User ID")
    assert (await refusal(gmail, "nobody@example.com"))[0] == "invalid_grant"


async def test_a_revoked_key_signs_nothing_until_it_is_renewed(gmail: GmailStandIn) -> None:
    old = credentials(gmail)
    gmail.world.revoke_key()
    assert await refusal(gmail) == ("invalid_grant", "Invalid JWT Signature.")
    gmail.world.renew_key()
    with pytest.raises(RefreshError, match="Invalid JWT Signature"):
        await refreshed(old)
    assert (await refreshed(credentials(gmail))).token


async def test_a_scope_that_was_not_delegated_makes_an_unauthorized_client(gmail: GmailStandIn) -> None:
    gmail.world.delegate({READONLY})
    assert (await refusal(gmail))[0] == "unauthorized_client"
    assert (await refreshed(credentials(gmail, scope=READONLY))).token


async def test_what_is_no_scope_is_an_invalid_scope(gmail: GmailStandIn) -> None:
    assert (await refusal(gmail, scope="mail"))[0] == "invalid_scope"


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"aud": "https://example.com/token"}, "audience"),
        ({"exp": int(time.time()) + 7200}, "short-lived"),
        ({"iat": int(time.time()) - 7200, "exp": int(time.time()) - 3700}, "short-lived"),
        ({"iat": int(time.time()) + 1800, "exp": int(time.time()) + 3600}, "short-lived"),
        ({"iat": "now"}, "short-lived"),
        ({"iss": "other@example.com"}, "account not found"),
    ],
)
async def test_an_assertion_with_wrong_claims_is_refused(
    gmail: GmailStandIn, http: aiohttp.ClientSession, claims: dict[str, Any], said: str
) -> None:
    answer = await asked(gmail, http, signed(gmail.key(), **claims))
    assert (answer.status, answer.json["error"]) == (400, "invalid_grant")
    assert said in answer.json["error_description"]


async def test_only_rs256_and_its_signature_count(gmail: GmailStandIn, http: aiohttp.ClientSession) -> None:
    key = gmail.key()
    other = await asked(gmail, http, signed(key, {"alg": "none", "typ": "JWT"}))
    head, _, signature = signed(key).split(".")
    forged = await asked(gmail, http, f"{head}.{encoded({'iss': key['client_email']})}.{signature}")
    broken = await asked(gmail, http, "no.jwt")
    assert [each.json["error"] for each in (other, forged, broken)] == ["invalid_grant"] * 3


async def test_another_grant_is_not_supported(gmail: GmailStandIn, http: aiohttp.ClientSession) -> None:
    answer = await asked(gmail, http, signed(gmail.key()), grant="password")
    assert answer.json["error"] == "unsupported_grant_type"


async def test_a_request_needs_a_token(ann: Client) -> None:
    ann.token = "made up"
    wrong = await ann.get("labels")
    missing = await ann.send("GET", "labels", Authorization="")
    assert (wrong.status, wrong.reason, wrong.error["status"]) == (401, "authError", "UNAUTHENTICATED")
    assert (missing.status, missing.reason) == (401, "required")


async def test_a_token_lasts_an_hour(ann: Client, clock: Clock) -> None:
    clock.advance(seconds=3598)
    assert (await ann.get("labels")).status == 200
    clock.advance(seconds=2)
    assert (await ann.get("labels")).reason == "authError"


async def test_a_scope_opens_its_methods_alone(gmail: GmailStandIn, ann: Client) -> None:
    ann.token = gmail.token(ANN, READONLY)
    assert (await ann.get("labels")).status == 200
    refused = await ann.post("labels", {"name": "A"})
    assert (refused.status, refused.reason) == (403, "insufficientPermissions")
    ann.token = gmail.token(ANN)
    assert (await ann.send("DELETE", "messages/1")).reason == "insufficientPermissions"


async def test_a_user_is_me_or_the_address_of_the_token(ann: Client) -> None:
    assert (await ann.get(f"/gmail/v1/users/{ANN}/profile")).status == 200
    assert (await ann.get("/gmail/v1/users/Ann%40Example.com/profile")).status == 200
    refused = await ann.get(f"/gmail/v1/users/{BEN}/profile")
    assert (refused.status, refused.error["message"]) == (403, f"Delegation denied for {ANN}")


async def test_a_service_account_has_no_mailbox(gmail: GmailStandIn, ann: Client) -> None:
    ann.token = (await refreshed(credentials(gmail, None))).token
    assert (await ann.get("labels")).reason == "failedPrecondition"


async def test_the_state_of_an_account_is_told(gmail: GmailStandIn, ann: Client) -> None:
    mailbox = gmail.world.user(ANN)
    mailbox.service_off = True
    off = await ann.get("labels")
    assert (off.status, off.error["message"], off.error["status"]) == (
        400,
        "Mail service not enabled",
        "FAILED_PRECONDITION",
    )
    gmail.world.block("example.com")
    assert (await ann.get("labels")).reason == "domainPolicy"
    mailbox.missing = True
    assert (await ann.get("labels")).status == 404
