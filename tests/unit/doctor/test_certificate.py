"""Until when a certificate holds, and whether the key beside it is its own."""

from datetime import timedelta

import pytest

from bot.doctor.certificate import certificate
from bot.doctor.findings import State
from tests.unit.doctor.certificates import signed
from tests.unit.doctor.test_clocks import NOON

YEAR = timedelta(days=365)


def test_a_certificate_that_holds_is_fine_and_its_last_day_told() -> None:
    verdict = certificate(signed(NOON, YEAR).both, "file:m365.pem", NOON)
    told = "The certificate in file:m365.pem can be read, and holds until 2027-11-24."
    assert (verdict.state, verdict.text, verdict.notes) == (State.FINE, told, ())


def test_its_order_in_the_file_does_not_matter() -> None:
    pems = signed(NOON, YEAR)
    assert certificate(pems.certificate + pems.key, "file:m365.pem", NOON).state is State.FINE


def test_certificates_of_its_issuers_may_follow() -> None:
    issuer = signed(NOON, YEAR, key=2).certificate
    assert certificate(signed(NOON, YEAR).both + issuer, "file:m365.pem", NOON).state is State.FINE


def test_a_certificate_that_expires_soon_is_noted() -> None:
    verdict = certificate(signed(NOON, YEAR).both, "file:m365.pem", NOON + YEAR - timedelta(days=12))
    assert verdict.state is State.FINE
    assert verdict.notes[0].startswith("Only 12 days are left. Make a new one")


@pytest.mark.parametrize(
    ("later", "told"),
    [
        (YEAR, "The certificate in file:m365.pem expired on 2027-11-24."),
        (-timedelta(hours=1), "The certificate in file:m365.pem holds only from 2026-11-24 12:00 UTC."),
    ],
)
def test_a_certificate_outside_its_time_is_wrong(later: timedelta, told: str) -> None:
    verdict = certificate(signed(NOON, YEAR).both, "file:m365.pem", NOON + later)
    assert (verdict.state, verdict.text) == (State.WRONG, told)
    assert "Microsoft Entra" in verdict.remedy


def test_the_key_of_another_certificate_is_wrong() -> None:
    pem = signed(NOON, YEAR, key=2).key + signed(NOON, YEAR).certificate
    assert "is not the certificate's" in certificate(pem, "file:m365.pem", NOON).text


@pytest.mark.parametrize("pem", ["", "garbage", signed(NOON, YEAR).key, signed(NOON, YEAR).certificate])
def test_half_of_it_is_wrong(pem: str) -> None:
    verdict = certificate(pem, "file:m365.pem", NOON)
    assert verdict.state is State.WRONG
    assert "both as PEM" in verdict.text
