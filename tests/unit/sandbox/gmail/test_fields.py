"""Masks of partial responses."""

from typing import Any

import pytest

from bot.sandbox.gmail.errors import ApiError
from bot.sandbox.gmail.fields import select, selection

LABELS = {"labels": [{"id": "A", "name": "a", "color": {"textColor": "#000000"}}, {"id": "B", "name": "b"}]}


@pytest.mark.parametrize(
    ("mask", "chosen"),
    [
        ("*", LABELS),
        ("labels", LABELS),
        ("labels/id", {"labels": [{"id": "A"}, {"id": "B"}]}),
        ("labels(id,name)", {"labels": [{"id": "A", "name": "a"}, {"id": "B", "name": "b"}]}),
        (
            "labels(id, color/textColor)",
            {"labels": [{"id": "A", "color": {"textColor": "#000000"}}, {"id": "B"}]},
        ),
        ("labels/*", LABELS),
    ],
)
def test_a_mask_selects(mask: str, chosen: Any) -> None:
    assert select(LABELS, selection(mask, "ListLabelsResponse")) == chosen


@pytest.mark.parametrize(
    "mask", ["", "nope", "labels(id", "labels)", "labels/", "id,", "labels(nope)", "labels;id"]
)
def test_a_mask_that_cannot_be_is_refused(mask: str) -> None:
    with pytest.raises(ApiError, match="Invalid field selection"):
        selection(mask, "ListLabelsResponse")


def test_a_mask_reaches_nested_parts() -> None:
    message = {
        "id": "1",
        "payload": {"parts": [{"partId": "0", "parts": [{"partId": "0.0", "filename": ""}]}]},
    }
    chosen = select(message, selection("payload/parts/parts/partId", "Message"))
    assert chosen == {"payload": {"parts": [{"parts": [{"partId": "0.0"}]}]}}
