"""The Web API as such: bodies, tokens, scopes, rates, unknown methods."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.model import Json
from bot.sandbox.slack.rates import Rates
from bot.sandbox.slack.roster import ADA, ALERTS, GUS, IT_OPS, OLGA
from bot.sandbox.slack.server import SlackStandIn
from tests.unit.sandbox.slack.apps import APP_TOKEN, BOT_TOKEN, Clock, Starter, manifest, web_client

BEARER = {"Authorization": f"Bearer {BOT_TOKEN}"}


async def send(slack: SlackStandIn, method: str, **request: object) -> Json:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.base_url}api/{method}", **request) as response,  # type: ignore[arg-type]
    ):
        body: Json = await response.json()
        return body


async def refusal(call: object) -> SlackApiError:
    with pytest.raises(SlackApiError) as caught:
        await call  # type: ignore[misc]
    return caught.value


async def test_the_sdk_gets_along_with_it(api: AsyncWebClient) -> None:
    answer = await api.auth_test()
    assert answer["ok"] is True
    assert {"team_id", "user_id", "bot_id", "url"} <= set(answer.data)


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"data": {"channel": ALERTS, "text": "a"}}, "not_authed"),
        ({"data": {"channel": ALERTS, "text": "a", "token": "xoxb-other"}}, "invalid_auth"),
        ({"data": {"channel": ALERTS, "text": "a", "token": APP_TOKEN}}, "not_allowed_token_type"),
        ({"json": {"channel": ALERTS, "text": "a", "token": BOT_TOKEN}}, "not_authed"),
        ({"data": "{", "headers": {**BEARER, "Content-Type": "application/json"}}, "invalid_json"),
        ({"data": "[]", "headers": {**BEARER, "Content-Type": "application/json"}}, "json_not_object"),
        ({"data": "a", "headers": {**BEARER, "Content-Type": "text/plain"}}, "invalid_post_type"),
        ({"data": {"channel": ALERTS, "text": "a", "token": BOT_TOKEN}}, None),
        ({"json": {"channel": ALERTS, "text": "a"}, "headers": BEARER}, None),
        ({"data": {"channel": ALERTS, "blocks": "["}, "headers": BEARER}, "invalid_blocks_format"),
        ({"data": {"channel": ALERTS, "blocks": '[{"type":"divider"}]'}, "headers": BEARER}, None),
        ({"json": {"channel": ALERTS, "blocks": [{"type": "divider"}]}, "headers": BEARER}, None),
    ],
)
async def test_a_body_is_a_form_or_json_and_carries_a_token(
    slack: SlackStandIn, request_: Json, error: str | None
) -> None:
    answer = await send(slack, "chat.postMessage", **request_)
    assert answer.get("error") == error


async def test_a_reading_method_takes_no_json(slack: SlackStandIn) -> None:
    asked = await send(slack, "users.info", json={"user": ADA.id}, headers=BEARER)
    assert asked["error"] == "invalid_arguments"


async def test_an_unknown_method_is_named(slack: SlackStandIn) -> None:
    answer = await send(slack, "chat.shout", headers=BEARER)
    assert (answer["error"], answer["req_method"]) == ("unknown_method", "chat.shout")


async def test_a_missing_scope_says_what_is_needed(standing: Starter) -> None:
    async with standing(manifest(scopes=("commands", "chat:write"))) as slack:
        error = await refusal(web_client(slack).users_info(user=ADA.id))
        assert error.response["needed"] == "users:read"
        assert error.response["provided"] == "chat:write,commands"


@pytest.mark.parametrize(("pause", "more"), [(0.0, 0), (1.0, 1), (60.0, 3)])
async def test_a_channel_takes_a_post_a_second_after_a_burst(
    standing: Starter, clock: Clock, pause: float, more: int
) -> None:
    async with standing(rates=Rates(posts_burst=3)) as slack:
        api = web_client(slack)
        for _ in range(3):
            await api.chat_postMessage(channel=ALERTS, text="a")
        clock.pass_by(pause)
        for _ in range(more):
            await api.chat_postMessage(channel=ALERTS, text="a")
        error = await refusal(api.chat_postMessage(channel=ALERTS, text="a"))
        assert (error.response.status_code, error.response["error"]) == (429, "ratelimited")
        assert error.response.headers["Retry-After"] == "1"
        await api.chat_postMessage(channel=IT_OPS, text="another channel")


async def test_a_method_has_its_calls_a_minute(standing: Starter, clock: Clock) -> None:
    async with standing(rates=Rates(scale=0.1)) as slack:
        api = web_client(slack)
        await api.usergroups_list()
        await api.usergroups_list()
        clock.pass_by(20)
        error = await refusal(api.usergroups_list())
        assert error.response.headers["Retry-After"] == "40"
        clock.pass_by(40)
        await api.usergroups_list()


async def test_calls_are_recorded_with_their_answers(slack: SlackStandIn, api: AsyncWebClient) -> None:
    await api.chat_postMessage(channel=ALERTS, text="a")
    await refusal(api.chat_postMessage(channel="C0NONE", text="a"))
    assert [(call.method, call.ok) for call in slack.calls] == [
        ("chat.postMessage", True),
        ("chat.postMessage", False),
    ]
    assert slack.calls[0].args["text"] == "a"


async def test_a_guest_and_an_outsider_are_told_from_a_member(
    slack: SlackStandIn, api: AsyncWebClient
) -> None:
    ada, gus = [(await api.users_info(user=person.id))["user"] for person in (ADA, GUS)]
    assert (ada["is_restricted"], gus["is_restricted"], gus["is_ultra_restricted"]) == (False, True, False)
    assert "is_stranger" not in ada
    assert (await api.users_info(user=OLGA.id))["user"]["is_stranger"] is False
    for channel in slack.world.channels.values():
        channel.members.discard(OLGA.id)
    assert (await api.users_info(user=OLGA.id))["user"]["is_stranger"] is True


async def test_people_are_found_by_id_and_by_address(api: AsyncWebClient) -> None:
    assert (await api.users_info(user=OLGA.id))["user"]["team_id"] == OLGA.team_id
    found = await api.users_lookupByEmail(email=ADA.email.upper())
    assert found["user"]["id"] == ADA.id
    assert (await refusal(api.users_info(user="U0NONE"))).response["error"] == "user_not_found"
    assert (await refusal(api.users_lookupByEmail(email=OLGA.email))).response["error"] == "users_not_found"


async def test_addresses_need_a_scope_of_their_own(standing: Starter) -> None:
    async with standing(manifest(scopes=("users:read",))) as slack:
        answer = await web_client(slack).users_info(user=ADA.id)
        assert "email" not in answer["user"]["profile"]


async def test_lists_are_paged_by_cursor(api: AsyncWebClient) -> None:
    pages = [page["members"] async for page in await api.users_list(limit=3)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert (await refusal(api.users_list(cursor="?"))).response["error"] == "invalid_cursor"
    assert (await refusal(api.users_list(limit=0))).response["error"] == "invalid_limit"


async def test_user_groups_list_their_members(api: AsyncWebClient) -> None:
    groups = await api.usergroups_list(include_users=True)
    assert groups["usergroups"][0]["users"] == [ADA.id]
    assert (await api.usergroups_users_list(usergroup="S0ADMINS"))["users"] == [ADA.id]
    missing = await refusal(api.usergroups_users_list(usergroup="S0NONE"))
    assert missing.response["error"] == "no_such_subteam"


async def test_a_direct_message_is_opened_once(api: AsyncWebClient) -> None:
    first = await api.conversations_open(users=ADA.id)
    again = await api.conversations_open(users=[ADA.id])
    assert first["channel"]["id"] == again["channel"]["id"]
    assert (again["already_open"], first["channel"]["id"][0]) == (True, "D")


async def test_conversations_are_listed_and_described(slack: SlackStandIn, api: AsyncWebClient) -> None:
    slack.world.archive(IT_OPS)
    listed = await api.conversations_list(exclude_archived=True)
    assert [(c["name"], c["is_member"]) for c in listed["channels"]] == [
        ("sync-alerts", True),
        ("general", False),
    ]
    assert (await api.conversations_info(channel=IT_OPS))["channel"]["is_archived"] is True
    assert (await refusal(api.conversations_list(types="all"))).response["error"] == "invalid_types"


async def test_reading_a_conversation_needs_the_scope_of_its_kind(standing: Starter) -> None:
    async with standing(manifest(scopes=("chat:write", "im:write", "channels:read"))) as slack:
        api = web_client(slack)
        room = await api.conversations_open(users=ADA.id)
        error = await refusal(api.conversations_info(channel=room["channel"]["id"]))
        assert error.response["needed"] == "im:read"


async def test_history_shows_metadata_when_asked_and_no_ephemeral_message(api: AsyncWebClient) -> None:
    metadata = {"event_type": "alert", "event_payload": {"id": "7"}}
    first = await api.chat_postMessage(channel=ALERTS, text="a", metadata=metadata)
    await api.chat_postMessage(channel=ALERTS, text="b")
    await api.chat_postEphemeral(channel=ALERTS, user=ADA.id, text="c")
    history = await api.conversations_history(channel=ALERTS, include_all_metadata=True)
    assert [(m["text"], m.get("metadata")) for m in history["messages"]] == [("b", None), ("a", metadata)]
    plain = await api.conversations_history(channel=ALERTS, oldest=first["ts"], inclusive=True)
    assert "metadata" not in plain["messages"][1]
    assert (await api.conversations_history(channel=ALERTS, oldest=first["ts"]))["messages"][0]["text"] == "b"


async def test_history_is_for_members(slack: SlackStandIn, api: AsyncWebClient) -> None:
    slack.world.remove_bot(ALERTS)
    assert (await refusal(api.conversations_history(channel=ALERTS))).response["error"] == "not_in_channel"
    assert (await refusal(api.conversations_history(channel=IT_OPS, oldest="x"))).response[
        "error"
    ] == "invalid_ts_oldest"


@pytest.mark.parametrize(
    ("people", "error"),
    [
        ("", "users_list_not_supplied"),
        ("U0NONE", "user_not_found"),
        (f"{ADA.id},{OLGA.id}", "invalid_arguments"),
    ],
)
async def test_a_direct_message_is_with_one_known_person(
    api: AsyncWebClient, people: str, error: str
) -> None:
    assert (await refusal(api.conversations_open(users=people))).response["error"] == error


async def test_direct_messages_are_neither_joined_nor_listed_as_channels(standing: Starter) -> None:
    async with standing(manifest(scopes=("channels:join", "im:write", "im:read"))) as slack:
        api = web_client(slack)
        room = (await api.conversations_open(users=ADA.id))["channel"]["id"]
        error = (await refusal(api.conversations_join(channel=room))).response["error"]
        assert error == "method_not_supported_for_channel_type"
        listed = await api.conversations_list(types="im")
        assert [channel["user"] for channel in listed["channels"]] == [ADA.id]


async def test_joining_a_channel_needs_its_scope(standing: Starter) -> None:
    async with standing(manifest(scopes=("channels:join", "chat:write"))) as slack:
        api = web_client(slack)
        await api.conversations_join(channel="C0GENERAL")
        await api.chat_postMessage(channel="C0GENERAL", text="a")


async def test_the_api_says_back_what_it_was_told(slack: SlackStandIn) -> None:
    assert (await send(slack, "api.test", data={"foo": "bar"}))["args"] == {"foo": "bar"}
    assert (await send(slack, "api.test", data={"error": "my_error"}))["error"] == "my_error"
