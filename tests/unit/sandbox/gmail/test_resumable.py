"""Resumable uploads, request by request."""

from typing import Any

import pytest

from bot.sandbox.gmail import GmailStandIn
from bot.sandbox.gmail.uploads import CHUNK
from tests.unit.sandbox.gmail.clients import ANN, IMPORT, Client, Clock, Reply, mail

LARGE = mail(body="x" * (2 * CHUNK))
TOTAL = len(LARGE)


async def begun(ann: Client, *, query: str = "", total: int | None = TOTAL) -> Reply:
    size: dict[str, Any] = {} if total is None else {"X_Upload_Content_Length": str(total)}
    path = f"{IMPORT}?uploadType=resumable{query}"
    body = {"labelIds": ["INBOX"]}
    return await ann.send("POST", path, body=body, X_Upload_Content_Type="message/rfc822", **size)


async def put(ann: Client, session: Reply, data: bytes, content_range: str | None = None) -> Reply:
    headers = {} if content_range is None else {"Content_Range": content_range}
    return await ann.send("PUT", session.headers["Location"], data=data, **headers)


async def test_a_session_takes_the_message_in_chunks(gmail: GmailStandIn, ann: Client) -> None:
    session = await begun(ann)
    first = await put(ann, session, LARGE[:CHUNK], f"bytes 0-{CHUNK - 1}/{TOTAL}")
    last = await put(ann, session, LARGE[CHUNK:], f"bytes {CHUNK}-{TOTAL - 1}/{TOTAL}")
    assert (session.status, session.text) == (200, "")
    assert (first.status, first.headers["Range"]) == (308, f"bytes=0-{CHUNK - 1}")
    [message] = gmail.world.messages(ANN)
    assert last.json == {"id": message.id, "threadId": message.thread_id, "labelIds": ["INBOX"]}
    assert message.raw == LARGE


async def test_all_of_it_may_come_in_one_request(gmail: GmailStandIn, ann: Client) -> None:
    session = await begun(ann, query="&fields=id")
    assert set((await put(ann, session, LARGE)).json) == {"id"}
    assert gmail.world.messages(ANN)[0].raw == LARGE


async def test_the_total_may_be_told_with_the_last_chunk(gmail: GmailStandIn, ann: Client) -> None:
    session = await begun(ann, total=None)
    first = await put(ann, session, LARGE[:CHUNK], f"bytes 0-{CHUNK - 1}/*")
    last = await put(ann, session, LARGE[CHUNK:], f"bytes {CHUNK}-{TOTAL - 1}/{TOTAL}")
    assert (first.status, last.status) == (308, 200)


async def test_a_session_tells_how_far_it_is(ann: Client) -> None:
    session = await begun(ann)
    nothing = await put(ann, session, b"", f"bytes */{TOTAL}")
    await put(ann, session, LARGE[:CHUNK], f"bytes 0-{CHUNK - 1}/{TOTAL}")
    some = await put(ann, session, b"", f"bytes */{TOTAL}")
    assert (nothing.status, "Range" in nothing.headers) == (308, False)
    assert (some.status, some.headers["Range"]) == (308, f"bytes=0-{CHUNK - 1}")


async def test_a_finished_session_repeats_its_answer(gmail: GmailStandIn, ann: Client) -> None:
    session = await begun(ann)
    done = await put(ann, session, LARGE)
    assert (await put(ann, session, b"", f"bytes */{TOTAL}")).json == done.json
    assert len(gmail.world.messages(ANN)) == 1


@pytest.mark.parametrize(
    ("data", "content_range"),
    [
        (LARGE[:1000], f"bytes 0-999/{TOTAL}"),
        (LARGE[:CHUNK], f"bytes {CHUNK}-{2 * CHUNK - 1}/{TOTAL}"),
        (LARGE[:CHUNK], f"bytes 0-{CHUNK}/{TOTAL}"),
        (LARGE[:CHUNK], f"bytes 0-{CHUNK - 1}/{TOTAL + 1}"),
        (LARGE[:CHUNK], f"bytes */{TOTAL}"),
        (LARGE[:CHUNK], f"0-{CHUNK - 1}/{TOTAL}"),
    ],
)
async def test_a_chunk_that_does_not_fit_is_refused_and_not_kept(
    ann: Client, data: bytes, content_range: str
) -> None:
    session = await begun(ann)
    assert (await put(ann, session, data, content_range)).status == 400
    assert "Range" not in (await put(ann, session, b"", f"bytes */{TOTAL}")).headers


async def test_a_session_lasts_a_week(gmail: GmailStandIn, ann: Client, clock: Clock) -> None:
    session = await begun(ann)
    clock.advance(days=7)
    ann.token = gmail.token(ANN)
    assert (await put(ann, session, LARGE)).status == 404
    gmail.rules.expired_session = "sessionExpired"
    assert (await put(ann, session, LARGE)).status == 410
    gmail.uploads.forget_sessions()
    assert (await put(ann, session, LARGE)).status == 404


async def test_a_message_above_the_limit_is_refused_at_the_start(gmail: GmailStandIn, ann: Client) -> None:
    gmail.rules.max_message = TOTAL - 1
    assert (await begun(ann)).status == 413
    late = await begun(ann, total=None)
    assert (await put(ann, late, LARGE)).status == 413


@pytest.mark.parametrize("headers", [{}, {"X_Upload_Content_Type": "text/plain"}])
async def test_a_session_is_for_a_message(ann: Client, headers: dict[str, Any]) -> None:
    assert (await ann.send("POST", f"{IMPORT}?uploadType=resumable", **headers)).status == 400


async def test_the_message_is_checked_when_it_is_whole(gmail: GmailStandIn, ann: Client) -> None:
    session = await begun(ann, total=4)
    assert (await put(ann, session, b"nope")).reason == "invalidArgument"
    assert gmail.world.messages(ANN) == []


async def test_the_path_of_the_discovery_document_works_too(gmail: GmailStandIn, ann: Client) -> None:
    path = f"/resumable{IMPORT}?uploadType=resumable"
    session = await ann.send("POST", path, X_Upload_Content_Type="message/rfc822")
    assert (await put(ann, session, LARGE)).status == 200
    assert gmail.world.messages(ANN)[0].label_ids == []
