"""What the stand-in refuses, in Google's two shapes: the API's and the token endpoint's."""

import json
from http import HTTPStatus
from typing import Any

from bot.sandbox.gmail.kinds import KINDS, Kind

Json = dict[str, Any]
_PAGE = (
    "<!DOCTYPE html>\n<html lang=en>\n<title>Error {code} ({name})!!1</title>\n"
    "<p><b>{code}.</b> That's an error.\n"
)


class ApiError(Exception):
    """A refusal in Google's JSON shape. `code` in place of the kind's own; `retry_after` in whole seconds."""

    def __init__(
        self,
        kind: str,
        message: str | None = None,
        *,
        code: int | None = None,
        retry_after: int | None = None,
    ) -> None:
        self.kind: Kind = KINDS[kind]
        self.message = message or self.kind.message
        self.retry_after = retry_after
        self.code = code or self.kind.code
        super().__init__(self.message)

    @property
    def body(self) -> bytes:
        if self.kind.html:
            return _PAGE.format(code=self.code, name=HTTPStatus(self.code).phrase).encode()
        return json.dumps({"error": self._document()}, indent=2).encode()

    @property
    def content_type(self) -> str:
        return "text/html; charset=UTF-8" if self.kind.html else "application/json; charset=UTF-8"

    def _document(self) -> Json:
        kind = self.kind
        document: Json = {"code": self.code, "message": self.message, "errors": [self._detail()]}
        canonical = kind.canonical(self.code)
        if canonical:
            document["status"] = canonical
        if kind.info:
            document["details"] = [
                {
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": kind.info,
                    "domain": "googleapis.com",
                }
            ]
        return document

    def _detail(self) -> Json:
        kind = self.kind
        detail = {"message": kind.short or self.message, "domain": kind.domain, "reason": kind.reason}
        if kind.location:
            detail |= {"locationType": kind.location[0], "location": kind.location[1]}
        return detail


class TokenError(Exception):
    """A refusal of the token endpoint.

    https://developers.google.com/identity/protocols/oauth2/service-account#error-codes
    """

    def __init__(self, error: str, description: str, code: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.code = int(code)

    @property
    def body(self) -> bytes:
        return json.dumps({"error": self.error, "error_description": self.description}).encode()


def token_refusals() -> dict[str, TokenError]:
    """The refusals that a fault can plan for the token endpoint."""
    return {
        "invalid_grant": TokenError("invalid_grant", "Invalid email or User ID"),
        "unauthorized_client": unauthorized_client(),
        "invalid_scope": TokenError("invalid_scope", "Invalid OAuth scope or ID token audience provided."),
    }


def unauthorized_client() -> TokenError:
    return TokenError(
        "unauthorized_client",
        "Client is unauthorized to retrieve access tokens using this method, or client not authorized "
        "for any of the scopes requested.",
        HTTPStatus.UNAUTHORIZED,
    )
