"""The written reference names every type and field, and its examples are valid."""

import json
import re
from pathlib import Path

import pytest

from bot.wire.parsing import Good, parse_event
from bot.wire.schema import MODELS
from tests.unit.wire.samples import NOW

TEXT = (Path(__file__).parents[3] / "docs" / "reference" / "events.md").read_text("utf-8")
EXAMPLES = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)]


def section(kind: str) -> str:
    return TEXT.split(f"### `{kind}`")[1].split("\n##")[0]


@pytest.mark.parametrize("kind", MODELS)
def test_every_field_of_every_type_is_described_and_no_other(kind: str) -> None:
    fields = MODELS[kind].model_fields["data"].annotation
    assert fields
    model = fields.model_fields
    table = [line.split("|")[1] for line in section(kind).splitlines() if line.startswith(("| `", "| **`"))]
    named = [(name, "**" in cell) for cell in table for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(named) == sorted((name, field.is_required()) for name, field in model.items())


def test_every_example_of_an_event_is_valid() -> None:
    events = [each for each in EXAMPLES if each.get("type") in MODELS]
    assert events
    assert all(isinstance(parse_event(each, 0, NOW), Good) for each in events)
