"""What is secret is hidden, and what is not can still be read."""

import json

import pytest

from bot.doctor.discretion import HIDDEN, Discretion, discretion
from bot.doctor.findings import Finding, State, Verdict
from tests.unit.doctor.certificates import framed


@pytest.mark.parametrize(
    "token",
    [
        "xoxb-1-2-abc",
        "xapp-1-A0-2-abc",
        "whsec_c2VjcmV0",
        "ya29.abc-def",
        "eyJhbGciOiJub25lIn0.eyJyb2xlcyI6W119.signature",
        framed("PRIVATE KEY", "MIIE").strip(),
        framed("RSA PRIVATE KEY", "MIIE").partition("-----END")[0],
    ],
)
def test_whatever_looks_like_a_token_is_hidden(token: str) -> None:
    assert Discretion().hidden(f"It says {token}") == f"It says {HIDDEN}"


def test_a_known_secret_is_hidden_in_text_remedy_and_notes() -> None:
    told = Verdict(State.WRONG, "a-long-secret is wrong", "drop a-long-secret", ("a-long-secret",))
    verdict = discretion(["a-long-secret"]).of(Finding("Part", "check", told)).verdict
    assert verdict == Verdict(State.WRONG, f"{HIDDEN} is wrong", f"drop {HIDDEN}", (HIDDEN,))


def test_each_line_of_a_key_is_hidden_by_itself() -> None:
    pem = framed("CERTIFICATE", "first-line", "second-line")
    assert discretion([pem]).hidden("second-line, first-line") == f"{HIDDEN}, {HIDDEN}"


def test_of_a_key_file_only_the_private_key_is_hidden() -> None:
    file = json.dumps({"client_email": "sync@project.example", "private_key": "private-line\n"})
    assert discretion([file]).hidden("sync@project.example private-line") == f"sync@project.example {HIDDEN}"


def test_a_file_that_only_looks_like_json_is_hidden_as_a_whole() -> None:
    assert discretion(["{broken-key"]).hidden("It is {broken-key") == f"It is {HIDDEN}"


def test_a_longer_secret_is_hidden_whole_though_a_shorter_one_is_in_it() -> None:
    assert discretion(["secret", "secret-tail"]).hidden("secret-tail") == HIDDEN
