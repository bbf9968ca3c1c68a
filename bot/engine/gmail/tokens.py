"""Access tokens: a service account that Google Workspace lets act for its users."""

import asyncio
import json
import math
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any, Final, Literal, NamedTuple, Protocol, cast

import requests
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.auth.transport.requests import Request
from google.oauth2.service_account import Credentials
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.domain.connections import GoogleWorkspace
from bot.engine.fault import Fault
from bot.engine.gmail.secure import is_secure
from bot.engine.secrets import secret
from bot.errors import BadSettings

SCOPES: Final = ("https://www.googleapis.com/auth/gmail.modify",)
"""One scope for imports, labels, changes and the search for a Message-ID.

https://developers.google.com/workspace/gmail/api/auth/scopes
"""

_TIMEOUT = 10.0
"""Seconds, for each of the few attempts that google-auth makes."""

_EARLY: Final = timedelta(minutes=4)
"""How long before its end a token is renewed, as google-auth does it."""

_NO_SUCH_USER: Final = ("invalid email or user id", "not a valid email")
"""https://github.com/googleapis/google-api-php-client/issues/1207 and
https://github.com/google/import-mailbox-to-gmail/issues/4 . Other invalid grants are about the key or the
clock: https://github.com/googleapis/google-cloud-python/issues/10004
"""

_CODES: Final = {
    "access_denied": "dest_scope",
    "admin_policy_enforced": "dest_policy",
    "invalid_scope": "dest_scope",
    "unauthorized_client": "dest_scope",
}
"""https://developers.google.com/identity/protocols/oauth2/service-account#error-codes"""


class _Signed(Protocol):
    """What is used of google-auth's untyped credentials."""

    token: str
    expiry: datetime | None

    def with_subject(self, subject: str) -> "_Signed": ...

    def refresh(self, request: object) -> None: ...


def _secure(url: str) -> str:
    if not is_secure(url):
        raise ValueError("https is required")
    return url


class _Key(BaseModel):
    """What a key file must hold. Its text never appears in an error, since it holds the private key."""

    model_config = ConfigDict(hide_input_in_errors=True)

    client_email: str = Field(min_length=1)
    private_key: str = Field(min_length=1)
    token_uri: Annotated[str, AfterValidator(_secure)]
    universe_domain: Literal["googleapis.com"] = "googleapis.com"
    """No other has domain-wide delegation."""


class _Held(NamedTuple):
    """`good_until` is in seconds of Unix time: it is looked at for every request."""

    token: str
    good_until: float


class Tokens:
    """The tokens of all users of one connection. `token` is one look at a clock while the token holds."""

    def __init__(self, connection: GoogleWorkspace) -> None:
        self._account = _Account(connection)
        self._held: dict[str, _Held] = {}
        self._fetching: dict[str, asyncio.Task[_Signed]] = {}

    async def token(self, user: str) -> str:
        held = self._held.get(user)
        if held is not None and time.time() < held.good_until:
            return held.token
        return (await self._fetched(user)).token

    def refuse(self, user: str, token: str) -> None:
        """Gmail does not take this token, or no longer. Another one may have come in its place meanwhile."""
        held = self._held.get(user)
        if held is not None and held.token == token:
            del self._held[user]

    async def _fetched(self, user: str) -> _Signed:
        """Whoever asks meanwhile waits for the same answer, which outlives the one who asked first."""
        task = self._fetching.get(user)
        if task is None:
            task = self._fetching[user] = asyncio.create_task(self._account.credentials(user))
            task.add_done_callback(partial(self._keep, user))
        return await asyncio.shield(task)

    def _keep(self, user: str, task: "asyncio.Task[_Signed]") -> None:
        del self._fetching[user]
        if not task.cancelled() and task.exception() is None:
            self._held[user] = _held(task.result())


def _held(credentials: _Signed) -> _Held:
    """google-auth's own times have no zone, and are UTC."""
    if credentials.expiry is None:
        return _Held(credentials.token, math.inf)
    return _Held(credentials.token, (credentials.expiry.replace(tzinfo=UTC) - _EARLY).timestamp())


class _Account:
    """The service account. Its key is read again after a refusal, so that a renewed one needs no restart."""

    def __init__(self, connection: GoogleWorkspace) -> None:
        self._connection = connection
        self._text: str | None = None
        self._signer: _Signed | None = None

    async def credentials(self, user: str) -> _Signed:
        """Fresh ones for a user. Signing, and google-auth's own HTTP client, would hold up the loop."""
        before = self._text
        signer = self._signer or await self._read()
        try:
            return await asyncio.to_thread(_granted, signer, user)
        except Fault as refusal:
            renewed = await self._renewed(before, refusal)
        return await asyncio.to_thread(_granted, renewed, user)

    async def _renewed(self, before: str | None, refusal: Fault) -> _Signed:
        """The signer of a key that is another one than the refused."""
        if before is None or refusal.cause.heals_by_itself:
            raise refusal
        signer = await self._read()
        if self._text == before:
            raise refusal
        return signer

    async def _read(self) -> _Signed:
        self._text, signer = await asyncio.to_thread(_signer, self._connection)
        self._signer = signer
        return signer


def _signer(connection: GoogleWorkspace) -> tuple[str, _Signed]:
    try:
        text = secret(connection.key)
        return text, _signing(_Key.model_validate_json(text), json.loads(text))
    except BadSettings as error:
        raise Fault("dest_auth", error.sentence) from error
    except (ValidationError, ValueError, GoogleAuthError):
        wrong = f"{connection.key} of the connection {connection.name} is no key file of a service account."
        raise Fault("dest_auth", wrong) from None


def _signing(key: _Key, info: dict[str, Any]) -> _Signed:
    untyped: Any = Credentials
    known = {**info, **key.model_dump()}
    return cast("_Signed", untyped.from_service_account_info(known, scopes=list(SCOPES)))


def _granted(signer: _Signed, user: str) -> _Signed:
    """Blocks for a round trip to Google."""
    credentials = signer.with_subject(user)
    try:
        with requests.Session() as session:
            credentials.refresh(partial(Request(session=session), timeout=_TIMEOUT))
    except TransportError as error:
        raise Fault("network", f"Google's token endpoint cannot be reached: {_kind(error)}") from error
    except RefreshError as error:
        raise _refusal(error) from error
    except GoogleAuthError as error:
        raise Fault("dest_auth", str(error)) from error
    except (
        AttributeError,
        TypeError,
        ValueError,
    ) as error:  # an answer of another shape, which it reads as it is
        raise Fault("dest_unavailable", "Google's token endpoint gave an answer of no use.") from error
    return credentials


def _kind(error: TransportError) -> str:
    """The text would repeat the address and memory addresses."""
    return type(error.args[0] if error.args else error).__name__


def _refusal(error: RefreshError) -> Fault:
    """What Google has not worded comes from something on the way, and says nothing about the credentials."""
    text = str(error.args[0] if error.args else error)
    code, description = _worded(error)
    if error.retryable or not code:
        return Fault("dest_unavailable", f"Google's token endpoint did not answer properly: {text}"[:300])
    is_missing = code == "invalid_grant" and description.lower().startswith(_NO_SUCH_USER)
    cause = "dest_user_missing" if is_missing else _CODES.get(code, "dest_auth")
    return Fault(cause, f"Google gave no token: {text}"[:300])


def _worded(error: RefreshError) -> tuple[str, str]:
    """The error and its description, by RFC 6749, 5.2."""
    answer = error.args[1] if len(error.args) > 1 else None
    if not isinstance(answer, dict) or not isinstance(answer.get("error"), str):
        return "", ""
    return answer["error"], str(answer.get("error_description") or "")
