"""The token endpoint: a signed assertion for an access token.

https://developers.google.com/identity/protocols/oauth2/service-account#httprest
"""

import base64
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from bot.sandbox.gmail.errors import ApiError, TokenError, unauthorized_client
from bot.sandbox.gmail.world import FULL, World

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
AUDIENCE = "https://oauth2.googleapis.com/token"
LIFETIME = 3599
"""Seconds. An assertion may ask for an hour at most."""
LEEWAY = 300
"""Seconds by which the clocks may differ; Google gives no number."""
_PREFIX = "https://www.googleapis.com/auth/"
_WINDOW = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
    "Check your iat and exp values in the JWT claim."
)


@dataclass(frozen=True, slots=True)
class Access:
    """`user` is None of the service account itself, which has no mailbox. `expires_at` in seconds."""

    user: str | None
    scopes: frozenset[str]
    expires_at: float


class Tokens:
    """`clock` rules how long tokens hold; `wall_clock` is what the one who signs an assertion goes by."""

    def __init__(self, world: World, clock: Callable[[], float], wall_clock: Callable[[], float]) -> None:
        self._world = world
        self._clock = clock
        self._wall_clock = wall_clock
        self._issued: dict[str, Access] = {}
        self.token_url = ""

    def expire(self) -> None:
        """Makes every token given so far invalid."""
        self._issued.clear()

    def grant(self, content_type: str, body: bytes) -> bytes:
        claims = self._world.account.claims(_assertion(content_type, body))
        self._check_times(claims)
        if claims.get("aud") not in {AUDIENCE, self.token_url}:
            raise TokenError("invalid_grant", "Invalid JWT: Failed audience check.")
        scopes = _scopes(claims)
        token = self.issue(self._user(claims, scopes), scopes)
        answer = {"access_token": token, "expires_in": LIFETIME, "token_type": "Bearer"}
        return json.dumps(answer).encode()

    def issue(self, user: str | None, scopes: frozenset[str]) -> str:
        token = "ya29.stand-in-" + secrets.token_urlsafe(24)
        self._issued[token] = Access(user, scopes, self._clock() + LIFETIME)
        return token

    def access(self, authorization: str | None) -> Access:
        if not authorization:
            raise ApiError("loginRequired")
        scheme, _, token = authorization.partition(" ")
        found = self._issued.get(token)
        if scheme.lower() != "bearer" or found is None or found.expires_at <= self._clock():
            raise ApiError("authError")
        return found

    def _check_times(self, claims: dict[str, Any]) -> None:
        issued, expires, now = claims.get("iat"), claims.get("exp"), self._wall_clock()
        if not isinstance(issued, int) or not isinstance(expires, int):
            raise TokenError("invalid_grant", _WINDOW)
        is_short = 0 < expires - issued <= LIFETIME + 1
        if not is_short or issued > now + LEEWAY or expires < now - LEEWAY:
            raise TokenError("invalid_grant", _WINDOW)

    def _user(self, claims: dict[str, Any], scopes: frozenset[str]) -> str | None:
        address = claims.get("sub")
        if address is None:
            return None
        mailbox = self._world.find(str(address))
        if mailbox is None:
            raise TokenError("invalid_grant", "Invalid email or User ID")
        if not scopes <= self._world.delegated:
            raise unauthorized_client()
        return mailbox.address


def subject(body: bytes) -> str | None:
    """Whom an assertion speaks for, without any check: what a fault for a user goes by."""
    try:
        claims = parse_qs(body.decode("latin-1"))["assertion"][0].split(".")[1]
        found = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        return str(found["sub"])
    except (KeyError, IndexError, TypeError, ValueError):
        return None


def _assertion(content_type: str, body: bytes) -> str:
    if content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise TokenError("invalid_request", "Invalid content type.")
    form = {name: values[-1] for name, values in parse_qs(body.decode("latin-1")).items()}
    if form.get("grant_type") != GRANT:
        raise TokenError("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")
    if "assertion" not in form:
        raise TokenError("invalid_request", "Missing required parameter: assertion")
    return form["assertion"]


def _scopes(claims: dict[str, Any]) -> frozenset[str]:
    scopes = frozenset(str(claims.get("scope") or "").split())
    if not scopes or not all(scope == FULL or scope.startswith(_PREFIX) for scope in scopes):
        raise TokenError("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
    return scopes
