"""Standard Webhooks: signing what goes out, and verifying what comes in under any of several secrets.

Specification: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from bot.errors import BadSettings, BadSignature

ID = "webhook-id"
TIMESTAMP = "webhook-timestamp"
SIGNATURE = "webhook-signature"

_PREFIX = "whsec_"
_SHORTEST, _LONGEST = 24, 64
"""Bytes of a secret (specification, "Signature scheme")."""

_MOST_SIGNATURES = 10
_LONGEST_ID = 255
_V1 = re.compile(r"v1,[A-Za-z0-9+/]{43}=")
_SECONDS = re.compile(r"[0-9]{1,12}")


class Verifier:
    """Takes what was signed, within five minutes of real time, under any of `secrets`: old and new ones."""

    def __init__(self, secrets: Sequence[str], *, setting: str) -> None:
        if not secrets:
            raise BadSettings(f"Set {setting} to at least one secret. {_how_to_make()}")
        self._webhooks = [_webhook(secret, setting) for secret in secrets]

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Raises BadSignature, whatever the headers and the body hold."""
        legible = _legible(headers)
        text = _text(body)
        reasons = [_refusal(webhook, text, legible) for webhook in self._webhooks]
        if None not in reasons:
            raise BadSignature(reasons[0] or "")


class Signer:
    """Signs with real time: receivers compare it with theirs, so a sped-up clock must not sign."""

    def __init__(self, secret: str, *, setting: str, now: Callable[[], float] = time.time) -> None:
        self._webhook = _webhook(secret, setting)
        self._now = now

    def headers(self, message_id: str, body: bytes) -> dict[str, str]:
        seconds = int(self._now())
        at = datetime.fromtimestamp(seconds, UTC)  # the package takes any other zone's clock for UTC
        return {
            ID: message_id,
            TIMESTAMP: str(seconds),
            SIGNATURE: self._webhook.sign(message_id, at, body.decode()),
        }


def _webhook(secret: str, setting: str) -> Webhook:
    """The package takes any text for a secret and skips what is not base64 in it: a typo would go unseen."""
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(_PREFIX) or not _SHORTEST <= len(key) <= _LONGEST:
        raise BadSettings(
            f"{setting} must be {_PREFIX} followed by {_SHORTEST} to {_LONGEST} bytes in base64. "
            + _how_to_make()
        )
    return Webhook(key)


def _how_to_make() -> str:
    return f'Make one with: echo "{_PREFIX}$(openssl rand -base64 32)"'


def _legible(headers: Mapping[str, str]) -> dict[str, str]:
    """The three headers, well-formed. One broken signature in a list makes the package give up on all."""
    lower = {name.lower(): value for name, value in headers.items()}
    missing = [name for name in (ID, TIMESTAMP, SIGNATURE) if not lower.get(name)]
    if missing:
        raise BadSignature(f"The header {missing[0]} is missing; sign as Standard Webhooks says.")
    if len(lower[ID]) > _LONGEST_ID:
        raise BadSignature(f"The header {ID} is longer than {_LONGEST_ID} characters.")
    if not _SECONDS.fullmatch(lower[TIMESTAMP]):
        raise BadSignature(f"The header {TIMESTAMP} must be whole seconds since 1970.")
    usable = [each for each in lower[SIGNATURE].split(" ")[:_MOST_SIGNATURES] if _V1.fullmatch(each)]
    if not usable:
        raise BadSignature(f"The header {SIGNATURE} holds no signature of the form v1,<base64>.")
    return {ID: lower[ID], TIMESTAMP: lower[TIMESTAMP], SIGNATURE: " ".join(usable)}


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise BadSignature(
            "The body is not UTF-8, so it was not signed as Standard Webhooks says."
        ) from error


def _refusal(webhook: Webhook, text: str, headers: dict[str, str]) -> str | None:
    try:
        webhook.verify(text, headers, json_parse=False)
    except WebhookVerificationError as error:
        return _SENTENCES.get(str(error), "The signature was not accepted.")
    except ValueError:
        return "The signature headers are malformed."
    return None


_SENTENCES = {
    "Message timestamp too old": f"The {TIMESTAMP} is over five minutes old; check the sender's clock.",
    "Message timestamp too new": f"The {TIMESTAMP} is over five minutes ahead; check the sender's clock.",
    "No matching signature found": "No signature matches; check that both sides hold the same secret.",
}
