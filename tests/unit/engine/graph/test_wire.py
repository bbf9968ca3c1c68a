"""Answers that Graph should never give, from a server that gives them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.engine.fault import Fault
from bot.engine.graph.limits import Adaptive
from bot.engine.graph.links import Links
from bot.engine.graph.mailbox import GraphMailbox
from bot.engine.graph.tokens import Granted, Tokens
from bot.engine.graph.wire import PREFER, Wire

Answer = Callable[[web.Request], web.StreamResponse]


@dataclass
class Odd:
    """Gives the answers in their order, the last one again and again, and remembers the requests."""

    base: str = ""
    answers: list[Answer] = field(default_factory=list)
    seen: list[web.Request] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    limit: Adaptive = field(default_factory=Adaptive)
    mailbox: GraphMailbox = field(init=False)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(request)
        self.bodies.append(await request.json() if request.can_read_body else None)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer(request)

    def says(self, *bodies: object, status: int = 200, headers: dict[str, str] | None = None) -> None:
        for body in bodies:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.answers.append(partial(_answer, raw, status, headers))


def _answer(raw: bytes, status: int, headers: dict[str, str] | None, _: web.Request) -> web.Response:
    return web.Response(body=raw, status=status, headers=headers)


@pytest.fixture
async def odd() -> AsyncIterator[Odd]:
    async def granted() -> Granted:
        return Granted("a-token", timedelta(hours=1))

    odd = Odd()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", odd.handle)
    async with TestServer(app) as server, aiohttp.ClientSession() as http:
        odd.base = str(server.make_url("/v1.0"))
        wire = Wire(http, Tokens(granted, lambda: 0.0), limit=odd.limit)
        odd.mailbox = GraphMailbox("ann@x.example", wire, Links(odd.base))
        yield odd


def page(odd: Odd, *value: object, **links: str) -> dict[str, object]:
    found = {"@odata." + name: link for name, link in links.items()}
    return {
        "value": list(value),
        **(found or {"@odata.deltaLink": f"{odd.base}/users/1/delta?$deltatoken=d"}),
    }


async def fault(odd: Odd, cursor: str | None = None) -> Fault:
    with pytest.raises(Fault) as error:
        await odd.mailbox.message_page("F", cursor)
    return error.value


async def test_every_request_prefers_immutable_ids_and_large_pages(odd: Odd) -> None:
    odd.says(page(odd), page(odd), b"MIME", {"responses": []})
    await odd.mailbox.folder_page(None)
    await odd.mailbox.message_page("F=", f"{odd.base}/users/1/x?$skiptoken=a%2Fb")
    async with odd.mailbox.open("M"):
        pass
    with pytest.raises(Fault):
        await odd.mailbox.well_known()
    assert {request.headers["Prefer"] for request in odd.seen} == {PREFER}
    assert {request.headers["Authorization"] for request in odd.seen} == {"Bearer a-token"}
    assert {part["headers"]["Prefer"] for part in odd.bodies[-1]["requests"]} == {PREFER}


async def test_query_options_go_into_the_first_call_alone(odd: Odd) -> None:
    """https://learn.microsoft.com/graph/delta-query-overview#optional-query-parameters"""
    odd.says(
        page(odd, nextLink=f"{odd.base}/users('1')/mailFolders('F')/messages/delta?$skiptoken=a%2Fb+c"),
        page(odd),
    )
    first = await odd.mailbox.message_page("F", None)
    await odd.mailbox.message_page("F", first.cursor)
    assert not first.is_last
    assert odd.seen[0].rel_url.path == "/v1.0/users/ann@x.example/mailFolders/F/messages/delta"
    assert set(odd.seen[0].query) == {"$select"}
    assert odd.seen[1].raw_path == "/v1.0/users('1')/mailFolders('F')/messages/delta?$skiptoken=a%2Fb+c"


@pytest.mark.parametrize("kind", ["nextLink", "deltaLink"])
async def test_a_link_that_leads_elsewhere_is_not_followed(odd: Odd, kind: str) -> None:
    odd.says(page(odd, **{kind: "https://evil.example/v1.0/users/1/delta?$skiptoken=x"}))
    found = await fault(odd)
    assert found.cause.code == "unknown"
    assert "elsewhere" in str(found)


async def test_a_page_that_leads_to_itself_is_refused(odd: Odd) -> None:
    cursor = f"{odd.base}/users/1/delta?$skiptoken=x"
    odd.says(page(odd, nextLink=cursor))
    assert "leads to itself" in str(await fault(odd, cursor))


async def test_a_round_without_news_may_end_where_it_began(odd: Odd) -> None:
    cursor = f"{odd.base}/users/1/delta?$deltatoken=x"
    odd.says(page(odd, deltaLink=cursor))
    found = await odd.mailbox.message_page("F", cursor)
    assert (found.cursor, found.is_last) == (cursor, True)


async def test_a_page_without_a_link_is_refused(odd: Odd) -> None:
    odd.says({"value": []})
    assert "without a link" in str(await fault(odd))


MESSAGE = {
    "id": "A",
    "isRead": True,
    "isDraft": False,
    "flag": None,
    "receivedDateTime": "2026-11-24T08:00:00Z",
}


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        (b"", "the answer"),
        (b"<html>", "the answer"),
        (b"[]", "the answer"),
        ({}, "value"),
        ({"value": {}}, "value"),
        ({"value": [{}]}, "value.0.id"),
        ({"value": [{"id": ""}]}, "value.0.id"),
        ({"value": [MESSAGE | {"id": 7}]}, "value.0.id"),
        ({"value": [MESSAGE | {"isRead": "yes"}]}, "value.0.isRead"),
        ({"value": [MESSAGE | {"flag": "flagged"}]}, "value.0.flag"),
        ({"value": [MESSAGE | {"receivedDateTime": 5}]}, "value.0.receivedDateTime"),
        ({"value": [MESSAGE | {"receivedDateTime": "yesterday"}]}, "value.0.receivedDateTime"),
        ({"value": [MESSAGE | {"receivedDateTime": "2026-11-24T08:00:00"}]}, "value.0.receivedDateTime"),
        ({"value": [], "@odata.nextLink": ["x"]}, "@odata.nextLink"),
        ({"value": [MESSAGE | {"internetMessageId": {"a": "private words"}}]}, "value.0.internetMessageId"),
    ],
)
async def test_an_answer_of_another_shape_is_refused_and_not_quoted(
    odd: Odd, wrong: object, place: str
) -> None:
    odd.says(wrong)
    found = await fault(odd)
    assert found.cause.code == "unknown"
    assert f"{place}: " in str(found)
    assert "private words" not in str(found)


async def test_unknown_fields_and_missing_values_are_fine(odd: Odd) -> None:
    empty = MESSAGE | {"isRead": None, "isDraft": None, "receivedDateTime": None, "new": {"a": [1]}}
    odd.says(
        page(odd, empty, MESSAGE | {"id": "B", "receivedDateTime": "0001-01-01T00:00:00Z", "changeKey": "k"})
    )
    first, second = (await odd.mailbox.message_page("F", None)).messages
    assert (first.is_read, first.is_flagged, first.is_draft, first.received_at) == (False, False, False, None)
    assert (second.received_at, second.version) == (None, "k")


def batch(*bodies: tuple[int, object]) -> dict[str, object]:
    answers = [{"id": str(at), "status": status, "body": body} for at, (status, body) in enumerate(bodies)]
    return {"responses": answers[::-1]}


GONE = (404, {"error": {"code": "ErrorItemNotFound"}})


async def test_what_came_and_went_in_one_page_is_asked_for(odd: Odd) -> None:
    """A page has no order: https://learn.microsoft.com/graph/delta-query-overview#optional-query-parameters"""
    removed = {"@removed": {"reason": "deleted"}}
    entries = [{"id": name} | removed for name in "ABC"] + [MESSAGE | {"id": name} for name in "ABC"]
    here, elsewhere = MESSAGE | {"parentFolderId": "F"}, MESSAGE | {"id": "B", "parentFolderId": "G"}
    odd.says(page(odd, *entries, *entries[:3]), batch((200, here), (200, elsewhere), GONE))
    found = await odd.mailbox.message_page("F", None)
    assert [message.id for message in found.messages] == ["A"]
    assert found.removed == ("B", "C")


async def test_a_sparse_folder_is_asked_for_and_a_search_folder_is_none(odd: Odd) -> None:
    search = {
        "@odata.type": "#microsoft.graph.mailSearchFolder",
        "id": "S",
        "displayName": "S",
        "parentFolderId": "R",
    }
    whole = {"id": "A", "displayName": "Projects", "parentFolderId": "R"}
    odd.says(page(odd, {"id": "A", "displayName": "Projects"}, search), batch((200, whole)))
    found = await odd.mailbox.folder_page(None)
    assert [(folder.id, folder.name, folder.parent) for folder in found.folders] == [("A", "Projects", "R")]
    assert found.removed == ()


@pytest.mark.parametrize("status", [200, 424])
async def test_of_several_refusals_in_a_batch_the_longest_wait_counts(odd: Odd, status: int) -> None:
    answers = [
        {"id": str(at), "status": 429, "headers": {"Retry-After": str(at)}, "body": {"error": {"code": "x"}}}
        for at in range(9)
    ]
    odd.says({"responses": answers}, status=status)
    with pytest.raises(Fault) as error:
        await odd.mailbox.well_known()
    assert error.value.cause.code == "source_throttled"
    assert error.value.retry_after == timedelta(seconds=8)
    assert odd.limit.limit == Adaptive().limit // 2


async def test_an_answer_that_is_missing_in_a_batch_is_no_missing_folder(odd: Odd) -> None:
    odd.says(batch(*[GONE] * 8))
    with pytest.raises(Fault, match="left out") as error:
        await odd.mailbox.well_known()
    assert error.value.cause.code == "unknown"


async def test_a_redirect_is_not_followed(odd: Odd) -> None:
    odd.says(b"", status=302, headers={"Location": f"{odd.base}/elsewhere"})
    assert (await fault(odd)).cause.code == "unknown"
    assert len(odd.seen) == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_throttling_halves_the_limit_of_the_app(odd: Odd, status: int) -> None:
    before = odd.limit.limit
    odd.says({"error": {"code": "any"}}, status=status)
    await fault(odd)
    assert odd.limit.limit == before // 2


async def test_other_refusals_leave_the_limit_alone(odd: Odd) -> None:
    before = odd.limit.limit
    odd.says({"error": {"code": "ErrorMimeContentConversionFailed"}}, status=500)
    await fault(odd)
    assert odd.limit.limit == before


async def test_a_compressed_answer_announces_no_size(odd: Odd) -> None:
    def compressed(_: web.Request) -> web.Response:
        answer = web.Response(body=b"MIME" * 100)
        answer.enable_compression(web.ContentCoding.gzip)
        return answer

    odd.answers.append(compressed)
    async with odd.mailbox.open("M") as mime:
        assert mime.size is None
        assert b"".join([chunk async for chunk in mime.pieces()]) == b"MIME" * 100
    assert odd.seen[0].headers["Accept-Encoding"] == "identity"


async def test_an_empty_message_has_no_pieces(odd: Odd) -> None:
    odd.says(b"")
    async with odd.mailbox.open("M") as mime:
        assert mime.size == 0
        assert [chunk async for chunk in mime.pieces()] == []


async def test_the_limit_of_the_app_grows_again_while_all_goes_well(odd: Odd) -> None:
    while odd.limit.limit > 1:
        odd.limit.shrink(odd.limit.era)
    odd.says(page(odd))
    for _ in range(15):
        await odd.mailbox.message_page("F", None)
    assert odd.limit.limit == 2


async def test_a_message_can_be_described_whatever_the_limit_of_the_app(odd: Odd) -> None:
    while odd.limit.limit > 1:
        odd.limit.shrink(odd.limit.era)
    odd.says(b"MIME", {"subject": "Hi"})
    async with asyncio.timeout(20), odd.mailbox.open("M"):
        assert (await odd.mailbox.describe("M")).subject == "Hi"
