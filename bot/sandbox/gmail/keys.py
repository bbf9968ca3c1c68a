"""A service account's key, made when the stand-in starts, and the check of what it signs."""

import base64
import binascii
import json
from functools import cache
from typing import Any
from uuid import uuid4

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from bot.sandbox.gmail.errors import TokenError

ACCOUNT = "sync@stand-in.iam.gserviceaccount.com"
CLIENT_ID = "100000000000000000001"
_BITS = 2048


def _made() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_BITS)


_first = cache(_made)
"""Making one takes a tenth of a second, so all stand-ins of a process begin with the same key."""


class ServiceAccount:
    def __init__(self) -> None:
        self._renewed: rsa.RSAPrivateKey | None = None
        self._id = uuid4().hex
        self.revoked = False

    def renew(self) -> None:
        """Makes another key; the old one signs nothing any more."""
        self._renewed = _made()
        self._id = uuid4().hex
        self.revoked = False

    @property
    def _private(self) -> rsa.RSAPrivateKey:
        return self._renewed or _first()

    def key(self, token_uri: str) -> dict[str, str]:
        """Like the key file that Google hands out: https://cloud.google.com/iam/docs/keys-create-delete"""
        private = self._private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return {
            "type": "service_account",
            "project_id": "stand-in",
            "private_key_id": self._id,
            "private_key": private.decode(),
            "client_email": ACCOUNT,
            "client_id": CLIENT_ID,
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": token_uri,
            "universe_domain": "googleapis.com",
        }

    def claims(self, assertion: str) -> dict[str, Any]:
        """What a JWT says that this key has signed with RS256, the one algorithm that Google takes."""
        header, claims, signed, signature = _pieces(assertion)
        if header.get("alg") != "RS256" or header.get("typ", "JWT") != "JWT":
            raise TokenError("invalid_grant", "Invalid JWT: Unsupported algorithm.")
        if claims.get("iss") != ACCOUNT:
            raise TokenError("invalid_grant", "Invalid grant: account not found")
        if self.revoked or header.get("kid", self._id) != self._id:
            raise TokenError("invalid_grant", "Invalid JWT Signature.")
        self._verify(signed, signature)
        return claims

    def _verify(self, signed: bytes, signature: bytes) -> None:
        try:
            self._private.public_key().verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature as error:
            raise TokenError("invalid_grant", "Invalid JWT Signature.") from error


def _pieces(assertion: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    try:
        head, claims, signature = assertion.split(".")
        return _object(head), _object(claims), f"{head}.{claims}".encode(), _bytes(signature)
    except (ValueError, binascii.Error) as error:
        raise TokenError("invalid_grant", "Bad Request") from error


def _object(piece: str) -> dict[str, Any]:
    found = json.loads(_bytes(piece))
    if not isinstance(found, dict):
        raise ValueError(piece)  # noqa: TRY004 - a foreign value, not a foreign type
    return found


def _bytes(piece: str) -> bytes:
    return base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4))
