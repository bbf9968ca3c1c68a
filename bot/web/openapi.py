"""What FastAPI cannot derive of the events API: its signed, hand-parsed body, as OpenAPI."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from bot.web.problems import CONTENT_TYPE, Problem
from bot.wire import signing
from bot.wire.parsing import BATCH, EITHER, MOST_EVENTS, SINGLE
from bot.wire.schema import MODELS, AnyEvent

Json = dict[str, Any]

_REF = "#/components/schemas/{model}"
_SINGLE = {"$ref": _REF.format(model="Event")}
_BATCH = {"$ref": _REF.format(model="EventBatch")}

EXAMPLE: Json = {
    "specversion": "1.0",
    "id": "01J9Z3W8-7",
    "source": "https://engine.northwind.example/eu",
    "type": "item.failed",
    "time": "2026-03-09T08:30:12Z",
    "data": {
        "mailbox": "mbx-17",
        "service": "email",
        "item": "AAMkAGI2-0042",
        "code": "dest_too_large",
        "message": "The message has 61 MB; Gmail takes 50 MB.",
        "folder": "Inbox/Suppliers",
        "subject": "Drawings, second set",
        "sender": "Ines Duarte <ines@fabrikam.example>",
        "received_at": "2026-03-08T17:02:00Z",
        "size": 63963136,
        "run": "run-20260309-0830-17",
    },
}


def _header(name: str, description: str, pattern: str) -> Json:
    schema = {"type": "string", "pattern": pattern, "maxLength": 255}
    return {"name": name, "in": "header", "required": True, "description": description, "schema": schema}


EVENTS_OPERATION: Json = {
    "parameters": [
        _header(signing.ID, "Unique for the request; the same when it is sent again.", r"^[!-~]+$"),
        _header(signing.TIMESTAMP, "Seconds since 1970, at most five minutes off.", r"^[0-9]{1,12}$"),
        _header(
            signing.SIGNATURE,
            "Standard Webhooks: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.",
            r"^v1,[A-Za-z0-9+/]{43}=$",
        ),
    ],
    "requestBody": {
        "required": True,
        "description": "CloudEvents 1.0 in the JSON format, at most 1 MiB.",
        "content": {
            SINGLE: {"schema": _SINGLE, "example": EXAMPLE},
            BATCH: {"schema": _BATCH, "example": [EXAMPLE]},
            EITHER: {"schema": {"anyOf": [_SINGLE, _BATCH]}},
        },
    },
}


NOTHING_KEPT: Json = {
    "description": "Nothing was kept: every event was rejected, or the body is no CloudEvent at all.",
    "content": {
        "application/json": {"schema": {"$ref": _REF.format(model="Results")}},
        CONTENT_TYPE: {"schema": {"$ref": _REF.format(model="Problem")}},
    },
}


def problem_response(description: str) -> Json:
    schema = {"$ref": _REF.format(model="Problem")}
    return {"description": description, "content": {CONTENT_TYPE: {"schema": schema}}}


def problem_responses(descriptions: Mapping[int, str]) -> dict[int | str, Json]:
    return {status: problem_response(text) for status, text in descriptions.items()}


def event_schemas() -> Json:
    """Every model of the wire by its name, with Event and EventBatch on top."""
    _, document = models_json_schema([(model, "validation") for model in MODELS.values()], ref_template=_REF)
    union = TypeAdapter[Any](AnyEvent).json_schema(ref_template=_REF)
    union.pop("$defs")
    batch = {"type": "array", "items": _SINGLE, "maxItems": MOST_EVENTS}
    return {**document["$defs"], "Event": union, "EventBatch": batch}


def install(app: FastAPI) -> None:
    """Make `app` serve a document with the event schemas in it."""

    def document() -> Json:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign] # FastAPI's documented way to extend the document


def _document(app: FastAPI) -> Json:
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(event_schemas())
    schemas["Problem"] = Problem.model_json_schema(ref_template=_REF)
    return document
