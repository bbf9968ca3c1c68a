"""The kinds of value that events are made of, with their bounds."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from bot.domain.addresses import LONGEST, parse_address
from bot.wire import times
from bot.wire.text import clean_line, clean_text, is_clean

LONGEST_KEY = 512
"""Twice what Graph's immutable ids need; four bytes a character still fit an index row of PostgreSQL."""

LONGEST_ID = 255
LONGEST_MESSAGE = 4_000
LONGEST_LINE = 500
LARGEST = 2**53 - 1
"""The largest integer that every JSON reader keeps exact (RFC 8259, section 6)."""

MOST_SERVICES = 20
MOST_STILL_FAILING = 10_000

_END = r"[^\s\u0000-\u001f\u007f-\u009f]"
_CLEAN = rf"^{_END}([^\u0000-\u001f\u007f-\u009f\u2028\u2029]*{_END})?$"


def _key(text: str) -> str:
    if not is_clean(text):
        raise ValueError("must not hold control characters, broken Unicode, or blanks at its ends")
    return text


def _address(value: object) -> object:
    if not isinstance(value, str):
        return value
    address = parse_address(value)
    if address is None:
        raise ValueError("must be one e-mail address, such as anna@northwind.example")
    return address


def _line(value: object) -> object:
    return clean_line(value, LONGEST_LINE) if isinstance(value, str) else value


def _message(value: object) -> object:
    return clean_text(value, LONGEST_MESSAGE) if isinstance(value, str) else value


_TIME_SCHEMA = {"type": "string", "format": "date-time", "pattern": times.PATTERN}
_MAIL_TIME_SCHEMA = {"type": "string", "format": "date-time", "pattern": times.ANY_PATTERN}

Key = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_KEY, json_schema_extra={"pattern": _CLEAN}),
    AfterValidator(_key),
]
"""An opaque identifier of the engine's. Too long is refused: cut off, it would name another thing."""

EventId = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_ID, json_schema_extra={"pattern": _CLEAN}),
    AfterValidator(_key),
]
Line = Annotated[str, BeforeValidator(_line)]
"""One line of text: control characters become blanks, what is beyond 500 characters is cut off."""

Message = Annotated[str, BeforeValidator(_message)]
"""Text of several lines, cut off after 4,000 characters: a long error text must not lose its event."""

Address = Annotated[
    str,
    BeforeValidator(_address),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": LONGEST}),
]
Service = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$", examples=["email"])]
Code = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.:-]{0,63}$", examples=["dest_too_large"])]
Count = Annotated[int, Field(ge=0, le=LARGEST)]
Timestamp = Annotated[datetime, BeforeValidator(times.read_time), WithJsonSchema(_TIME_SCHEMA)]
MailTime = Annotated[
    datetime | None,
    BeforeValidator(times.read_mail_time),
    WithJsonSchema({"anyOf": [_MAIL_TIME_SCHEMA, {"type": "null"}]}),
]
