"""Whatever a file holds: it is understood, or its mistakes are told."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.tenant.faults import BadTenant, Fault
from bot.tenant.listing import MailboxList
from bot.tenant.loading import load_tenant
from bot.tenant.schema import (
    AccessPart,
    ListPart,
    MailboxPart,
    Microsoft365Part,
    PolicyPart,
    SlackPart,
    TenantPart,
)
from tests.unit.tenant.files import SMALL, written

pytestmark = pytest.mark.slow
anything = settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])

PARTS = (TenantPart, Microsoft365Part, PolicyPart, MailboxPart, ListPart, SlackPart, AccessPart)
VALUES = [
    "standard",
    "source",
    "microsoft365",
    "6 hours",
    "env:X",
    "file:x",
    "ana@contoso.com",
    "U1",
    "C1",
    "0",
]
WORDS = st.sampled_from([name for part in PARTS for name in part.model_fields] + VALUES)
TEXTS = WORDS | st.text(st.characters(codec="utf-8"), max_size=20)
TREES = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=6),
    max_leaves=25,
)
SECTIONS = st.dictionaries(st.sampled_from(list(TenantPart.model_fields)) | TEXTS, TREES, max_size=6)
BYTES = st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))


def faults(folder: Path, content: bytes) -> tuple[Fault, ...]:
    try:
        load_tenant(written(folder, content))
    except BadTenant as error:
        return error.faults
    return ()  # it was understood


def lines_of(content: bytes) -> int:
    return max(1, len(content.decode("utf-8", "replace").splitlines()))


@anything
@given(content=BYTES)
def test_any_bytes_are_answered(tmp_path: Path, content: bytes) -> None:
    assert all(fault.place.line <= lines_of(content) for fault in faults(tmp_path, content))


@anything
@given(tree=SECTIONS | TREES)
def test_any_document_is_answered(tmp_path: Path, tree: object) -> None:
    assert all(fault.reason for fault in faults(tmp_path, json.dumps(tree, ensure_ascii=False).encode()))


@anything
@given(start=st.integers(0, len(SMALL)), length=st.integers(0, 20), instead=TEXTS)
def test_a_file_that_was_damaged_anywhere_is_answered(
    tmp_path: Path, start: int, length: int, instead: str
) -> None:
    content = (SMALL[:start] + instead + SMALL[start + length :]).encode("utf-8", "replace")
    assert all(fault.place.line <= lines_of(content) for fault in faults(tmp_path, content))


@anything
@given(content=BYTES)
def test_any_list_is_answered(tmp_path: Path, content: bytes) -> None:
    found = MailboxList(written(tmp_path, content, "staff.csv"), "staff.csv", "standard")
    assert list(found.rows()) or found.faults
