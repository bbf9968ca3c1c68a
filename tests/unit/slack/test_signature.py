"""Only what Slack signed, at most five minutes ago, gets past the door."""

import time
from collections.abc import Mapping

import pytest
from slack_sdk.signature import SignatureVerifier

from bot.errors import BadSignature
from bot.slack.app import signature_check

SECRET = "not-a-real-secret"
BODY = b"command=%2Fsync&text=status"


def headers(timestamp: int | str, body: bytes = BODY, secret: str = SECRET) -> dict[str, str]:
    signature = SignatureVerifier(secret).generate_signature(timestamp=str(timestamp), body=body)
    return {"x-slack-request-timestamp": str(timestamp), "x-slack-signature": signature or ""}


def now() -> int:
    return int(time.time())


def refused(body: bytes, sent: Mapping[str, str]) -> str:
    with pytest.raises(BadSignature) as error:
        signature_check(SECRET)(body, sent)
    return error.value.sentence


def test_what_slack_signed_just_now_passes() -> None:
    signature_check(SECRET)(BODY, headers(now()))


def test_a_signature_of_another_secret_or_body_is_wrong_and_the_setting_named() -> None:
    assert "SYNCBOT_SLACK_SIGNING_SECRET" in refused(BODY, headers(now(), secret="another"))
    assert "wrong" in refused(BODY + b"x", headers(now()))
    assert "wrong" in refused(BODY, headers(now()) | {"x-slack-signature": "v0="})


@pytest.mark.parametrize("seconds", [-3_600, -301, 301, 3_600])
def test_a_signature_of_another_time_is_refused(seconds: int) -> None:
    assert "too old" in refused(BODY, headers(now() + seconds))


@pytest.mark.parametrize("seconds", [-290, 290])
def test_clocks_may_differ_by_less_than_five_minutes(seconds: int) -> None:
    signature_check(SECRET)(BODY, headers(now() + seconds))


@pytest.mark.parametrize(
    "timestamp", ["", "soon", "1e9", "-1", " 1", "1\n", "١٧٩٠٠٠٠٠٠٠", "9" * 5_000, "0x10", "1.5", "NaN"]
)
def test_a_timestamp_that_is_no_number_is_refused_not_stumbled_over(timestamp: str) -> None:
    sent = {"x-slack-request-timestamp": timestamp, "x-slack-signature": "v0=abc"}
    assert "no usable" in refused(BODY, sent)


@pytest.mark.parametrize("signature", ["v0=ä", "💥", "\ud800"])
def test_a_signature_outside_ascii_is_refused_not_stumbled_over(signature: str) -> None:
    assert "no usable" in refused(BODY, headers(now()) | {"x-slack-signature": signature})


@pytest.mark.parametrize("missing", ["x-slack-request-timestamp", "x-slack-signature"])
def test_a_missing_header_is_refused(missing: str) -> None:
    sent = headers(now())
    del sent[missing]
    refused(BODY, sent)


def test_a_body_that_is_no_text_is_refused_not_stumbled_over() -> None:
    assert "UTF-8" in refused(b"\xff\xfe", headers(now()))
