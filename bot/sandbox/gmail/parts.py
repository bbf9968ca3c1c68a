"""A message as messages.get shows it."""

import base64
import email
import email.policy
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.message import Message as Parsed

from bot.sandbox.gmail.errors import ApiError, Json
from bot.sandbox.gmail.mailbox import Message

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_INLINE = 200_000
_SNIPPET = 200


def milliseconds(at: datetime) -> str:
    return str((at - _EPOCH) // timedelta(milliseconds=1))


def documented(message: Message, kind: str, wanted: Sequence[str]) -> Json:
    """`kind` is a format of the reference: minimal, metadata, full or raw."""
    shown = _minimal(message)
    if kind == "raw":
        shown["raw"] = _encoded(_body(message))
    elif kind == "metadata":
        head = email.message_from_bytes(message.head + b"\r\n\r\n", policy=email.policy.compat32)
        shown["payload"] = {"mimeType": head.get_content_type(), "headers": _headers(head, wanted)}
    elif kind == "full":
        parsed = email.message_from_bytes(_body(message), policy=email.policy.compat32)
        shown["payload"] = _part(parsed, "")
    return shown


def _minimal(message: Message) -> Json:
    return {
        "id": message.id,
        "threadId": message.thread_id,
        "labelIds": list(message.label_ids),
        "snippet": message.topic[:_SNIPPET],
        "sizeEstimate": message.size,
        "historyId": str(message.history_id),
        "internalDate": milliseconds(message.internal_date),
    }


def _body(message: Message) -> bytes:
    if message.raw is None:
        raise ApiError("unimplemented", "This stand-in was told to forget large bodies.")
    return message.raw


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()


def _headers(parsed: Parsed, wanted: Sequence[str] = ()) -> list[Json]:
    names = {name.lower() for name in wanted}
    return [
        {"name": name, "value": str(value)}
        for name, value in parsed.items()
        if not names or name.lower() in names
    ]


def _part(parsed: Parsed, number: str) -> Json:
    shown: Json = {
        "partId": number,
        "mimeType": parsed.get_content_type(),
        "filename": parsed.get_filename() or "",
        "headers": _headers(parsed),
    }
    if not parsed.is_multipart():
        return shown | {"body": _content(parsed, number)}
    below = enumerate(_children(parsed))
    parts = [_part(child, f"{number}.{at}".lstrip(".")) for at, child in below]
    return shown | {"body": {"size": 0}, "parts": parts}


def _children(parsed: Parsed) -> list[Parsed]:
    payload = parsed.get_payload()
    return [each for each in payload if isinstance(each, Parsed)] if isinstance(payload, list) else []


def _content(parsed: Parsed, number: str) -> Json:
    """An attachment's body is got by its own method, which this stand-in does not have."""
    payload = parsed.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if parsed.get_filename() or len(data) > _MOST_INLINE:
        return {"attachmentId": f"attachment-{number or 0}", "size": len(data)}
    return {"size": len(data), "data": _encoded(data)}
