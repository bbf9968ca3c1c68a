"""Certificates that sign themselves, and the keys beside them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def framed(kind: str, *lines: str) -> str:
    """PEM in shape alone."""
    return "\n".join((f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----", ""))


@dataclass(frozen=True)
class Pems:
    key: str
    certificate: str

    @property
    def both(self) -> str:
        return self.key + self.certificate


@cache
def key_numbered(number: int) -> ec.EllipticCurvePrivateKey:
    """Not of the kind that Entra takes, but made at once."""
    return ec.derive_private_key(number + 2, ec.SECP256R1())


def signed(begins_at: datetime, lasts: timedelta, *, key: int = 1) -> Pems:
    private, name = key_numbered(key), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "syncbot")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(7)
        .not_valid_before(begins_at)
        .not_valid_after(begins_at + lasts)
        .sign(private, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return Pems(pem.decode(), made.public_bytes(serialization.Encoding.PEM).decode())
