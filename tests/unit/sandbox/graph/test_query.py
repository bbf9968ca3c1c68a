"""Options and preferences are read strictly."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.graph.errors import Refusal
from bot.sandbox.graph.query import Options, Preferences, Since, options, preferences

KNOWN = frozenset({"id", "subject"})
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", Preferences()),
        ('IdType="ImmutableId", odata.maxpagesize=200', Preferences(immutable_ids=True, page_size=200)),
        ('odata.maxpagesize=5,idtype="immutableid"', Preferences(immutable_ids=True, page_size=5)),
        ("odata.maxpagesize=0", Preferences(page_size=1)),
        ("IdType=ImmutableId", Preferences()),
        ("outlook.timezone=UTC", Preferences()),
    ],
)
def test_preferences_are_read_from_their_header(header: str, expected: Preferences) -> None:
    assert preferences(header) == expected


def test_options_are_read() -> None:
    found = options({"$select": "id, subject,id", "$top": "5"}, KNOWN, "message")
    assert found == Options(select=("id", "subject"), top=5)
    ordered = options({"$orderby": "receivedDateTime desc"}, KNOWN, "message")
    assert ordered.newest_first


@pytest.mark.parametrize(
    "query",
    [
        {"$select": ""},
        {"$select": "Subject"},
        {"$top": "0"},
        {"$top": "ten"},
        {"$filter": "receivedDateTime lt 2026-03-02T12:00:00Z"},
        {"$filter": "receivedDateTime ge noon"},
        {"$orderby": "subject"},
    ],
)
def test_what_is_not_documented_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(Refusal) as caught:
        options(query, KNOWN, "message")
    assert caught.value.kind.status == 400


@pytest.mark.parametrize(("inclusive", "at_noon"), [(True, True), (False, False)])
def test_a_time_of_reception_is_within_or_after(*, inclusive: bool, at_noon: bool) -> None:
    since = Since(NOON, inclusive)
    assert since.holds(NOON) == at_noon
    assert since.holds(NOON + timedelta(seconds=1))
    assert not since.holds(NOON - timedelta(seconds=1))
