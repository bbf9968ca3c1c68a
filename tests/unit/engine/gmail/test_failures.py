"""What Gmail's refusals mean. Sources of the bodies: bot/sandbox/gmail/kinds.py, and beside them here."""

import json
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest

from bot.engine.fault import Fault
from bot.engine.gmail.failures import Refusal
from bot.sandbox.gmail.errors import ApiError
from bot.sandbox.gmail.kinds import KINDS

KNOWN = {
    "payloadTooLarge": "dest_too_large",
    "invalidLabelName": "dest_label_invalid",
    "invalidLabel": "dest_label_gone",
    "notFound": "dest_user_missing",
    "sessionGone": "dest_user_missing",
    "aborted": "dest_unavailable",
    "mailServiceOff": "dest_service_off",
    "preconditionFailed": "dest_unavailable",
    "authError": "dest_auth",
    "loginRequired": "dest_auth",
    "insufficientPermissions": "dest_scope",
    "delegationDenied": "dest_auth",
    "domainPolicy": "dest_policy",
    "accessNotConfigured": "dest_api_off",
    "labelLimit": "dest_label_limit",
    "uploadTooLarge": "dest_too_large",
    "storageQuotaExceeded": "dest_storage_full",
    "dailyLimitExceeded": "dest_daily_quota",
    "userRateLimitExceeded": "dest_throttled",
    "rateLimitExceeded": "dest_throttled",
    "quotaExceeded": "dest_throttled",
    "tooManyRequests": "dest_throttled",
    "tooManyConcurrent": "dest_throttled",
    "backendError": "dest_unavailable",
    "badGateway": "dest_unavailable",
    "unavailable": "dest_unavailable",
    "deadlineExceeded": "dest_unavailable",
}
"""All others are about a request that is wrong, and of no known cause."""
MAYBE_DONE = {"backendError", "badGateway", "unavailable", "deadlineExceeded"}


def refused(kind: str, *, is_upload: bool = False) -> Fault:
    error = ApiError(kind)
    return Refusal(error.code, {}, error.body).fault(is_upload=is_upload)


def answered(status: int, body: Any = b"", **headers: str) -> Fault:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Refusal(status, named, content).fault()


def error(code: int, message: str, reason: str = "", **more: Any) -> dict[str, Any]:
    errors = {"errors": [{"domain": "global", "reason": reason, "message": message}]} if reason else {}
    return {"error": {"code": code, "message": message, **errors, **more}}


def test_a_refusal_is_translated() -> None:
    found = {kind: refused(kind).cause.code for kind in KINDS}
    assert found == {kind: KNOWN.get(kind, "unknown") for kind in KINDS}


def test_a_bad_request_of_an_upload_is_about_the_message() -> None:
    bad = {kind for kind in KINDS if KINDS[kind].code == HTTPStatus.BAD_REQUEST}
    found = {kind: refused(kind, is_upload=True).cause.code for kind in KINDS}
    assert found == {kind: KNOWN.get(kind, "dest_rejected" if kind in bad else "unknown") for kind in KINDS}


def test_only_a_failure_of_the_server_leaves_open_what_was_done() -> None:
    assert {kind for kind in KINDS if not refused(kind).is_certain} == MAYBE_DONE


def test_the_text_is_the_providers_own() -> None:
    assert str(refused("domainPolicy")) == (
        "Gmail answered 403: domainPolicy: The domain administrators have disabled Gmail apps."
    )


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        # The new shape without `errors`: https://cloud.google.com/apis/design/errors
        (403, error(403, "Denied.", status="PERMISSION_DENIED"), "dest_auth"),
        (
            403,
            error(
                403,
                "Scopes.",
                status="PERMISSION_DENIED",
                details=[{"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}],
            ),
            "dest_scope",
        ),
        (429, error(429, "Resource has been exhausted.", status="RESOURCE_EXHAUSTED"), "dest_throttled"),
        (400, error(400, "Precondition check failed.", status="FAILED_PRECONDITION"), "dest_unavailable"),
        (400, error(400, "Mail service not enabled", status="FAILED_PRECONDITION"), "dest_service_off"),
        # https://github.com/mxngls/gmail-cleaner/issues/5, of a day
        (
            403,
            error(
                403,
                "Quota exceeded for quota metric 'Queries' and limit 'Queries per day'.",
                "rateLimitExceeded",
            ),
            "dest_daily_quota",
        ),
        # An API that was never switched on for the project: https://cloud.google.com/apis/docs/troubleshooting
        (
            403,
            error(403, "Gmail API has not been used in project 1 before.", "accessNotConfigured"),
            "dest_api_off",
        ),
        # A reason that nobody has told of: the status decides.
        (403, error(403, "New.", "brandNew"), "dest_auth"),
        (418, error(418, "Teapot.", "brandNew"), "unknown"),
    ],
)
def test_reasons_count_before_the_status(status: int, body: dict[str, Any], code: str) -> None:
    assert answered(status, body).cause.code == code


PAGES = (
    b"",
    b"<html><title>502 Bad Gateway</title></html>",
    b"[]",
    b'{"error": "text"}',
    b'{"error": {"errors": 1}}',
    b"\xff\xfe",
)


@pytest.mark.parametrize(
    ("status", "code", "is_certain"),
    [
        (302, "dest_unavailable", True),
        (400, "unknown", True),
        (407, "network", True),
        (413, "dest_too_large", True),
        (429, "dest_throttled", True),
        (502, "dest_unavailable", False),
        (503, "dest_unavailable", False),
        (507, "dest_storage_full", True),
        (501, "unknown", True),
        (599, "dest_unavailable", False),
    ],
)
def test_a_page_of_a_proxy_is_judged_by_its_status(status: int, code: str, *, is_certain: bool) -> None:
    found = [(page, answered(status, page)) for page in PAGES]
    judged = [(page, fault.cause.code, fault.is_certain) for page, fault in found]
    assert judged == [(page, code, is_certain) for page in PAGES]


def test_the_text_of_a_page_is_the_name_of_its_status() -> None:
    assert str(answered(502, b"<html>")) == "Gmail answered 502: Bad Gateway"
    assert str(answered(599, b"<html>")) == "Gmail answered 599: no reason"


def test_a_long_text_is_cut() -> None:
    assert len(str(answered(400, error(400, "x" * 1000)))) == 300


NOW = "Tue, 21 Jan 2020 12:42:51 GMT"
AFTER = "User-rate limit exceeded.  Retry after 2020-01-21T12:57:51.196Z"
"""https://github.com/levz0r/gmail-tester/issues/23"""


@pytest.mark.parametrize(
    ("headers", "message", "expected"),
    [
        ({"Retry_After": "17"}, "", timedelta(seconds=17)),
        ({"Retry_After": "9" * 30}, "", timedelta(days=1)),
        ({"Retry_After": "Tue, 21 Jan 2020 12:43:51 GMT", "Date": NOW}, "", timedelta(minutes=1)),
        ({"Retry_After": "Tue, 21 Jan 2020 12:41:51 GMT", "Date": NOW}, "", timedelta(0)),
        ({"Retry_After": "Tue, 21 Jan 2020 12:43:51 GMT"}, "", None),
        ({"Retry_After": "soon", "Date": NOW}, "", None),
        ({"Date": NOW}, AFTER, timedelta(minutes=15, milliseconds=196)),
        ({"Date": NOW}, "Retry after 2020-99-99T12:57:51Z", None),
        ({}, AFTER, None),
        ({}, "", None),
    ],
)
def test_a_throttle_says_how_long_it_lasts(
    headers: dict[str, str], message: str, expected: timedelta | None
) -> None:
    fault = answered(429, error(429, message, "rateLimitExceeded"), **headers)
    assert (fault.cause.code, fault.retry_after) == ("dest_throttled", expected)
