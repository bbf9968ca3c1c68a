"""Cursors: https://docs.slack.dev/apis/web-api/pagination"""

import base64
import binascii
from typing import TypeVar

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.webapi.call import Call

DEFAULT_LIMIT = 100
MAX_LIMIT = 1_000

T = TypeVar("T")


def page(call: Call, rows: list[T]) -> tuple[list[T], Json]:
    """One page, and the `response_metadata` whose `next_cursor` is empty on the last one."""
    start, limit = _start(call), _limit(call)
    following = start + limit
    more = following < len(rows)
    cursor = base64.b64encode(f"next:{following}".encode()).decode() if more else ""
    return rows[start:following], {"next_cursor": cursor}


def _start(call: Call) -> int:
    cursor = call.text("cursor")
    if cursor is None:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (ValueError, binascii.Error) as problem:
        raise SlackError("invalid_cursor") from problem


def _limit(call: Call) -> int:
    given = call.text("limit") or str(DEFAULT_LIMIT)
    if not given.isdigit() or not 0 < int(given) <= MAX_LIMIT:
        raise SlackError("invalid_limit")
    return int(given)
