"""The page's routes over HTTP: who sees what, what is refused, what the stream says."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.sandbox.page import Panel, setup
from bot.sandbox.slack.roster import ADA, ALERTS, GENERAL, IT_OPS, NILS, OMAR, small_company
from bot.sandbox.slack.server import SlackStandIn

Json = dict[str, Any]
MANIFEST: Json = {
    "display_information": {"name": "syncbot", "description": "Mailbox sync"},
    "features": {"bot_user": {"display_name": "syncbot"}, "slash_commands": [{"command": "/sync"}]},
    "settings": {"interactivity": {"is_enabled": True}},
}


@pytest.fixture
async def standin() -> AsyncIterator[SlackStandIn]:
    made = SlackStandIn(
        MANIFEST, bot_token="b", app_token="a", signing_secret="s", company=small_company(), ack_seconds=0.1
    )
    setup(made, [Panel("Mailboxes", url="http://127.0.0.1:1/")])
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def http(standin: SlackStandIn) -> AsyncIterator[ClientSession]:
    async with ClientSession(standin.base_url) as session:
        yield session


async def page(http: ClientSession, path: str) -> str:
    async with http.get(path) as answer:
        return await answer.text()


async def say(http: ClientSession, text: str, **fields: str) -> Json:
    sent = {"as": ADA.id, "channel": GENERAL, "text": text, **fields}
    async with http.post("/page/say", json=sent) as answer:
        found: Json = await answer.json()
        return found


async def test_the_start_leads_to_a_channel(http: ClientSession) -> None:
    async with http.get("/") as answer:
        assert str(answer.url.path).startswith("/page/c/C0")
        assert "You are: <b>Ada Keller</b>" in await answer.text()


async def test_one_sees_only_channels_that_one_is_in(http: ClientSession) -> None:
    assert "it-ops" not in await page(http, f"/page/c/{GENERAL}?as={NILS.id}")
    async with http.get(f"/page/c/{IT_OPS}?as={NILS.id}") as answer:
        assert answer.status == 404


async def test_nobody_can_be_a_person_who_is_not_there(http: ClientSession) -> None:
    async with http.get("/?as=UNOBODY") as answer:
        assert answer.status == 404


async def test_unread_messages_are_counted_until_they_are_seen(
    standin: SlackStandIn, http: ClientSession
) -> None:
    for words in ("one", "two"):
        standin.world.post(ALERTS, OMAR.id, words)
    assert '<span class="badge" aria-label="unread">2</span>' in await page(
        http, f"/page/c/{GENERAL}?as={ADA.id}"
    )
    await page(http, f"/page/c/{ALERTS}?as={ADA.id}")
    assert 'aria-label="unread">2' not in await page(http, f"/page/c/{GENERAL}?as={ADA.id}")


async def test_a_reply_stands_in_its_thread_and_not_in_the_channel(
    standin: SlackStandIn, http: ClientSession
) -> None:
    parent = standin.world.post(GENERAL, OMAR.id, "parent")
    await say(http, "the reply", thread_ts=parent.ts)
    assert "the reply" not in await page(http, f"/page/c/{GENERAL}?as={ADA.id}")
    assert "1 reply" in await page(http, f"/page/c/{GENERAL}?as={ADA.id}")
    assert "the reply" in await page(http, f"/page/c/{GENERAL}?as={ADA.id}&thread={parent.ts}")


async def test_hostile_words_reach_the_page_as_words(http: ClientSession) -> None:
    await say(http, "</script><script>alert(1)</script>")
    assert "<script>alert" not in await page(http, f"/page/c/{GENERAL}")


async def test_a_panel_is_a_frame(http: ClientSession) -> None:
    assert '<iframe class="panel" src="http://127.0.0.1:1/"' in await page(http, "/page/panel/0")
    assert "no such panel" in await page(http, "/page/panel/1")


async def test_about_names_the_commands(http: ClientSession) -> None:
    assert "/sync" in await page(http, "/page/app/about")


async def test_a_command_that_the_app_does_not_have_is_explained(http: ClientSession) -> None:
    sent = {"as": ADA.id, "channel": GENERAL, "text": "/nonsense now"}
    async with http.post("/page/command", json=sent) as answer:
        assert "/nonsense is not a valid command" in (await answer.json())["complaint"]


async def test_an_incomplete_gesture_is_a_bad_request(http: ClientSession) -> None:
    async with http.post("/page/click", json={"as": ADA.id}) as answer:
        assert answer.status == 400


@pytest.mark.parametrize("path", ["/", f"/page/c/{GENERAL}", "/page/stream", "/page/static/main.js"])
@pytest.mark.parametrize("header", [{"Host": "rebound.example"}, {"Origin": "https://evil.example"}])
async def test_a_foreign_host_or_origin_is_refused(
    http: ClientSession, path: str, header: dict[str, str]
) -> None:
    async with http.get(path, headers=header) as answer:
        assert answer.status == 403


async def test_pages_allow_no_foreign_script(http: ClientSession) -> None:
    async with http.get(f"/page/c/{GENERAL}") as answer:
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


async def test_the_stream_tells_each_person_only_what_they_may_see(
    standin: SlackStandIn, http: ClientSession
) -> None:
    async with http.get(f"/page/stream?as={OMAR.id}&channel={GENERAL}") as stream:
        assert await stream.content.readuntil(b"\n\n") == b"event: hello\ndata: {}\n\n"
        standin.world.post(GENERAL, ADA.id, "secret", ephemeral_for=ADA.id)
        standin.world.open_view(ADA.id, {"type": "modal", "title": {}, "blocks": []})
        standin.world.post(ALERTS, ADA.id, "elsewhere")
        message = standin.world.post(GENERAL, ADA.id, "here")
        standin.world.delete(message)
        heard = [json.loads((await stream.content.readuntil(b"\n\n"))[6:]) for _ in range(3)]
    assert [one["what"] for one in heard] == ["rooms", "message", "message"]
    assert 'aria-label="unread">1' in heard[0]["html"]
    assert heard[2]["html"] == ""
