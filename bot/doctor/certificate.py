"""A connection's certificate: until when it holds, and whether the key beside it is its own."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from bot.doctor.findings import Verdict, fine, wrong

SOON: Final = timedelta(days=30)
_RENEW: Final = "Make a new one, and upload it under *Certificates & secrets* in Microsoft Entra."
_DER: Final = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@dataclass(frozen=True, slots=True)
class _Pair:
    begins_at: datetime
    ends_at: datetime
    belongs_together: bool


def certificate(pem: str, kept: str, now: datetime) -> Verdict:
    """`kept` says where."""
    try:
        pair = _pair(pem.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return wrong(
            f"{kept} does not hold a private key without a passphrase and its certificate, both as PEM.",
            "Put both into it, one after the other (docs/how-to/engine-setup.md, step 1).",
        )
    if not pair.belongs_together:
        return wrong(
            f"{kept} holds a private key that is not the certificate's.", "Put the right two together."
        )
    return _dated(pair, kept, now)


def _pair(pem: bytes) -> _Pair:
    """The first certificate is taken for the app's own, as at the sign-in. Raises ValueError and others."""
    own = x509.load_pem_x509_certificates(pem)[0]
    key = load_pem_private_key(pem, password=None)
    is_own = key.public_key().public_bytes(*_DER) == own.public_key().public_bytes(*_DER)
    return _Pair(own.not_valid_before_utc, own.not_valid_after_utc, is_own)


def _dated(pair: _Pair, kept: str, now: datetime) -> Verdict:
    last = f"{pair.ends_at:%Y-%m-%d}"
    if now >= pair.ends_at:
        return wrong(f"The certificate in {kept} expired on {last}.", _RENEW)
    if now < pair.begins_at:
        return wrong(
            f"The certificate in {kept} holds only from {pair.begins_at:%Y-%m-%d %H:%M} UTC.", _RENEW
        )
    left = (pair.ends_at - now).days
    notes = (f"Only {left} days are left. {_RENEW}",) if pair.ends_at - now < SOON else ()
    return fine(f"The certificate in {kept} can be read, and holds until {last}.", *notes)
