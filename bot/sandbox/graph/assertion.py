"""A client assertion: a JWT by which an application proves that it has its certificate's key.

https://learn.microsoft.com/entra/identity-platform/certificate-credentials . The signature is not verified:
only the thumbprint is known here, as it is all that the assertion names.
"""

import base64
import binascii
import json
from collections.abc import Collection
from datetime import datetime, timedelta

from bot.sandbox.graph.errors import Json
from bot.sandbox.graph.model import App

ALGORITHMS = {"RS256": "x5t", "PS256": "x5t#S256"}
PARTS = 3
SKEW = timedelta(minutes=5)


class BadAssertion(Exception):
    def __init__(self, number: int, text: str) -> None:
        super().__init__(text)
        self.number = number


def check_assertion(assertion: str, app: App, audiences: Collection[str], now: datetime) -> None:
    """Raises BadAssertion."""
    parts = assertion.split(".")
    if len(parts) != PARTS or not parts[2]:
        raise BadAssertion(50027, "JWT token is invalid or malformed.")
    header, claims = _read(parts[0]), _read(parts[1])
    _check_key(header, app)
    _check_parties(claims, app, audiences)
    _check_times(claims, now)


def _check_key(header: Json, app: App) -> None:
    named = ALGORITHMS.get(str(header.get("alg")))
    if named is None or not header.get(named):
        raise BadAssertion(50027, "JWT token is invalid or malformed. No certificate thumbprint specified.")
    used = _hexadecimal(str(header[named]))
    if app.certificate_thumbprint is None or used != app.certificate_thumbprint.replace(":", "").upper():
        text = (
            "The certificate with identifier used to sign the client assertion is not registered on"
            f" application. [Reason - The key was not found., Thumbprint of key used by client: '{used}']"
        )
        raise BadAssertion(700027, text)


def _check_parties(claims: Json, app: App, audiences: Collection[str]) -> None:
    if claims.get("aud") not in audiences:
        raise BadAssertion(700023, "Client assertion audience claim does not match Realm issuer.")
    if not str(claims.get("iss")).lower() == str(claims.get("sub")).lower() == app.client_id.lower():
        raise BadAssertion(
            700021, "Client assertion application identifier doesn't match 'client_id' parameter."
        )
    if not claims.get("jti"):
        raise BadAssertion(50027, "JWT token is invalid or malformed. No 'jti'.")


def _check_times(claims: Json, now: datetime) -> None:
    start, end = _number(claims.get("nbf", claims.get("iat"))), _number(claims.get("exp"))
    skew = SKEW.total_seconds()
    if not start - skew <= now.timestamp() < end + skew:
        raise BadAssertion(700024, "Client assertion is not within its valid time range.")


def _number(value: object) -> float:
    if isinstance(value, int | float):
        return float(value)
    raise BadAssertion(50027, "JWT token is invalid or malformed. A time is missing.")


def _read(part: str) -> Json:
    try:
        found = json.loads(_raw(part))
    except (binascii.Error, ValueError) as error:
        raise BadAssertion(50027, "JWT token is invalid or malformed.") from error
    if not isinstance(found, dict):
        raise BadAssertion(50027, "JWT token is invalid or malformed.")
    return found


def _hexadecimal(thumbprint: str) -> str:
    try:
        return _raw(thumbprint).hex().upper()
    except (binascii.Error, ValueError) as error:
        raise BadAssertion(50027, "JWT token is invalid or malformed.") from error


def _raw(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
