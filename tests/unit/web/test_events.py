"""The events API: what it keeps, what it refuses, and that no input is an error of ours."""

import asyncio
import json
from contextlib import suppress

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.errors import SyncbotError
from bot.wire.parsing import BATCH, EITHER, MOST_BYTES, SINGLE
from bot.wire.signing import Signer
from tests.unit.web.calling import Answer, Recording, application, call, report, signed
from tests.unit.wire.samples import DATA, event, new_secret

SYNC = event("sync.started")


@pytest.fixture
def recording() -> Recording:
    return Recording()


@pytest.fixture
def app(recording: Recording) -> FastAPI:
    return application(recording)


def is_problem(answer: Answer, status: int, code: str) -> bool:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["status"] == answer.status
    return (answer.status, answer.json["code"]) == (status, code)


async def test_a_good_event_is_accepted_and_recorded(app: FastAPI, recording: Recording) -> None:
    answer = await report(app, SYNC)
    assert answer.status == 202
    assert answer.json == {
        "results": [{"index": 0, "id": "sync.started-1", "result": "applied", "reason": None}]
    }
    assert [each.id for each in recording.taken] == ["sync.started-1"]


async def test_the_same_event_twice_is_a_duplicate(app: FastAPI) -> None:
    await report(app, SYNC)
    assert (await report(app, SYNC)).json["results"][0]["result"] == "duplicate"


async def test_each_event_of_a_batch_has_its_own_result(app: FastAPI, recording: Recording) -> None:
    batch = [event("item.failed"), {"type": "item.faild"}, event("item.synced"), event("item.failed")]
    answer = await report(app, batch, BATCH)
    assert answer.status == 202
    results = [each["result"] for each in answer.json["results"]]
    assert results == ["applied", "rejected", "applied", "duplicate"]
    assert "did you mean `item.failed`?" in answer.json["results"][1]["reason"]
    assert len(recording.taken) == 3


async def test_events_out_of_order_are_recorded_in_the_order_sent(app: FastAPI, recording: Recording) -> None:
    batch = [event(kind) for kind in reversed(DATA)]
    await report(app, batch, EITHER)
    assert [each.id for each in recording.taken] == [f"{kind}-1" for kind in reversed(DATA)]


async def test_when_nothing_was_kept_the_status_says_so(app: FastAPI) -> None:
    answer = await report(app, [{"type": "x"}, 5], BATCH)
    assert answer.status == 400
    assert [each["result"] for each in answer.json["results"]] == ["rejected", "rejected"]


async def test_an_empty_batch_is_accepted(app: FastAPI) -> None:
    answer = await report(app, [], BATCH)
    assert (answer.status, answer.json) == (202, {"results": []})


@pytest.mark.parametrize(
    "text", ["x" * 50_000, "\x00\x1b[31m", "<!channel> <@U1>", "\u202eabc", "👩‍👩‍👧", "\ud800", "a\r\nb"]
)
@pytest.mark.parametrize("field", ["message", "subject", "sender", "folder"])
async def test_strange_text_does_not_lose_an_event(app: FastAPI, field: str, text: str) -> None:
    assert (await report(app, event("item.failed", {field: text}))).status == 202


async def test_a_run_that_ends_before_it_started_is_accepted(app: FastAPI) -> None:
    late = event("sync.completed", {"started_at": "2026-03-09T10:30:00Z"})
    assert (await report(app, late)).status == 202


# ---- signatures --------------------------------------------------------------------------------------------

BODY = json.dumps(SYNC).encode()


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-signature": ""},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,é"},
        {"webhook-signature": "v1," + "A" * 43 + "="},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "inf"},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "1000000000"},
        {"webhook-id": ""},
        {"webhook-id": "another"},
        Signer(new_secret(), setting="S").headers("msg-1", BODY),
    ],
)
async def test_wrong_signatures_are_refused_before_anything_is_read(
    app: FastAPI, recording: Recording, change: dict[str, str]
) -> None:
    answer = await call(app, "POST", "/v1/events", {**signed(BODY), **change}, [BODY])
    assert is_problem(answer, 401, "bad_signature")
    assert not recording.taken


async def test_an_unsigned_request_is_refused(app: FastAPI) -> None:
    assert is_problem(await call(app, "POST", "/v1/events", {}, [b"{"]), 401, "bad_signature")


# ---- bodies ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b"{", b"[1", b'"x', b"[" * 100_000, b'{"a":NaN}'])
async def test_malformed_bodies_are_refused(app: FastAPI, body: bytes) -> None:
    assert is_problem(await report(app, body), 400, "bad_event")


@pytest.mark.parametrize("content_type", ["text/plain", "", "multipart/form-data", "application/xml; é"])
async def test_other_content_types_are_refused(app: FastAPI, content_type: str) -> None:
    assert is_problem(await report(app, SYNC, content_type), 415, "unsupported_media_type")


async def test_compressed_bodies_are_refused(app: FastAPI) -> None:
    answer = await report(app, SYNC, **{"content-encoding": "gzip"})
    assert is_problem(answer, 415, "unsupported_media_type")


CHUNK = b" " * 100_000


@pytest.mark.parametrize(
    ("length", "chunks"),
    [
        ({"content-length": "99999999"}, [b"{}"]),
        ({"content-length": "9" * 5000}, [b"{}"]),
        ({"content-length": "10"}, [CHUNK] * 11),
        ({"transfer-encoding": "chunked"}, [CHUNK] * 11),
        ({"content-length": "-1"}, [b" " * (MOST_BYTES + 1)]),
        ({"content-length": "²"}, [CHUNK] * 11),
    ],
)
async def test_too_large_bodies_are_refused_whatever_their_headers_claim(
    app: FastAPI, length: dict[str, str], chunks: list[bytes]
) -> None:
    answer = await call(app, "POST", "/v1/events", {**signed(b"{}"), **length}, chunks)
    assert is_problem(answer, 413, "too_large")


async def test_a_batch_of_too_many_events_is_refused(app: FastAPI) -> None:
    assert is_problem(await report(app, [{}] * 501, BATCH), 413, "too_large")


async def test_a_broken_upload_is_no_error_of_ours(app: FastAPI) -> None:
    answer = await call(app, "POST", "/v1/events", signed(b"{}"), [])
    assert is_problem(answer, 400, "incomplete_body")


# ---- our own trouble ---------------------------------------------------------------------------------------


class DatabaseDown(SyncbotError):
    code = "database_down"


async def test_when_events_cannot_be_stored_the_engine_is_asked_to_come_again(
    app: FastAPI, recording: Recording
) -> None:
    recording.failure = DatabaseDown("The database does not answer; send the events again.")
    assert is_problem(await report(app, SYNC), 503, "database_down")


async def test_an_unexpected_error_shows_a_reference_and_nothing_else(
    app: FastAPI, recording: Recording
) -> None:
    recording.failure = RuntimeError("SELECT secret FROM mails")
    with capture_logs():
        answer = await report(app, SYNC)
    assert is_problem(answer, 500, "internal_error")
    assert b"SELECT" not in answer.body
    assert b"Traceback" not in answer.body


APP = application()


@given(st.binary(max_size=200), st.sampled_from([SINGLE, BATCH, EITHER, "text/plain", "\xff"]))
def test_no_signed_bytes_are_an_error_of_ours(body: bytes, content_type: str) -> None:
    headers = signed(b"") | {"content-type": content_type}
    with suppress(UnicodeDecodeError):  # cannot be signed: goes out with the signature of another body
        headers = signed(body, content_type)
    answer = asyncio.run(call(APP, "POST", "/v1/events", headers, [body]))
    assert answer.status in {202, 400, 401, 415}


HEADER = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=40)


@given(HEADER, HEADER, HEADER, HEADER)
def test_no_headers_are_an_error_of_ours(identity: str, timestamp: str, signature: str, length: str) -> None:
    headers = {
        "webhook-id": identity,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature,
        "content-length": length,
    }
    answer = asyncio.run(call(APP, "POST", "/v1/events", headers, [b"{}"]))
    assert answer.status in {401, 413}


async def test_results_are_counted_as_metrics(app: FastAPI) -> None:
    await report(app, [SYNC, SYNC, {}], BATCH)
    metrics = (await call(app, "GET", "/metrics")).body.decode()
    for result in ("applied", "duplicate", "rejected"):
        assert f'syncbot_events_total{{result="{result}"}} 1.0' in metrics
