"""A client assertion is taken for one application, one endpoint and a short time."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.sandbox.graph.assertion import BadAssertion, check_assertion
from bot.sandbox.graph.model import App

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
START = int(NOW.timestamp())
AUDIENCE = "https://login.microsoftonline.com/t/oauth2/v2.0/token"
THUMBPRINT = bytes(range(20))
APP = App("t", "C", "secret", certificate_thumbprint=THUMBPRINT.hex())
HEADER = {"alg": "RS256", "typ": "JWT", "x5t": base64.urlsafe_b64encode(THUMBPRINT).decode().rstrip("=")}
CLAIMS = {"aud": AUDIENCE, "iss": "c", "sub": "c", "jti": "1", "nbf": START, "exp": START + 600}


def jwt(header: dict[str, Any], claims: dict[str, Any], signature: str = "signed") -> str:
    parts = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims)
    )
    return ".".join((*parts, signature))


def test_a_whole_one_is_taken() -> None:
    check_assertion(jwt(HEADER, CLAIMS), APP, {AUDIENCE}, NOW)


@pytest.mark.parametrize(
    ("header", "claims", "number"),
    [
        ({"alg": "none"}, {}, 50027),
        ({"x5t": None}, {}, 50027),
        ({"x5t": "AAAA"}, {}, 700027),
        ({}, {"aud": "https://elsewhere.example"}, 700023),
        ({}, {"iss": "another"}, 700021),
        ({}, {"jti": ""}, 50027),
        ({}, {"exp": START - 301}, 700024),
        ({}, {"nbf": START + 301}, 700024),
        ({}, {"exp": "soon"}, 50027),
    ],
)
def test_what_is_wrong_has_its_number(header: dict[str, Any], claims: dict[str, Any], number: int) -> None:
    with pytest.raises(BadAssertion) as caught:
        check_assertion(jwt(HEADER | header, CLAIMS | claims), APP, {AUDIENCE}, NOW)
    assert caught.value.number == number


@pytest.mark.parametrize("assertion", ["", "a.b", "a.b.c", "W10.W10.x", "!!.!!.!!", jwt(HEADER, CLAIMS, "")])
def test_what_is_no_jwt_is_refused(assertion: str) -> None:
    with pytest.raises(BadAssertion) as caught:
        check_assertion(assertion, APP, {AUDIENCE}, NOW)
    assert caught.value.number == 50027
