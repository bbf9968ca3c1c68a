"""Uploads in chunks against servers that answer in ways that the stand-in never does."""

import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.engine.fault import Fault
from bot.engine.gmail import Gmail
from bot.engine.sides import Mime
from bot.sandbox.gmail.rules import MAX_MESSAGE
from tests.unit.engine.gmail.conftest import PLENTY
from tests.unit.engine.gmail.mails import ANN, CHUNK, connection, mail_of, mime
from tests.unit.engine.gmail.odd import Answer, Odd, Told, has, took_all

pytestmark = pytest.mark.usefixtures("small_chunks")

SIZE = 2 * CHUNK + 1000
QUARTER = CHUNK // 4


@pytest.fixture
def client(http: aiohttp.ClientSession, key: Path) -> "Client":
    return Client(http, key)


class Client:
    """Tokens come from the stand-in, all else from an odd server."""

    def __init__(self, http: aiohttp.ClientSession, key: Path) -> None:
        self._http = http
        self._connection = connection(key)

    async def put(self, odd: Odd, message: Mime | None = None) -> tuple[str, int]:
        gmail = Gmail(self._http, self._connection, url=odd.url, quotas=PLENTY, largest_message=MAX_MESSAGE)
        return await gmail.mailbox(ANN).put(message or mime(mail_of(SIZE)), ["INBOX"], is_sent=False)

    async def refusal(self, odd: Odd) -> Fault:
        with pytest.raises(Fault) as caught:
            await self.put(odd)
        return caught.value


def after_less(first: int) -> Answer:
    """Keeps `first` bytes of the first chunk, and all of the others."""
    seen = 0

    def answer(told: Told) -> web.Response:
        nonlocal seen
        seen += 1
        return has(first) if seen == 1 else took_all(told)

    return answer


@pytest.mark.parametrize("kept", [QUARTER, CHUNK - QUARTER])
async def test_what_gmail_did_not_take_is_sent_again(client: Client, kept: int) -> None:
    async with Odd(after_less(kept)).running() as odd:
        assert await client.put(odd) == ("done", SIZE)
    assert [told.content_range for told in odd.told] == [
        f"bytes 0-{CHUNK - 1}/*",
        f"bytes {kept}-{CHUNK - 1}/*",
        f"bytes {CHUNK}-{2 * CHUNK - 1}/*",
        f"bytes {2 * CHUNK}-{SIZE - 1}/{SIZE}",
    ]
    assert [told.size for told in odd.told] == [CHUNK, CHUNK - kept, CHUNK, 1000]


async def test_a_chunk_of_which_nothing_was_taken_is_sent_again(client: Client) -> None:
    async with Odd(after_less(0)).running() as odd:
        assert (await client.put(odd))[0] == "done"
    assert odd.told[0] == odd.told[1]


async def test_a_state_without_an_end_is_asked_for_again(client: Client) -> None:
    """All bytes are there, yet the upload is said to be incomplete."""

    def answer(told: Told) -> web.Response:
        if told.end is None:
            return web.json_response({"id": "late"})
        return has(told.end)

    async with Odd(answer).running() as odd:
        assert await client.put(odd) == ("late", SIZE)
    assert odd.told[-1].content_range == f"bytes */{SIZE}"


async def test_a_refused_chunk_that_had_been_taken_is_no_failure(client: Client) -> None:
    """As when the HTTP client sent it twice, the first answer being lost."""

    def answer(told: Told) -> web.Response:
        if told.end == 2 * CHUNK:
            return web.json_response({"error": {"code": 400, "message": "Invalid start."}}, status=400)
        return has(2 * CHUNK) if told.end is None else took_all(told)

    async with Odd(answer).running() as odd:
        assert await client.put(odd) == ("done", SIZE)


@pytest.mark.parametrize(
    ("answered", "words"),
    [
        (has(CHUNK + QUARTER), "The upload came to byte"),
        (has(0), "The upload stands still at byte 0"),
        (web.Response(status=308, headers={"Range": "bytes=7-9"}), "told the state of an upload as"),
        (web.Response(status=308, headers={"Range": "many"}), "told the state of an upload as"),
    ],
    ids=["too far", "no progress", "no beginning", "no range"],
)
async def test_a_state_that_makes_no_sense_ends_the_upload(
    client: Client, answered: web.Response, words: str
) -> None:
    def answer(_: Told) -> web.Response:
        return web.Response(status=answered.status, headers=answered.headers.copy())

    async with Odd(answer).running() as odd:
        fault = await client.refusal(odd)
    assert words in str(fault)
    assert (fault.cause.heals_by_itself, fault.is_certain) == (True, True)


async def test_an_upload_that_falls_behind_its_chunk_is_lost(client: Client) -> None:
    def answer(told: Told) -> web.Response:
        return has(QUARTER) if told.end == 2 * CHUNK else took_all(told)

    async with Odd(answer).running() as odd:
        fault = await client.refusal(odd)
    assert (fault.cause.code, fault.is_certain) == ("network", True)


@pytest.mark.parametrize("location", [None, "", "http://gmail.example/session", "ftp://localhost/session"])
async def test_an_upload_without_an_address_is_told(client: Client, location: str | None) -> None:
    async with Odd(took_all, location=location).running() as odd:
        fault = await client.refusal(odd)
    assert (fault.cause.code, fault.is_certain) == ("dest_unavailable", True)


async def test_a_token_stays_with_the_server_that_it_is_for(client: Client) -> None:
    """The address of an upload is its own credential."""
    async with Odd(took_all).running() as other, Odd(took_all).running() as odd:
        odd.location = f"{other.url}/session"
        await client.put(odd)
        odd.location = f"{odd.url}/session"
        await client.put(odd)
    assert {told.token for told in other.told} == {None}
    assert all(told.token for told in odd.told)


async def test_a_large_message_takes_little_memory(client: Client) -> None:
    size = 64 * CHUNK

    async def many() -> AsyncIterator[bytes]:
        for _ in range(size // QUARTER):
            yield bytes(QUARTER)

    async with Odd(took_all).running() as odd:
        await client.put(odd)
        tracemalloc.start()
        try:
            assert (await client.put(odd, Mime(None, rest=many())))[1] == size
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 8 * CHUNK
