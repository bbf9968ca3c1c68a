"""What an answer of Microsoft Graph that is no success means in the failure catalogue.

The error code decides, the most detailed one first, since a 500 can be for ever and a 403 a full mailbox; the
HTTP status decides where no code is known. Codes are compared without case: documents and answers differ.
https://learn.microsoft.com/graph/errors ; Exchange's own codes, which Graph passes on, are those of
https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode
"""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from itertools import chain, repeat
from typing import Any, Final

from bot.engine.fault import CursorLost, Fault

LONGEST_WAIT: Final = timedelta(days=1)
"""Beyond it Retry-After is cut off: no limit of Graph's lasts longer."""

_LONGEST_TEXT: Final = 500
_DEEPEST: Final = 10
_CURSOR: Final = "cursor"

_CODES: Final[Mapping[str, tuple[str, ...]]] = {
    _CURSOR: (
        "syncStateNotFound",
        "syncStateInvalid",
        "resyncRequired",
        "resyncApplyDifferences",
        "resyncUploadDifferences",
        "ErrorInvalidSyncStateData",
    ),
    "source_item_gone": (
        "ErrorItemNotFound",
        "itemNotFound",
        "ErrorFolderNotFound",
        "ErrorSyncFolderNotFound",
    ),
    "source_mime_conversion": ("ErrorMimeContentConversionFailed",),
    "source_content_corrupt": (
        "ErrorContentConversionFailed",
        "ErrorItemCorrupt",
        "ErrorCorruptData",
        "ErrorMimeContentInvalid",
    ),
    "source_throttled": (
        "TooManyRequests",
        "ApplicationThrottled",
        "activityLimitReached",
        "throttledRequest",
        "ErrorExceededConnectionCount",
    ),
    "source_busy": (
        "ErrorTooManyObjectsOpened",
        "serviceNotAvailable",
        "ErrorServerBusy",
        "ErrorTimeoutExpired",
        "ErrorInternalServerTransientError",
        "ErrorMailboxStoreUnavailable",
        "ErrorInsufficientResources",
        "ErrorConnectionFailed",
        "ErrorADUnavailable",
        "cannotSnapshotTree",
    ),
    # ResourceNotFound comes for the same mailbox as MailboxNotEnabledForRESTAPI, now one, now the other:
    # https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/4340
    "source_mailbox_unavailable": (
        "MailboxNotEnabledForRESTAPI",
        "MailboxNotSupportedForRESTAPI",
        "ResourceNotFound",
        "extensionError",
        "ErrorNonExistentMailbox",
        "ErrorAccountDisabled",
    ),
    # Delta writes its state into the mailbox: https://learn.microsoft.com/graph/api/mailfolder-delta
    "source_mailbox_full": ("ErrorQuotaExceeded", "quotaLimitReached"),
    "source_user_missing": ("Request_ResourceNotFound", "ErrorInvalidUser"),
    "source_auth": ("InvalidAuthenticationToken", "unauthenticated"),
    "source_forbidden": (
        "ErrorAccessDenied",
        "accessDenied",
        "accessRestricted",
        "Authorization_RequestDenied",
        "insufficient_claims",
    ),
    "source_move_in_progress": ("ErrorMailboxMoveInProgress",),
}
_BY_CODE: Final = dict(
    chain.from_iterable(zip(map(str.casefold, codes), repeat(cause)) for cause, codes in _CODES.items())
)
_BY_STATUS: Final[Mapping[int, str]] = {
    HTTPStatus.UNAUTHORIZED: "source_auth",
    HTTPStatus.FORBIDDEN: "source_forbidden",
    HTTPStatus.REQUEST_TIMEOUT: "source_busy",
    HTTPStatus.GONE: _CURSOR,
    HTTPStatus.LOCKED: "source_busy",
    HTTPStatus.FAILED_DEPENDENCY: "source_throttled",  # another part of the same batch was throttled
    HTTPStatus.TOO_MANY_REQUESTS: "source_throttled",
    HTTPStatus.INTERNAL_SERVER_ERROR: "source_busy",
    HTTPStatus.BAD_GATEWAY: "source_busy",
    HTTPStatus.SERVICE_UNAVAILABLE: "source_busy",
    HTTPStatus.GATEWAY_TIMEOUT: "source_busy",
    509: "source_busy",  # Bandwidth Limit Exceeded; Python has no name for it
}
_OVERLOADED: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, 509})


def classify(status: int, body: bytes, headers: Mapping[str, str]) -> Fault | CursorLost:
    """`status` is not that of a success. Of the body nothing is kept but codes, the message and the id."""
    error = _error(body)
    codes = [str(level["code"]) for level in _levels(error) if level.get("code")]
    known = (cause for code in reversed(codes) if (cause := _BY_CODE.get(code.casefold())))
    cause = next(known, _BY_STATUS.get(status, "unknown"))
    text = _text(status, codes, error)
    return CursorLost(text) if cause == _CURSOR else Fault(cause, text, retry_after=retry_after(headers))


def is_overload(status: int) -> bool:
    """Fewer calls at once would help."""
    return status in _OVERLOADED


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """In seconds, or as a date, which is then read against the same answer's own Date (RFC 9110, 10.2.3)."""
    found = {name.lower(): value.strip() for name, value in headers.items()}
    asked = found.get("retry-after", "")
    if asked.isascii() and asked.isdigit():
        return min(timedelta(seconds=int(asked[:9])), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(asked) - parsedate_to_datetime(found.get("date", ""))
    except (ValueError, TypeError):
        return None
    return min(max(wait, timedelta(0)), LONGEST_WAIT)


def _error(body: bytes) -> dict[str, Any]:
    """Sign-in errors that Graph passes on have a word where its own have an object."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    error = parsed.get("error") if isinstance(parsed, dict) else None
    if isinstance(error, str):
        return {"code": error, "message": parsed.get("error_description")}
    return error if isinstance(error, dict) else {}


def _levels(error: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The error and its inner errors, which are written `innerError` or `innererror`."""
    level: object = error
    for _ in range(_DEEPEST):
        if not isinstance(level, dict):
            return
        yield level
        level = next((inner for name, inner in level.items() if name.casefold() == "innererror"), None)


def _text(status: int, codes: list[str], error: dict[str, Any]) -> str:
    said = ": ".join(filter(None, (" / ".join(codes), str(error.get("message") or "").strip())))
    ids = (level["request-id"] for level in _levels(error) if level.get("request-id"))
    place = ", ".join([f"HTTP {status}", *(f"request-id {request}" for request in list(ids)[:1])])
    return f"{(said or 'Microsoft Graph gave no reason')[:_LONGEST_TEXT]} ({place})"
