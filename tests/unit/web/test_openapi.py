"""The served document against the application: schemathesis makes requests of it, signed as they leave."""

import json
from typing import Any

import jsonschema
import pytest
import schemathesis
from hypothesis import settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bot.wire.parsing import BATCH, EITHER, SINGLE, Bad, parse_event
from tests.unit.web.calling import SIGNER, application
from tests.unit.wire.samples import DATA, NOW, event

APP = application()
_NO_TABLES = {"phases": {"coverage": {"enabled": False}}}  # its 4,000 examples take a minute to make
SCHEMA = schemathesis.openapi.from_asgi(
    "/openapi.json", APP, config=schemathesis.Config.from_dict(_NO_TABLES)
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@SCHEMA.parametrize()
@settings(max_examples=40, deadline=None)
def test_every_answer_is_as_documented(case: "schemathesis.Case[Any]") -> None:
    if case.path == "/v1/events":
        _send_signed(case)
    else:
        case.call_and_validate(checks=CHECKS)


def _send_signed(case: "schemathesis.Case[Any]") -> None:
    body = json.dumps(case.body, ensure_ascii=True).encode() if _is_json(case.body) else b"{"
    case.headers.update(SIGNER.headers("msg-1", body))
    case.headers["content-type"] = case.media_type or SINGLE
    case.call_and_validate(data=body, headers=dict(case.headers), checks=CHECKS)


def _is_json(body: object) -> bool:
    return isinstance(body, str | int | float | bool | dict | list | None)


# ---- the document and the models say the same --------------------------------------------------------------


def validator(name: str) -> jsonschema.Draft202012Validator:
    document = APP.openapi()
    root: dict[str, Any] = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    return jsonschema.Draft202012Validator(root)


@pytest.mark.parametrize("kind", DATA)
def test_what_the_models_take_is_valid_by_the_document(kind: str) -> None:
    validator("Event").validate(event(kind))


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("item.failed", {"item": "a\x00b"}),
        ("item.failed", {"item": " a"}),
        ("item.failed", {"size": -1}),
        ("item.failed", {"retry_at": "2026-03-09T08:30:00"}),
        ("item.failed", {"subjct": "x"}),
        ("sync.started", {"kind": "other"}),
        ("policy.upserted", {"frequency": {"every": 0, "unit": "hour"}}),
    ],
)
def test_what_the_models_refuse_is_invalid_by_the_document(kind: str, change: dict[str, object]) -> None:
    bad = event(kind, change)
    assert isinstance(parse_event(bad, 0, NOW), Bad)
    assert not validator("Event").is_valid(bad)


def test_the_examples_of_the_document_are_valid() -> None:
    content = APP.openapi()["paths"]["/v1/events"]["post"]["requestBody"]["content"]
    validator("Event").validate(content[SINGLE]["example"])
    validator("EventBatch").validate(content[BATCH]["example"])
    assert set(content) == {SINGLE, BATCH, EITHER}
    assert not isinstance(parse_event(content[SINGLE]["example"], 0, NOW), Bad)
