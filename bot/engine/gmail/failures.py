"""What Gmail's refusals mean, by its own reasons first and by HTTP status last.

The shapes are those of https://developers.google.com/workspace/gmail/api/guides/handle-errors and of
https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel, Field, ValidationError

from bot.engine.fault import Fault

_LONGEST_TEXT = 300
_LONGEST_WAIT = timedelta(days=1)
"""Every quota is renewed by then."""
_RETRY_AFTER = re.compile(r"retry after (\d{4}-\d\d-\d\dT[\d:.]+Z)", re.IGNORECASE)
"""Some throttles name the moment in their text alone: https://github.com/twentyhq/twenty/pull/17850"""

_WORDS: Final = (
    ("mail service not enabled", "dest_service_off"),
    ("invalid label name", "dest_label_invalid"),
    ("invalid label", "dest_label_gone"),
    ("labelid not found", "dest_label_gone"),
    ("label limit", "dest_label_limit"),
    ("size exceeds the limit", "dest_too_large"),
    ("storage quota", "dest_storage_full"),
    ("per day", "dest_daily_quota"),
)
"""In a message, where one reason stands for several causes. The first that fits counts.

"Mail service not enabled": https://github.com/WPManageNinja/fluent-smtp/issues/152 . Label names:
https://github.com/GAM-team/got-your-back/issues/110 . "Invalid label: ID":
https://github.com/googleapis/google-api-php-client/issues/1254 . The size:
https://github.com/googleworkspace/dotnet-samples/issues/23 . "... limit 'Queries per day' ..." as in
https://github.com/mxngls/gmail-cleaner/issues/5 . How Gmail says that there are too many labels, or that the
storage is full, is not published.
"""

_REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "aborted": "dest_unavailable",
        "accessNotConfigured": "dest_api_off",
        "authError": "dest_auth",
        "backendError": "dest_unavailable",
        "conditionNotMet": "dest_unavailable",
        "dailyLimitExceeded": "dest_daily_quota",
        "domainPolicy": "dest_policy",
        "failedPrecondition": "dest_unavailable",
        "forbidden": "dest_auth",
        "insufficientPermissions": "dest_scope",
        "quotaExceeded": "dest_throttled",
        "rateLimitExceeded": "dest_throttled",
        "required": "dest_auth",
        "storageQuotaExceeded": "dest_storage_full",
        "uploadTooLarge": "dest_too_large",
        "userRateLimitExceeded": "dest_throttled",
        # google.rpc.ErrorInfo
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT": "dest_scope",
        "RATE_LIMIT_EXCEEDED": "dest_throttled",
        "SERVICE_DISABLED": "dest_api_off",
        # google.rpc.Code
        "ABORTED": "dest_unavailable",
        "DEADLINE_EXCEEDED": "dest_unavailable",
        "FAILED_PRECONDITION": "dest_unavailable",
        "INTERNAL": "dest_unavailable",
        "RESOURCE_EXHAUSTED": "dest_throttled",
        "UNAUTHENTICATED": "dest_auth",
        "UNAVAILABLE": "dest_unavailable",
    }
)
"""`aborted` is a conflict of names where labels are written, which their caller knows; elsewhere it is one of
concurrent changes. `failedPrecondition` without a known text is intermittent:
https://github.com/googleapis/google-api-php-client/issues/2558
"""

_STATUSES: Final[Mapping[int, str]] = MappingProxyType(
    {
        HTTPStatus.UNAUTHORIZED: "dest_auth",
        HTTPStatus.FORBIDDEN: "dest_auth",
        HTTPStatus.NOT_FOUND: "dest_user_missing",
        HTTPStatus.PROXY_AUTHENTICATION_REQUIRED: "network",
        HTTPStatus.REQUEST_TIMEOUT: "network",
        HTTPStatus.CONFLICT: "dest_unavailable",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "dest_too_large",
        HTTPStatus.TOO_MANY_REQUESTS: "dest_throttled",
        HTTPStatus.NOT_IMPLEMENTED: "unknown",
        HTTPStatus.INSUFFICIENT_STORAGE: "dest_storage_full",
    }
)

_REFUSING: Final = frozenset({HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.INSUFFICIENT_STORAGE})
"""After other errors of a server nobody knows whether the message was added. 503 is among those: that it was
not processed is nowhere promised, and of UNAVAILABLE, which it stands for, gRPC's status.h says that nothing
guarantees that the server has not seen the call (https://grpc.io/grpc/cpp/grpc_2status_8h_source.html). A
needless look for the message costs minutes; a duplicate stays.
"""


class _Detail(BaseModel):
    reason: str = ""


class _Error(BaseModel):
    message: str = ""
    status: str = ""
    errors: list[_Detail] = Field(default_factory=list)
    details: list[_Detail] = Field(default_factory=list)


class _Body(BaseModel):
    error: _Error


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is no success. `headers` by their canonical names, in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def fault(self, *, is_upload: bool = False) -> Fault:
        error = self._error()
        return Fault(
            self._code(error, is_upload=is_upload),
            self._text(error),
            retry_after=self._retry_after(error.message),
            is_certain=self.status < HTTPStatus.INTERNAL_SERVER_ERROR or self.status in _REFUSING,
        )

    def _error(self) -> _Error:
        """Of a page of a proxy, and of JSON of another shape, the status alone is known."""
        try:
            return _Body.model_validate_json(self.body).error
        except ValidationError:
            return _Error()

    def _code(self, error: _Error, *, is_upload: bool) -> str:
        message = error.message.lower()
        told = next((code for words, code in _WORDS if words in message), None)
        known = (_REASONS[reason] for reason in _reasons(error) if reason in _REASONS)
        return told or next(known, None) or self._by_status(is_upload=is_upload)

    def _by_status(self, *, is_upload: bool) -> str:
        """400 of an upload is about the message; of anything else, about a request that is wrong."""
        if self.status == HTTPStatus.BAD_REQUEST and is_upload:
            return "dest_rejected"
        if self.status in _STATUSES:
            return _STATUSES[self.status]
        is_passing = self.status < HTTPStatus.BAD_REQUEST or self.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return "dest_unavailable" if is_passing else "unknown"

    def _text(self, error: _Error) -> str:
        reason = next(_reasons(error), "")
        said = ": ".join(part for part in (reason, error.message.strip()) if part)
        return f"Gmail answered {self.status}: {said or _phrase(self.status)}"[:_LONGEST_TEXT]

    def _retry_after(self, message: str) -> timedelta | None:
        """Both clocks are Google's, so that ours may be wrong."""
        told = self.headers.get("Retry-After", "").strip()
        if told.isascii() and told.isdigit():
            return timedelta(seconds=min(int(told), _LONGEST_WAIT.total_seconds()))
        moment = _date(told) or _moment(message)
        now = _date(self.headers.get("Date", ""))
        return min(max(moment - now, timedelta(0)), _LONGEST_WAIT) if moment and now else None


def _reasons(error: _Error) -> Iterator[str]:
    yield from (each.reason for each in (*error.errors, *error.details) if each.reason)
    if error.status:
        yield error.status


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "no reason"


def _moment(message: str) -> datetime | None:
    found = _RETRY_AFTER.search(message)
    try:
        return datetime.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
