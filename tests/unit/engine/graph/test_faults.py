"""What Graph's refusals mean. Each body is of the public text that is named beside it."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.catalogue import CATALOGUE
from bot.engine.fault import CursorLost, Fault
from bot.engine.graph.faults import LONGEST_WAIT, classify, is_overload, retry_after

ISSUES = "https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues"
DATE = "Tue, 24 Nov 2026 10:00:00 GMT"


def told(status: int, error: object, headers: dict[str, str] | None = None) -> Fault:
    found = classify(status, json.dumps({"error": error}).encode(), headers or {})
    assert isinstance(found, Fault)
    return found


def body(code: str, message: str = "", **inner: Any) -> dict[str, Any]:
    return {"code": code, "message": message, "innerError": {"date": "2026-11-24T10:00:00", **inner}}


@pytest.mark.parametrize(
    ("status", "code", "cause", "source"),
    [
        (404, "ErrorItemNotFound", "source_item_gone", "msgraph-sdk-dotnet issue 259"),
        (404, "itemNotFound", "source_item_gone", "learn.microsoft.com/graph/errors"),
        (404, "ErrorSyncFolderNotFound", "source_item_gone", "Exchange's ResponseCode"),
        (500, "ErrorMimeContentConversionFailed", "source_mime_conversion", "OpenArchiver issue 487"),
        (500, "ErrorContentConversionFailed", "source_content_corrupt", f"{ISSUES}/7758"),
        (500, "ErrorItemCorrupt", "source_content_corrupt", "Exchange's ResponseCode"),
        (429, "TooManyRequests", "source_throttled", "learn.microsoft.com/graph/throttling"),
        (429, "ApplicationThrottled", "source_throttled", "terraform-provider-outlook issue 21"),
        (503, "activityLimitReached", "source_throttled", "learn.microsoft.com/graph/errors"),
        (500, "ErrorTooManyObjectsOpened", "source_busy", "microsoft-graph-explorer-v4 issue 4056"),
        (503, "serviceNotAvailable", "source_busy", "learn.microsoft.com/graph/errors"),
        (503, "ErrorMailboxStoreUnavailable", "source_busy", "Exchange's ResponseCode"),
        (404, "MailboxNotEnabledForRESTAPI", "source_mailbox_unavailable", f"{ISSUES}/4340"),
        (404, "MailboxNotSupportedForRESTAPI", "source_mailbox_unavailable", "python-o365 issue 438"),
        (404, "ResourceNotFound", "source_mailbox_unavailable", f"{ISSUES}/4340"),
        (
            403,
            "ErrorQuotaExceeded",
            "source_mailbox_full",
            "learn.microsoft.com/graph/api/mailfolder-delta",
        ),
        (404, "Request_ResourceNotFound", "source_user_missing", f"{ISSUES}/6431"),
        (404, "ErrorInvalidUser", "source_user_missing", f"{ISSUES}/5460"),
        (401, "InvalidAuthenticationToken", "source_auth", "learn.microsoft.com/graph/resolve-auth-errors"),
        (401, "unauthenticated", "source_auth", "learn.microsoft.com/graph/errors"),
        (403, "ErrorAccessDenied", "source_forbidden", "learn.microsoft.com/graph/resolve-auth-errors"),
        (403, "accessDenied", "source_forbidden", "learn.microsoft.com/graph/errors"),
        (403, "Authorization_RequestDenied", "source_forbidden", "learn.microsoft.com/graph/json-batching"),
        (503, "ErrorMailboxMoveInProgress", "source_move_in_progress", "Exchange's ResponseCode"),
    ],
)
def test_the_code_decides(status: int, code: str, cause: str, source: str) -> None:
    assert told(status, body(code)).cause.code == cause, source


@pytest.mark.parametrize("code", ["erroritemnotfound", "ERRORITEMNOTFOUND"])
def test_a_code_is_known_in_any_case(code: str) -> None:
    assert told(404, body(code)).cause.code == "source_item_gone"


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (401, "source_auth"),
        (403, "source_forbidden"),
        (408, "source_busy"),
        (423, "source_busy"),
        (424, "source_throttled"),
        (429, "source_throttled"),
        (500, "source_busy"),
        (502, "source_busy"),
        (503, "source_busy"),
        (504, "source_busy"),
        (509, "source_busy"),
        (302, "unknown"),
        (400, "unknown"),
        (404, "unknown"),
        (418, "unknown"),
    ],
)
def test_the_status_decides_where_no_code_is_known(status: int, cause: str) -> None:
    for said in (b"", b"<html>", b"[]", b'"x"', b'{"error": null}', b'{"error": {"code": "New"}}'):
        found = classify(status, said, {})
        assert isinstance(found, Fault), said
        assert found.cause.code == cause, said
        assert f"HTTP {status}" in str(found), said


def test_every_cause_is_of_the_catalogue_and_of_the_source() -> None:
    source = {code for code in CATALOGUE if code.startswith("source_")}
    from bot.engine.graph.faults import _BY_CODE, _BY_STATUS

    assert source == set(_BY_CODE.values()) - {"cursor"}
    assert set(_BY_STATUS.values()) - {"cursor"} <= source


def test_the_most_detailed_code_decides() -> None:
    """https://learn.microsoft.com/graph/errors : inner errors may nest, and are more specific."""
    error = {"code": "serviceNotAvailable", "innererror": {"code": "throttledRequest"}}
    assert told(503, error).cause.code == "source_throttled"
    nested = {
        "code": "generalException",
        "innerError": {"code": "new", "InnerError": {"code": "itemNotFound"}},
    }
    assert told(404, nested).cause.code == "source_item_gone"


def test_a_detail_that_is_not_known_leaves_the_code_before_it() -> None:
    """The throttling guidance nests "429": https://learn.microsoft.com/graph/throttling"""
    error = {"code": "TooManyRequests", "innerError": {"code": "429", "status": "429"}}
    assert told(429, error).cause.code == "source_throttled"


def test_endless_nesting_ends() -> None:
    deep: dict[str, Any] = {"code": "ErrorItemNotFound"}
    for _ in range(50):
        deep = {"code": "outer", "innerError": deep}
    assert told(404, deep).cause.code == "unknown"
    assert isinstance(classify(500, b"[" * 100_000, {}), Fault)


def test_an_error_that_is_a_word_is_a_code() -> None:
    """https://learn.microsoft.com/graph/errors : `HTTP 403; Forbidden error=insufficient_claims`"""
    assert told(400, "insufficient_claims").cause.code == "source_forbidden"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (410, "SyncStateNotFound"),
        (410, "syncStateNotFound"),
        (410, "resyncRequired"),
        (400, "SyncStateInvalid"),
        (404, "syncStateNotFound"),
        (410, "Gone"),
        (410, ""),
    ],
)
def test_a_lost_cursor_is_known_by_its_code_or_by_410(status: int, code: str) -> None:
    """https://learn.microsoft.com/graph/delta-query-overview#synchronization-reset"""
    assert isinstance(classify(status, json.dumps({"error": body(code)}).encode(), {}), CursorLost)


def test_the_text_is_graphs_own_with_what_support_asks_for() -> None:
    error = body(
        "ErrorItemNotFound", "The specified object was not found in the store.", **{"request-id": "r-1"}
    )
    assert str(told(404, error)) == (
        "ErrorItemNotFound: The specified object was not found in the store. (HTTP 404, request-id r-1)"
    )


def test_the_text_does_not_grow_with_the_answer() -> None:
    assert len(str(told(500, body("x" * 9_000, "y" * 9_000)))) < 600


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"Retry-After": "10"}, timedelta(seconds=10)),
        ({"retry-after": " 0 "}, timedelta(0)),
        ({"Retry-After": "Tue, 24 Nov 2026 10:02:00 GMT", "Date": DATE}, timedelta(minutes=2)),
        ({"Retry-After": "Tue, 24 Nov 2026 09:00:00 GMT", "Date": DATE}, timedelta(0)),
        ({"Retry-After": "Tue, 24 Nov 2026 10:02:00 GMT"}, None),
        ({"Retry-After": "Tue, 24 Nov 2026 10:02:00 -0000", "Date": DATE}, None),
        ({"Retry-After": "9" * 400}, LONGEST_WAIT),
        ({"Retry-After": "Tue, 24 Nov 2099 10:02:00 GMT", "Date": DATE}, LONGEST_WAIT),
        ({"Retry-After": "soon", "Date": DATE}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "²"}, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(headers: dict[str, str], wait: timedelta | None) -> None:
    assert retry_after(headers) == wait
    assert told(429, body("TooManyRequests"), headers).retry_after == wait


def test_too_many_calls_are_told_from_other_trouble() -> None:
    assert [status for status in (401, 404, 429, 500, 503, 504, 509) if is_overload(status)] == [
        429,
        503,
        509,
    ]
