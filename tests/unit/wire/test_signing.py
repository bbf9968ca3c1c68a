"""Standard Webhooks: what is accepted, and that everything else is a BadSignature."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from bot.errors import BadSettings, BadSignature
from bot.wire.signing import ID, SIGNATURE, TIMESTAMP, Signer, Verifier
from tests.unit.wire.samples import new_secret

BODY = '{"größe": "📷"}'.encode()
OLD, NEW = new_secret(), new_secret()
VERIFIER = Verifier([NEW, OLD], setting="SYNCBOT_EVENTS_SECRETS")


def signed(secret: str = NEW, *, shift: float = 0) -> dict[str, str]:
    return Signer(secret, setting="S", now=lambda: time.time() + shift).headers("msg-1", BODY)


@pytest.mark.parametrize("secret", [OLD, NEW], ids=["old", "new"])
def test_what_any_of_the_secrets_signed_is_accepted(secret: str) -> None:
    VERIFIER.verify(BODY, signed(secret))


def test_what_the_reference_package_signed_is_accepted() -> None:
    at = datetime.fromtimestamp(int(time.time()), UTC)
    signature = Webhook(NEW).sign("msg-2", at, BODY.decode())
    headers = {
        "Webhook-Id": "msg-2",
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": signature,
    }
    VERIFIER.verify(BODY, headers)


def test_the_reference_package_accepts_what_we_sign() -> None:
    Webhook(NEW).verify(BODY, signed())


def test_one_good_signature_among_others_is_enough() -> None:
    headers = signed()
    others = f"v1a,abc v2 nonsense v1,!!! {signed(new_secret())[SIGNATURE]} {headers[SIGNATURE]}"
    VERIFIER.verify(BODY, {**headers, SIGNATURE: others})


@pytest.mark.parametrize("shift", [-290, 290])
def test_a_clock_that_is_a_little_off_is_accepted(shift: float) -> None:
    VERIFIER.verify(BODY, signed(shift=shift))


@pytest.mark.parametrize(
    ("shift", "said"), [(-310, "over five minutes old"), (310, "over five minutes ahead")]
)
def test_old_and_future_timestamps_are_refused(shift: float, said: str) -> None:
    with pytest.raises(BadSignature, match=said):
        VERIFIER.verify(BODY, signed(shift=shift))


@pytest.mark.parametrize("name", [ID, TIMESTAMP, SIGNATURE])
def test_each_header_is_needed(name: str) -> None:
    headers = signed()
    del headers[name]
    with pytest.raises(BadSignature, match=f"{name} is missing"):
        VERIFIER.verify(BODY, headers)


@pytest.mark.parametrize(
    "timestamp",
    [
        "nan",
        "inf",
        "-inf",
        "1e400",
        "abc",
        "-5",
        "1_773_045_000",
        "17.5",
        "٣",
        " 1",
        "9" * 12,
        "9" * 5000,
        "0x10",
    ],
)
def test_timestamps_that_are_no_whole_seconds_of_now_are_refused(timestamp: str) -> None:
    with pytest.raises(BadSignature):
        VERIFIER.verify(BODY, {**signed(), TIMESTAMP: timestamp})


@pytest.mark.parametrize(
    "signature",
    [
        "v1",
        "v1,",
        ",",
        " ",
        "v1,é",
        "v1,a b",
        "v1,AAAA",
        "v1," + "A" * 43 + "=",
        "v2," + "A" * 43 + "=",
        "\ud800",
    ],
)
def test_malformed_and_wrong_signatures_are_refused(signature: str) -> None:
    with pytest.raises(BadSignature):
        VERIFIER.verify(BODY, {**signed(), SIGNATURE: signature})


@pytest.mark.parametrize(
    "change", [{ID: "msg-9"}, {ID: "\ud800"}, {ID: "x" * 256}, {TIMESTAMP: "1773045000"}]
)
def test_what_was_signed_cannot_be_changed(change: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        VERIFIER.verify(BODY, {**signed(), **change})


@pytest.mark.parametrize("body", [BODY + b" ", b"", b"\xff\xfe"])
def test_another_body_is_refused(body: bytes) -> None:
    with pytest.raises(BadSignature):
        VERIFIER.verify(body, signed())


@given(st.binary(max_size=50), st.text(max_size=50), st.text(max_size=20), st.text(max_size=80))
def test_nothing_but_bad_signature_comes_of_any_headers(
    body: bytes, identity: str, timestamp: str, signature: str
) -> None:
    with pytest.raises(BadSignature):
        VERIFIER.verify(body, {ID: identity, TIMESTAMP: timestamp, SIGNATURE: signature})


MALFORMED = {
    "empty": "",
    "only the prefix": "whsec_",
    "no base64": "whsec_***",
    "no secret": "short",
    "too short": new_secret(23),
    "too long": new_secret(65),
    "no prefix": new_secret().removeprefix("whsec_"),
}


@pytest.mark.parametrize("kind", MALFORMED)
def test_a_malformed_secret_is_a_fault_of_the_settings(kind: str) -> None:
    secret = MALFORMED[kind]
    with pytest.raises(BadSettings, match="SYNCBOT_X must be whsec_") as raised:
        Verifier([secret], setting="SYNCBOT_X")
    assert not secret.removeprefix("whsec_") or secret not in raised.value.sentence


def test_no_secret_at_all_is_a_fault_of_the_settings() -> None:
    with pytest.raises(BadSettings, match="Set SYNCBOT_X"):
        Verifier([], setting="SYNCBOT_X")
