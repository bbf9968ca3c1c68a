"""Partial responses: what `fields` selects.

https://developers.google.com/workspace/gmail/api/guides/performance#partial : names divided by commas, `a/b`
or `a(b,c)` for what is below, `*` for all.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from bot.sandbox.gmail.errors import ApiError, Json

Selection = Mapping[str, Any]
"""Names below each other; an empty one takes all that is below."""

_TOKEN = re.compile(r"[A-Za-z0-9_*-]+|[(),/]")


def _flat(*names: str) -> Json:
    return {name: {} for name in names}


_BODY = _flat("attachmentId", "data", "size")
_HEADER = _flat("name", "value")
_PART = {**_flat("partId", "mimeType", "filename"), "headers": _HEADER, "body": _BODY}
_PART["parts"] = _PART
_LABEL: Json = {
    **_flat("id", "name", "type", "messageListVisibility", "labelListVisibility"),
    **_flat("messagesTotal", "messagesUnread", "threadsTotal", "threadsUnread"),
    "color": _flat("textColor", "backgroundColor"),
}
_VALUES: Json = {"labelId": {}, "fields": _flat("fieldId", "selection")}
_MESSAGE: Json = {
    **_flat("id", "threadId", "labelIds", "snippet", "historyId", "internalDate", "sizeEstimate", "raw"),
    "payload": _PART,
    "classificationLabelValues": _VALUES,
}
SHAPES: Mapping[str, Json] = MappingProxyType(
    {
        "Label": _LABEL,
        "ListLabelsResponse": {"labels": _LABEL},
        "Message": _MESSAGE,
        "ListMessagesResponse": {"messages": _MESSAGE, "nextPageToken": {}, "resultSizeEstimate": {}},
        "Profile": _flat("emailAddress", "historyId", "messagesTotal", "threadsTotal"),
    }
)
RESPONSES: Mapping[str, str] = MappingProxyType(
    {
        "getProfile": "Profile",
        "labels.list": "ListLabelsResponse",
        "messages.list": "ListMessagesResponse",
        **dict.fromkeys(("labels.create", "labels.get", "labels.update", "labels.patch"), "Label"),
        **{
            f"messages.{each}": "Message"
            for each in ("get", "import", "insert", "modify", "trash", "untrash")
        },
    }
)


def mask(method: str, text: str) -> Selection:
    """Empty, and so all, where nothing is selected; also where a method answers nothing."""
    return selection(text, RESPONSES[method]) if text and method in RESPONSES else {}


@lru_cache(maxsize=256)
def selection(text: str, schema: str) -> Selection:
    """Refuses a mask that cannot be read, or that names what the response does not have."""
    tokens = _TOKEN.findall(text)
    if not tokens or "".join(tokens) != text.replace(" ", ""):
        raise _invalid(text)
    found, rest = _list(tokens, SHAPES[schema], text)
    if rest:
        raise _invalid(text)
    return found


def select(document: Any, chosen: Selection) -> Any:  # noqa: ANN401 - JSON
    if not chosen or "*" in chosen:
        return document
    if isinstance(document, list):
        return [select(each, chosen) for each in document]
    return {name: select(document[name], below) for name, below in chosen.items() if name in document}


def _list(tokens: list[str], shape: Json, text: str) -> tuple[Json, list[str]]:
    found: Json = {}
    while True:
        name, below, tokens = _one(tokens, shape, text)
        found[name] = below
        if not tokens or tokens[0] != ",":
            return found, tokens
        tokens = tokens[1:]


def _one(tokens: list[str], shape: Json, text: str) -> tuple[str, Json, list[str]]:
    name, rest = (tokens[0], tokens[1:]) if tokens else ("", [])
    if name == "*":
        return name, {}, rest
    if name not in shape:
        raise _invalid(name or text)
    if rest[:1] == ["/"]:
        below_name, below, rest = _one(rest[1:], shape[name], text)
        return name, {below_name: below}, rest
    if rest[:1] == ["("]:
        below, rest = _list(rest[1:], shape[name], text)
        if rest[:1] != [")"]:
            raise _invalid(text)
        return name, below, rest[1:]
    return name, {}, rest


def _invalid(what: str) -> ApiError:
    return ApiError("invalidFields", f"Invalid field selection {what}")
