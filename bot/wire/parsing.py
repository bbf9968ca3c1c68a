"""From bytes to events: every good one is kept, every bad one is named with what to do about it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from pydantic import BaseModel, ValidationError

from bot.domain.events import Envelope
from bot.errors import BadEvent
from bot.wire.fields import LONGEST_ID
from bot.wire.reasons import did_you_mean, explain
from bot.wire.schema import MODELS
from bot.wire.text import clean_line

SINGLE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
EITHER = "application/json"
CONTENT_TYPES = (SINGLE, BATCH, EITHER)

MOST_EVENTS = 500
MOST_BYTES = 1024 * 1024


class TooMuch(BadEvent):
    code = "too_large"


class WrongContentType(BadEvent):
    code = "unsupported_media_type"


@dataclass(frozen=True, slots=True)
class Good:
    """`index` counts from 0 in a body; in a file it is the line, counting from 1."""

    index: int
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Bad:
    """`id` is the event's own, where it could be read."""

    index: int
    id: str | None
    reason: str


Parsed = Good | Bad


def parse_body(content_type: str, body: bytes, received_at: datetime) -> list[Parsed]:
    """The events of one request.

    Raises:
        WrongContentType, TooMuch, BadEvent: nothing of the body was kept.
    """
    kind = media_type(content_type)
    check_size(len(body))
    document = read_json(body)
    if kind == SINGLE or (kind == EITHER and isinstance(document, dict)):
        return [parse_event(document, 0, received_at)]
    return [parse_event(each, index, received_at) for index, each in enumerate(_batch(document))]


def media_type(content_type: str) -> str:
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in CONTENT_TYPES:
        binary = " Binary mode is not taken: its ce- headers are outside the signature."
        raise WrongContentType(f"Send the content type {SINGLE} or {BATCH}.{'' if kind else binary}")
    return kind


def check_size(size: int) -> None:
    if size > MOST_BYTES:
        raise TooMuch(f"The body is larger than {MOST_BYTES:,} bytes; send smaller batches.")


def read_json(text: bytes) -> object:
    """Raises BadEvent for what is no JSON, and for what RFC 8259 leaves to chance: NaN, endless nesting."""
    try:
        return json.loads(text.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise BadEvent(f"The text is not UTF-8 (byte {error.start}).") from error
    except json.JSONDecodeError as error:
        raise BadEvent(
            f"The text is not JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        ) from error
    except RecursionError as error:
        raise BadEvent("The JSON is nested too deeply.") from error
    except ValueError as error:
        raise BadEvent("The JSON holds a number that cannot be read.") from error


def parse_event(document: object, index: int, received_at: datetime) -> Parsed:
    if not isinstance(document, dict):
        return Bad(index, None, "is not a JSON object; send one CloudEvent as an object")
    try:
        return Good(index, _envelope(document, received_at))
    except ValidationError as error:
        reason = explain(error, lambda path: _fields(document, path))
    except ValueError as error:
        reason = str(error)
    return Bad(index, _legible_id(document), clean_line(reason, 1000))


def _envelope(document: dict[str, Any], received_at: datetime) -> Envelope:
    name = document.get("type")
    if not isinstance(name, str):
        raise ValueError(_no_type(document))  # noqa: TRY004 - a fault of the sender's, not of a caller's
    model = MODELS.get(name)
    if model is None:
        hint = did_you_mean(name, MODELS) or f"; known are {', '.join(MODELS)}"
        raise ValueError(f"`type` {clean_line(name, 64)!r} is unknown{hint}")
    return model.model_validate(document).to_envelope(received_at)


def _no_type(document: Mapping[str, Any]) -> str:
    strangers = [name for name in document if name not in next(iter(MODELS.values())).model_fields]
    near = next((name for name in strangers if did_you_mean(name, ["type"])), None)
    hint = f"; is `{near[:64]}` meant to be it?" if near else f"; send one of {', '.join(MODELS)}"
    return f"`type` is missing{hint}"


def _fields(document: Mapping[str, Any], path: str) -> list[str]:
    """The valid field names at `path` of an event of this type; list positions are skipped."""
    model: Any = MODELS[document["type"]]
    for step in filter(None, path.split(".")):
        if not step.isdigit():
            model = _model_in(model.model_fields[step].annotation)
    return list(model.model_fields) if model else []


def _model_in(annotation: object) -> type[BaseModel] | None:
    inner = getattr(annotation, "__args__", ())
    for each in (annotation, *inner):
        if isinstance(each, type) and issubclass(each, BaseModel):
            return each
    return None


def _batch(document: object) -> list[object]:
    if not isinstance(document, list):
        raise BadEvent("A batch is a JSON array of events (CloudEvents JSON format, section 4).")
    if len(document) > MOST_EVENTS:
        raise TooMuch(f"The batch holds {len(document):,} events; send at most {MOST_EVENTS} at once.")
    return document


def _legible_id(document: Mapping[str, Any]) -> str | None:
    found = document.get("id")
    return clean_line(found, LONGEST_ID) if isinstance(found, str) else None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
