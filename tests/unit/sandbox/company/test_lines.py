"""The company's lines: requests in, events out, and the page that changes the world."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.sandbox.company.company import Company, real_time
from bot.sandbox.company.outbox import Outbox
from bot.sandbox.company.server import application
from bot.wire.signing import Signer, Verifier
from tests.unit.wire.samples import event, new_secret

EVENTS_SECRET, REQUESTS_SECRET = new_secret(), new_secret()
PATIENCE = 10
"""Seconds, after which something is wrong."""

Client = TestClient[web.Request, web.Application]


# ---- requests in -------------------------------------------------------------------------------------------


@pytest.fixture
def company() -> Company:
    made = Company(
        bot_url="http://127.0.0.1:9",
        events_secret=EVENTS_SECRET,
        requests_secret=REQUESTS_SECRET,
        trouble=0.0,
    )
    made.outbox.take()
    return made


@pytest.fixture
async def client(company: Company) -> AsyncIterator[Client]:
    async with TestClient(TestServer(application(company))) as made:
        yield made


def request(identity: str, mailbox: str, item: str | None) -> dict[str, object]:
    kind = "retry.requested" if item else "sync.requested"
    data = {"retry_id": identity, "mailbox": mailbox, "service": "email", "item": item}
    return {"specversion": "1.0", "id": identity, "source": "syncbot", "type": kind, "data": data}


async def send(
    client: Client, document: object, identity: str = "r-1", secret: str = REQUESTS_SECRET
) -> tuple[int, str]:
    body = json.dumps(document).encode()
    answer = await client.post(
        "/requests", data=body, headers=Signer(secret, setting="S").headers(identity, body)
    )
    return answer.status, await answer.text()


async def test_a_retry_is_accepted_once_for_its_id(client: Client, company: Company) -> None:
    item = next(iter(company.mailbox("mbx-01").items))
    before = len(company.agenda._steps)
    for _ in range(3):
        assert (await send(client, request("r-1", "mbx-01", item)))[0] == 202
    assert len(company.agenda._steps) == before + 1


async def test_a_sync_is_accepted_and_starts_at_once(client: Client, company: Company) -> None:
    assert (await send(client, request("r-1", "mbx-01", None)))[0] == 202
    [started] = company.outbox.take()
    assert (started["type"], started["data"]["trigger"], started["data"]["retry_id"]) == (
        "sync.started",
        "manual",
        "r-1",
    )


@pytest.mark.parametrize(
    ("document", "status", "said"),
    [
        (request("r", "mbx-99", "x"), 404, "does not sync that mailbox"),
        (request("r", "mbx-01", "x"), 404, "does not know that message"),
        (request("r", "mbx-24", None), 422, "is inactive"),
        (request("r", "mbx-30", None), 409, "goes on already"),
        ({**request("r", "mbx-01", None), "type": "other"}, 422, "does not know 'other'"),
        ({}, 400, "not a CloudEvent"),
        ([], 400, "not a CloudEvent"),
    ],
)
async def test_what_cannot_be_done_is_refused_with_a_reason(
    client: Client, document: object, status: int, said: str
) -> None:
    answer = await send(client, document)
    assert answer[0] == status
    assert said in answer[1]


async def test_another_secret_is_refused(client: Client) -> None:
    assert (await send(client, request("r", "mbx-01", None), secret=new_secret()))[0] == 401


@pytest.mark.parametrize(
    "headers", [{}, {"webhook-id": "a", "webhook-timestamp": "nan", "webhook-signature": "v1"}]
)
async def test_malformed_signatures_are_refused(client: Client, headers: dict[str, str]) -> None:
    assert (await client.post("/requests", data=b"\xff", headers=headers)).status == 401


# ---- the page and the control API --------------------------------------------------------------------------


async def test_the_page_shows_what_is_wrong_with_a_button_each(client: Client) -> None:
    page = await (await client.get("/")).text()
    assert "Renew the secret" in page
    assert "LENA.BRANDT@NORTHWIND.EXAMPLE" in page


async def test_a_button_changes_the_world_and_leads_back(client: Client, company: Company) -> None:
    answer = await client.post("/conditions/secret-fabrikam/resolve", data={"x": ""}, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    assert not company.condition("secret-fabrikam").holds(real_time())


async def test_conditions_are_listed_with_whom_they_affect(client: Client) -> None:
    found = (await (await client.get("/conditions")).json())["conditions"]
    [secret] = [each for each in found if each["id"] == "secret-fabrikam"]
    assert secret["holds"]
    assert len(secret["mailboxes"]) == 3


@pytest.mark.parametrize(
    ("path", "document", "status"),
    [
        ("/conditions/secret-fabrikam/restore", None, 200),
        ("/conditions/none/resolve", None, 404),
        ("/failures", {"mailbox": "mbx-02", "cause": "encrypted"}, 201),
        ("/failures", {}, 201),
        ("/failures", {"cause": "none"}, 404),
        ("/failures", {"mailbox": "none"}, 404),
        ("/mailboxes/mbx-02/sync", None, 202),
        ("/mailboxes/mbx-30/sync", None, 409),
        ("/mailboxes/none/sync", None, 404),
        ("/speed", {"speed": 120}, 200),
        ("/speed", {"speed": 0}, 422),
        ("/speed", {}, 422),
        ("/speed", [1], 422),
    ],
)
async def test_the_control_api(client: Client, path: str, document: object, status: int) -> None:
    assert (await client.post(path, json=document)).status == status


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}])
async def test_pages_from_elsewhere_may_not_change_the_world(client: Client, headers: dict[str, str]) -> None:
    assert (await client.post("/conditions/secret-fabrikam/resolve", headers=headers)).status == 403


# ---- events out --------------------------------------------------------------------------------------------


@dataclass
class Bot:
    """The other end: answers as told, then as a bot that takes everything."""

    url: str = ""
    answers: list[web.Response] = field(default_factory=list)
    got: list[tuple[str, list[str]]] = field(default_factory=list)
    healed: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, http: web.Request) -> web.Response:
        body = await http.read()
        Verifier([EVENTS_SECRET], setting="S").verify(body, http.headers)
        events = json.loads(body)
        self.got.append((http.headers["webhook-id"], [each["id"] for each in events]))
        if any(each["data"].get("retry_id") for each in events):
            self.healed.set()
        return self.answers.pop(0) if self.answers else _taken(events)


def _taken(events: list[dict[str, object]]) -> web.Response:
    results = [
        {"index": n, "id": each["id"], "result": "applied", "reason": None} for n, each in enumerate(events)
    ]
    return web.json_response({"results": results}, status=202)


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    made = Bot()
    app = web.Application()
    app.router.add_post("/v1/events", made.receive)
    async with TestServer(app) as server:
        made.url = str(server.make_url("/"))
        yield made


class Post:
    """An outbox with a clock that only moves by hand; signatures need real time, so it starts there."""

    def __init__(self, bot: Bot, events: int) -> None:
        self.at = datetime.now(UTC)  # noqa: TID251 - signatures are checked against real time
        self.complaints: list[str] = []
        self.outbox = Outbox(bot.url, EVENTS_SECRET, lambda: self.at, self.complaints.append)
        for number in range(events):
            self.outbox.put(event("sync.started", id=f"e-{number}"))

    async def deliver(self) -> bool:
        async with aiohttp.ClientSession() as session:
            return await self.outbox.deliver(session)


async def test_events_leave_in_order_in_batches_of_two_hundred(bot: Bot) -> None:
    post = Post(bot, 450)
    while await post.deliver():
        pass
    assert [len(ids) for _, ids in bot.got] == [200, 200, 50]
    assert [each for _, ids in bot.got for each in ids] == [f"e-{number}" for number in range(450)]


@pytest.mark.parametrize("status", [500, 503, 429, 401, 404, 400])
async def test_what_was_not_taken_is_sent_again_later_under_the_same_id(bot: Bot, status: int) -> None:
    post = Post(bot, 3)
    bot.answers = [web.Response(status=status, body=b"no")]
    assert not await post.deliver()
    assert not await post.deliver()
    assert len(bot.got) == 1
    post.at += timedelta(seconds=1)
    assert await post.deliver()
    assert bot.got[0] == bot.got[1]
    assert post.complaints == [f"the bot answered {status}; 3 events wait, next try in 0.5 s"]


async def test_retry_after_is_obeyed(bot: Bot) -> None:
    post = Post(bot, 1)
    bot.answers = [web.Response(status=429, headers={"Retry-After": "60"})]
    await post.deliver()
    post.at += timedelta(seconds=59)
    assert not await post.deliver()
    post.at += timedelta(seconds=1)
    assert await post.deliver()


async def test_batches_that_are_too_large_are_halved(bot: Bot) -> None:
    post = Post(bot, 150)
    bot.answers = [web.Response(status=413)]
    assert not await post.deliver()
    assert await post.deliver()
    assert len(bot.got[1][1]) == 100


async def test_rejected_events_are_said_aloud_and_not_sent_again(bot: Bot) -> None:
    post = Post(bot, 1)
    results = [{"index": 0, "id": "e-0", "result": "rejected", "reason": "`data.x` is not a field"}]
    bot.answers = [web.json_response({"results": results}, status=400)]
    assert await post.deliver()
    assert len(post.outbox) == 0
    assert post.complaints == ["REJECTED sync.started e-0: `data.x` is not a field"]


async def test_a_bot_that_is_not_up_yet_is_waited_for(unused_tcp_port: int) -> None:
    post = Post(Bot(f"http://127.0.0.1:{unused_tcp_port}"), 2)
    assert not await post.deliver()
    assert len(post.outbox) == 2


async def test_a_company_that_runs_answers_a_retry_by_itself(bot: Bot) -> None:
    company = Company(
        bot_url=bot.url, events_secret=EVENTS_SECRET, requests_secret=REQUESTS_SECRET, speed=100_000
    )
    await company.start()
    try:
        mailbox = company.mailbox("mbx-01")
        company.runs.retry(mailbox, next(iter(mailbox.items.values())), "r-1")
        await asyncio.wait_for(bot.healed.wait(), 20)
    finally:
        await company.stop()


# ---- the process -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_the_process_says_where_it_listens_and_ends_at_once(bot: Bot, number: signal.Signals) -> None:
    secrets = {"COMPANY_EVENTS_SECRET": EVENTS_SECRET, "COMPANY_REQUESTS_SECRET": REQUESTS_SECRET}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.sandbox.company", "--bot-url", bot.url),
        env={**os.environ, **secrets},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    url = json.loads(await process.stdout.readline())["url"]
    async with aiohttp.ClientSession() as session, session.get(url) as page:
        assert page.status == 200
    process.send_signal(number)
    async with asyncio.timeout(PATIENCE):
        assert await process.wait() == 0


async def test_the_process_names_the_secret_that_is_missing() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.sandbox.company", "--bot-url", "http://127.0.0.1:9"),
        env={name: value for name, value in os.environ.items() if not name.startswith("COMPANY_")},
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    assert process.returncode == 1
    assert b"Set COMPANY_EVENTS_SECRET" in said
