"""Reads the JSON of a request, strictly: what a schema of the discovery document does not have is refused."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from bot.sandbox.gmail.call import Call
from bot.sandbox.gmail.errors import ApiError, Json
from bot.sandbox.gmail.fields import SHAPES

MESSAGE_FIELDS = frozenset(SHAPES["Message"])
LABEL_FIELDS = frozenset(SHAPES["Label"])
MODIFY_FIELDS = frozenset(
    {"addLabelIds", "removeLabelIds", "addClassificationLabels", "removeClassificationLabelIds"}
)


def posted(call: Call, allowed: frozenset[str]) -> Json:
    """The whole body of a request, which must say that it is JSON."""
    kind = call.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if call.body and kind != "application/json":
        raise ApiError("badRequest", f"Unsupported content type: {kind}")
    return document(call.body, allowed)


def document(body: bytes, allowed: frozenset[str]) -> Json:
    """An empty body is an empty object."""
    try:
        found = json.loads(body) if body.strip() else {}
    except ValueError as error:
        raise ApiError("badRequest", "Invalid JSON payload received. Parsing terminated.") from error
    if not isinstance(found, dict):
        raise ApiError("badRequest", "Invalid JSON payload received. Root element must be a message.")
    for name in found:
        if name not in allowed:
            message = f'Invalid JSON payload received. Unknown name "{name}": Cannot find field.'
            raise ApiError("invalidParameter", message)
    return found


def texts(fields: Mapping[str, Any], name: str) -> list[str]:
    found = fields.get(name)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ApiError("invalidParameter", f"Invalid value at '{name}'")
    return found


def text(fields: Mapping[str, Any], name: str) -> str | None:
    found = fields.get(name)
    if found is not None and not isinstance(found, str):
        raise ApiError("invalidParameter", f"Invalid value at '{name}' (TYPE_STRING)")
    return found


def choice(fields: Mapping[str, Any], name: str, allowed: frozenset[str]) -> str | None:
    found = text(fields, name)
    if found is not None and found not in allowed:
        raise ApiError("invalidParameter", f"Invalid value at '{name}', \"{found}\"")
    return found


def raw(fields: Mapping[str, Any]) -> bytes:
    """The base64url text of a whole message; empty where it is missing."""
    try:
        encoded = (text(fields, "raw") or "").encode("ascii")
        return base64.b64decode(encoded + b"=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise ApiError("invalidParameter", "Invalid value at 'raw' (TYPE_BYTES)") from error
