"""An upload as Slack documents it: an address, the bytes, and then where it is shared."""

import io

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.model import Json
from bot.sandbox.slack.roster import ADA, GENERAL
from bot.sandbox.slack.server import SlackStandIn
from tests.unit.sandbox.slack.apps import Starter, manifest, web_client

CSV = b"code,item\ndest_too_large,i1\n"


@pytest.fixture
def described() -> Json:
    found = manifest()
    found["oauth_config"]["scopes"]["bot"] += ["files:write"]
    return found


async def begun(api: AsyncWebClient, length: int = len(CSV)) -> tuple[str, str]:
    """The file's id, and where to send it."""
    told = await api.files_getUploadURLExternal(filename="errors.csv", length=length)
    return told["file_id"], told["upload_url"]


async def send(url: str, content: bytes | io.BytesIO, **more: object) -> int:
    async with aiohttp.ClientSession() as http, http.post(url, data=content, **more) as answer:  # type: ignore[arg-type]
        return answer.status


async def refused(api: AsyncWebClient, **wrong: object) -> str:
    with pytest.raises(SlackApiError) as caught:
        await api.api_call("files.completeUploadExternal", json=wrong)
    return str(caught.value.response["error"])


async def test_a_file_is_sent_once_and_shared_in_a_direct_message(standing: Starter, described: Json) -> None:
    async with standing(described) as slack:
        api = web_client(slack)
        channel = (await api.chat_postMessage(channel=ADA.id, text="here"))["channel"]
        file, url = await begun(api)
        assert await send(url, CSV) == 200
        assert await send(url, CSV) == 404
        told = await api.files_completeUploadExternal(
            files=[{"id": file, "title": "Errors"}], channel_id=channel
        )
        assert told["files"] == [{"id": file, "title": "Errors"}]
        shared = slack.world.messages(channel)[-1]
        assert [(each.title, each.content) for each in shared.files] == [("Errors", CSV)]
        assert await refused(api, files=[{"id": file}], channel_id=channel) == "file_not_found"


async def test_it_takes_exactly_the_bytes_that_were_announced(standing: Starter, described: Json) -> None:
    async with standing(described) as slack:
        api = web_client(slack)
        file, url = await begun(api, len(CSV) + 1)
        assert await send(url, CSV) == 400
        assert await send(url, CSV + b"xyz") == 400
        assert await refused(api, files=[{"id": file}]) == "file_not_found"
        assert await send(url, CSV + b"x") == 200


async def test_a_file_larger_than_any_other_body_is_taken(standing: Starter, described: Json) -> None:
    async with standing(described) as slack:
        large = 3 * 1024 * 1024
        _, url = await begun(web_client(slack), large)
        assert await send(url, io.BytesIO(b"x" * large)) == 200


async def test_the_token_is_none_of_the_upload_s_business(standing: Starter, described: Json) -> None:
    async with standing(described) as slack:
        _, url = await begun(web_client(slack))
        assert await send(url, CSV, headers={"Authorization": "Bearer x"}) == 400


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"files": []}, "invalid_arguments"),
        ({"files": "F1"}, "invalid_arguments"),
        ({"files": [{"id": "F1", "colour": "red"}]}, "invalid_arguments"),
        ({"files": [{"id": "F0000000"}]}, "file_not_found"),
    ],
)
async def test_what_names_no_file_is_refused(
    standing: Starter, described: Json, wrong: Json, error: str
) -> None:
    async with standing(described) as slack:
        assert await refused(web_client(slack), **wrong) == error


@pytest.mark.parametrize(
    ("channel", "error"),
    [(ADA.id, "invalid_arguments"), ("C0NOWHERE9", "channel_not_found"), (GENERAL, None)],
)
async def test_it_is_shared_in_a_channel_of_the_bot_and_with_nobody_by_name(
    standing: Starter, described: Json, channel: str, error: str | None
) -> None:
    async with standing(described) as slack:
        api = web_client(slack)
        file, url = await begun(api)
        await send(url, CSV)
        if error:
            assert await refused(api, files=[{"id": file}], channel_id=channel) == error
            return
        slack.world.remove_bot(channel)
        assert await refused(api, files=[{"id": file}], channel_id=channel) == "not_in_channel"


async def test_both_methods_need_the_scope(slack: SlackStandIn, api: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        await begun(api)
    assert caught.value.response["error"] == "missing_scope"
    assert await refused(api, files=[{"id": "F1"}]) == "missing_scope"
    del slack


@pytest.mark.parametrize("length", ["0", "-1", "many"])
async def test_a_length_is_a_number_of_bytes(standing: Starter, described: Json, length: str) -> None:
    async with standing(described) as slack:
        with pytest.raises(SlackApiError) as caught:
            await web_client(slack).files_getUploadURLExternal(filename="a.csv", length=length)  # type: ignore[arg-type]
        assert caught.value.response["error"] in {"invalid_arguments", "missing_argument"}
