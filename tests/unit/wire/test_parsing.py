"""From bytes to events: single and batch, good and bad side by side."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadEvent
from bot.wire.parsing import (
    BATCH,
    EITHER,
    MOST_BYTES,
    SINGLE,
    Bad,
    Good,
    TooMuch,
    WrongContentType,
    parse_body,
    parse_event,
)
from tests.unit.wire.samples import DATA, NOW, event


def dump(document: object) -> bytes:
    return json.dumps(document).encode()


@pytest.mark.parametrize("content_type", [SINGLE, EITHER, f"{SINGLE}; charset=utf-8", "Application/JSON"])
def test_a_single_event_is_read(content_type: str) -> None:
    [parsed] = parse_body(content_type, dump(event("sync.started")), NOW)
    assert isinstance(parsed, Good)


@pytest.mark.parametrize("content_type", [BATCH, EITHER])
def test_a_batch_is_read_in_order(content_type: str) -> None:
    parsed = parse_body(content_type, dump([event(kind) for kind in DATA]), NOW)
    assert [each.envelope.id for each in parsed if isinstance(each, Good)] == [f"{kind}-1" for kind in DATA]


def test_good_events_of_a_batch_are_kept_beside_bad_ones() -> None:
    batch = [event("sync.started"), 7, event("item.failed", {"size": -1}), event("item.synced")]
    parsed = parse_body(BATCH, dump(batch), NOW)
    assert [type(each) for each in parsed] == [Good, Bad, Bad, Good]
    bad = parsed[2]
    assert isinstance(bad, Bad)
    assert (bad.index, bad.id) == (2, "item.failed-1")


def test_an_empty_batch_is_no_event() -> None:
    assert parse_body(BATCH, b"[]", NOW) == []


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded", "\udcff"])
def test_other_content_types_are_refused(content_type: str) -> None:
    with pytest.raises(WrongContentType, match=r"cloudevents\+json"):
        parse_body(content_type, b"{}", NOW)


def test_too_many_events_are_refused() -> None:
    with pytest.raises(TooMuch, match="holds 501 events; send at most 500"):
        parse_body(BATCH, dump([{}] * 501), NOW)


def test_a_body_over_the_limit_is_refused() -> None:
    with pytest.raises(TooMuch, match="larger than 1,048,576 bytes"):
        parse_body(SINGLE, b" " * (MOST_BYTES + 1), NOW)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not JSON"),
        (b"{", "line 1, column 2"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b'{"a":NaN}', "number that cannot be read"),
        (b"[-Infinity]", "number that cannot be read"),
        (b'{"a":' + b"9" * 5000 + b"}", "number that cannot be read"),
        (b"[" * 200_000, "nested too deeply"),
        (b"{}", "A batch is a JSON array"),
        (b'"text"', "A batch is a JSON array"),
    ],
)
def test_malformed_bodies_are_refused_with_what_is_wrong(body: bytes, said: str) -> None:
    with pytest.raises(BadEvent, match=said):
        parse_body(BATCH, body, NOW)


def test_a_byte_order_mark_is_skipped() -> None:
    assert isinstance(parse_body(SINGLE, b"\xef\xbb\xbf" + dump(event("sync.started")), NOW)[0], Good)


@given(st.binary(max_size=300), st.sampled_from([SINGLE, BATCH, EITHER]))
def test_any_bytes_are_read_or_refused(body: bytes, content_type: str) -> None:
    with suppress(BadEvent):
        parse_body(content_type, body, NOW)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = sorted({name for data in DATA.values() for name in data})


@given(st.sampled_from(sorted(DATA)), st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=3))
def test_any_values_in_data_give_an_event_or_a_reason(kind: str, change: dict[str, object]) -> None:
    parsed = parse_event(event(kind, change), 0, NOW)
    if isinstance(parsed, Bad):
        assert 0 < len(parsed.reason) <= 1000
        parsed.reason.encode()


@given(st.sampled_from(["id", "source", "type", "time", "subject", "data", "specversion", "other"]), JSON)
def test_any_value_in_the_envelope_gives_an_event_or_a_reason(name: str, value: object) -> None:
    parsed = parse_event({**event("sync.started"), name: value}, 0, NOW)
    if isinstance(parsed, Bad):
        parsed.reason.encode()


@given(st.datetimes(), st.integers(-23 * 60, 23 * 60))
def test_any_written_time_is_read_exactly_or_refused(naive: datetime, offset: int) -> None:
    at = naive.replace(tzinfo=UTC)
    sign, minutes = "+" if offset >= 0 else "-", abs(offset)
    written = f"{naive.isoformat()}{sign}{minutes // 60:02}:{minutes % 60:02}"
    parsed = parse_event(event("sync.started", time=written), 0, NOW)
    if isinstance(parsed, Good):
        assert parsed.envelope.event.at == at - timedelta(minutes=offset)
