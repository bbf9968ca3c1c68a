"""Getting a token from Microsoft Entra, by msal, which blocks: in a thread, and not for ever."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import msal
import requests
from pydantic import BaseModel, ValidationError

from bot.domain.connections import Microsoft365, SecretRef
from bot.engine.fault import Fault
from bot.engine.graph.faults import retry_after
from bot.engine.graph.tokens import Granted
from bot.engine.secrets import secret
from bot.errors import BadSettings

TIMEOUT: Final = timedelta(seconds=60)
"""For all of it. The thread goes on until its own timeouts end it."""

_CONNECT_AND_READ_S: Final = (10, 20)
_LONGEST_TEXT: Final = 300
_BLOCK: Final = re.compile(r"-----BEGIN (?P<kind>[A-Z0-9 ]+)-----.+?-----END (?P=kind)-----", re.DOTALL)
_NUMBER: Final = re.compile(r"AADSTS\d+")
_TRACE: Final = re.compile(r"\s*Trace ID:.*", re.DOTALL)
_PASSING: Final = frozenset({"temporarily_unavailable", "server_error"})
"""Errors that RFC 6749 calls temporary. Entra's own numbers say more, but are not for programs to read:
https://learn.microsoft.com/entra/identity-platform/reference-error-codes
"""


class _Answer(BaseModel):
    access_token: str
    expires_in: int


class Session(requests.Session):
    """What msal calls HTTP by. It has timeouts, and raises Fault for what is no answer about credentials.

    msal takes no authority without TLS, and none is meant to be used but a stand-in's: `plain`, the host and
    port of one, is spoken to by http where msal says https.
    """

    def __init__(self, plain: str | None) -> None:
        super().__init__()
        self._plain = f"https://{plain}/" if plain else None

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # noqa: ANN401 - theirs
        if self._plain and request.url and request.url.startswith(self._plain):
            request.url = request.url.replace("https:", "http:", 1)
        try:
            answer = super().send(request, **(kwargs | {"timeout": _CONNECT_AND_READ_S}))
        except requests.RequestException as error:
            raise Fault(
                "network", f"Microsoft's sign-in cannot be reached ({type(error).__name__})"
            ) from error
        if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            raise _trouble("source_throttled", answer)
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _trouble("source_busy", answer)
        return answer


@dataclass(frozen=True, slots=True)
class Login:
    """`url` is that of Microsoft Entra, such as https://login.microsoftonline.com."""

    connection: Microsoft365
    url: str
    scope: str

    async def granted(self) -> Granted:
        """A new token, by the secret as it is now.

        Raises:
            Fault: source_auth, with Entra's own words, where the credentials do not do.
        """
        try:
            return await asyncio.wait_for(asyncio.to_thread(self._asked), TIMEOUT.total_seconds())
        except TimeoutError as error:
            raise Fault("network", "Microsoft's sign-in did not answer in time") from error

    def _asked(self) -> Granted:
        parts = urlsplit(self.url)
        with Session(parts.netloc if parts.scheme == "http" else None) as session:
            try:
                return _granted(self._application(session).acquire_token_for_client([self.scope]))
            except BadSettings as error:
                raise Fault("source_auth", error.sentence) from error
            except Fault:
                raise
            except Exception as error:  # msal lets through what its parsers, PyJWT and cryptography raise
                raise _meaning(error) from error

    def _application(self, session: Session) -> Any:  # noqa: ANN401 - msal has no types
        """A new one each time, so that no token and no answer is kept but ours.

        The address is the operator's own word: no other host is asked whether it belongs to Microsoft.
        """
        parts = urlsplit(self.url)
        return msal.ConfidentialClientApplication(
            self.connection.client_id,
            client_credential=_credential(self.connection),
            authority=f"https://{parts.netloc}{parts.path.rstrip('/')}/{self.connection.tenant_id}",
            instance_discovery=False,
            http_client=session,
        )


def _credential(connection: Microsoft365) -> str | dict[str, str]:
    if connection.certificate:
        return _certificate(connection.certificate)
    if connection.secret:
        return secret(connection.secret)
    raise BadSettings(f"The connection {connection.name} has neither a secret nor a certificate.")


def _certificate(ref: SecretRef) -> dict[str, str]:
    """The first certificate is taken for the app's own; others may be of its issuers."""
    blocks = [(found["kind"], found[0]) for found in _BLOCK.finditer(secret(ref))]
    keys = [block for kind, block in blocks if kind.endswith("PRIVATE KEY")]
    certificates = [block for kind, block in blocks if kind == "CERTIFICATE"]
    if not keys or not certificates:
        raise BadSettings(f"{ref} must hold a private key and its certificate, both as PEM.")
    return {"private_key": keys[0], "public_certificate": certificates[0]}


def _granted(answer: dict[str, Any]) -> Granted:
    if "access_token" not in answer:
        raise _refused(str(answer.get("error") or ""), str(answer.get("error_description") or ""))
    try:
        found = _Answer.model_validate(answer)
    except ValidationError:
        raise Fault(
            "unknown", "Microsoft's sign-in gave an answer that is not of its documented shape"
        ) from None
    return Granted(found.access_token, timedelta(seconds=found.expires_in))


def _refused(error: str, description: str) -> Fault:
    text = ": ".join(filter(None, (error, _TRACE.sub("", description)[:_LONGEST_TEXT])))
    return Fault("source_busy" if error in _PASSING else "source_auth", text or "Microsoft's sign-in refused")


def _meaning(error: Exception) -> Fault:
    """Of what is refused before a token is asked for, msal makes a ValueError that says nothing of it."""
    causes = list(_causes(error))
    if any(isinstance(cause, json.JSONDecodeError) for cause in causes):
        return Fault("network", "Microsoft's sign-in gave no JSON: something on the way may have answered")
    numbers = [number for cause in causes for number in _NUMBER.findall(str(cause))]
    if numbers:
        return Fault("source_auth", f"{numbers[0]}: Microsoft's sign-in does not know this tenant")
    return Fault("source_auth", f"No token can be had by these credentials ({type(error).__name__})")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _trouble(cause: str, answer: requests.Response) -> Fault:
    text = f"Microsoft's sign-in answered HTTP {answer.status_code}"
    return Fault(cause, text, retry_after=retry_after(answer.headers))
