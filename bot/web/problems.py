"""Errors over HTTP as problem+json (RFC 9457): one map from what went wrong to what the caller reads."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from bot.errors import SyncbotError

CONTENT_TYPE = "application/problem+json"

_log = structlog.get_logger(__name__)

_STATUS = {
    "bad_event": HTTPStatus.BAD_REQUEST,
    "bad_signature": HTTPStatus.UNAUTHORIZED,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "unsupported_media_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "not_allowed": HTTPStatus.FORBIDDEN,
}
"""By the code of the error. What is not listed is our own fault, or a state that passes: 503."""


class Problem(BaseModel):
    """What went wrong. `code` is stable: programs may rely on it, `detail` is for people."""

    model_config = ConfigDict(extra="forbid")

    type: str = "about:blank"
    title: str
    status: int = Field(ge=400, le=599)
    code: str
    detail: str


def problem(status: int, code: str, detail: str) -> JSONResponse:
    title = HTTPStatus(status).phrase
    body = Problem(title=title, status=status, code=code, detail=detail)
    return JSONResponse(body.model_dump(), status, media_type=CONTENT_TYPE)


def unexpected(reference: str) -> JSONResponse:
    """Says nothing of the cause: the log has it under `reference`."""
    detail = f"Something went wrong here; the log has the cause under {reference}."
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", detail)


def install(app: FastAPI) -> None:
    handlers: dict[type[Exception], Callable[[Request, Any], Response]] = {
        SyncbotError: _expected,
        HTTPException: _http,
        RequestValidationError: _invalid,
        ClientDisconnect: _gone,
    }
    for error, handler in handlers.items():
        app.add_exception_handler(error, handler)


def _expected(request: Request, error: SyncbotError) -> Response:
    status = _STATUS.get(error.code, HTTPStatus.SERVICE_UNAVAILABLE)
    _log.info("request refused", path=request.url.path, status=int(status), code=error.code)
    return problem(status, error.code, error.sentence)


def _http(request: Request, error: HTTPException) -> Response:  # noqa: ARG001 - Starlette's signature
    phrase = HTTPStatus(error.status_code).phrase
    answer = problem(error.status_code, phrase.lower().replace(" ", "_"), f"{phrase}.")
    answer.headers.update(error.headers or {})
    return answer


def _invalid(request: Request, error: RequestValidationError) -> Response:  # noqa: ARG001 - as above
    return problem(
        HTTPStatus.BAD_REQUEST, "bad_request", "The request does not fit the API; see /openapi.json."
    )


def _gone(request: Request, error: ClientDisconnect) -> Response:  # noqa: ARG001 - as above
    """Nobody reads this answer; it keeps a broken upload from counting as our error."""
    return problem(
        HTTPStatus.BAD_REQUEST, "incomplete_body", "The connection closed before the body was complete."
    )
