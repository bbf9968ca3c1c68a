"""Posting, updating and deleting messages."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.model import Json
from bot.sandbox.slack.roster import ADA, ALERTS, GENERAL, IT_OPS, NILS
from bot.sandbox.slack.server import SlackStandIn

DIVIDER: Json = {"type": "divider"}


async def error_of(api: AsyncWebClient, method: str, **args: object) -> str:
    with pytest.raises(SlackApiError) as caught:
        await api.api_call(method, json=args)
    return str(caught.value.response["error"])


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"channel": "C0NONE", "text": "a"}, "channel_not_found"),
        ({"channel": GENERAL, "text": "a"}, "not_in_channel"),
        ({"channel": IT_OPS, "text": "a"}, "is_archived"),
        ({"channel": ALERTS}, "no_text"),
        ({"text": "a"}, "invalid_arguments"),
        ({"channel": ALERTS, "text": "a" * 4_001}, "msg_too_long"),
        ({"channel": ALERTS, "blocks": [{"type": "banner"}]}, "invalid_blocks"),
        ({"channel": ALERTS, "blocks": {"type": "divider"}}, "invalid_blocks_format"),
        (
            {"channel": ALERTS, "blocks": [{"type": "markdown", "text": "a" * 7_000}] * 2},
            "msg_blocks_too_long",
        ),
        ({"channel": ALERTS, "text": "a", "attachments": [{}] * 101}, "too_many_attachments"),
        ({"channel": ALERTS, "text": "a", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"channel": ALERTS, "text": "a", "thread_ts": "1.2"}, "invalid_arguments"),
        ({"channel": ALERTS, "markdown_text": "a"}, "invalid_arguments"),
    ],
)
async def test_what_cannot_be_posted(
    slack: SlackStandIn, api: AsyncWebClient, args: Json, error: str
) -> None:
    slack.world.archive(IT_OPS)
    assert await error_of(api, "chat.postMessage", **args) == error
    assert slack.world.messages(ALERTS) == []


async def test_a_fault_in_blocks_is_named_by_its_path(api: AsyncWebClient) -> None:
    header = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}
    with pytest.raises(SlackApiError) as caught:
        await api.chat_postMessage(channel=ALERTS, text="a", blocks=[DIVIDER, header])
    reason = "must be less than 151 characters [json-pointer:/blocks/1/text/text]"
    assert caught.value.response["errors"] == [reason]
    assert caught.value.response["response_metadata"]["messages"] == [f"[ERROR] {reason}"]


async def test_a_removed_app_cannot_post(slack: SlackStandIn, api: AsyncWebClient) -> None:
    slack.world.remove_bot(ALERTS)
    assert await error_of(api, "chat.postMessage", channel=ALERTS, text="a") == "not_in_channel"


async def test_a_post_to_a_person_is_a_direct_message(slack: SlackStandIn, api: AsyncWebClient) -> None:
    posted = await api.chat_postMessage(channel=ADA.id, text="a")
    assert slack.world.channels[posted["channel"]].im_user == ADA.id


async def test_ids_are_given_where_they_were_left_out(api: AsyncWebClient) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}}
    posted = await api.chat_postMessage(
        channel=ALERTS, text="a", blocks=[{"type": "actions", "elements": [button]}]
    )
    block = posted["message"]["blocks"][0]
    assert block["block_id"]
    assert block["elements"][0]["action_id"]


async def test_timestamps_increase_though_the_clock_stands(api: AsyncWebClient) -> None:
    stamps = [(await api.chat_postMessage(channel=ALERTS, text="a"))["ts"] for _ in range(3)]
    assert stamps == sorted(set(stamps))


async def test_text_without_blocks_takes_the_blocks_away(slack: SlackStandIn, api: AsyncWebClient) -> None:
    posted = await api.chat_postMessage(
        channel=ALERTS, text="a", blocks=[DIVIDER], metadata={"event_type": "x", "event_payload": {}}
    )
    updated = await api.chat_update(channel=ALERTS, ts=posted["ts"], text="b")
    assert "blocks" not in updated["message"]
    assert updated["message"]["edited"]["user"] == slack.world.bot_user.id
    assert updated["message"]["metadata"]["event_type"] == "x"


async def test_new_blocks_replace_the_old_ones_without_a_mark_of_editing(api: AsyncWebClient) -> None:
    posted = await api.chat_postMessage(channel=ALERTS, text="a", blocks=[DIVIDER])
    updated = await api.chat_update(channel=ALERTS, ts=posted["ts"], text="b", blocks=[DIVIDER, DIVIDER])
    assert len(updated["message"]["blocks"]) == 2
    assert "edited" not in updated["message"]


async def test_what_cannot_be_updated(slack: SlackStandIn, api: AsyncWebClient) -> None:
    said = await slack.gestures.say(ADA.id, ALERTS, "hello")
    whisper = await api.chat_postEphemeral(channel=ALERTS, user=ADA.id, text="a")
    posted = await api.chat_postMessage(channel=ALERTS, text="a")
    cases = {
        said.ts: "cant_update_message",
        whisper["message_ts"]: "message_not_found",
        "1.2": "message_not_found",
    }
    for ts, error in cases.items():
        assert await error_of(api, "chat.update", channel=ALERTS, ts=ts, text="b") == error
    assert await error_of(api, "chat.update", channel=ALERTS, ts=posted["ts"]) == "no_text"
    slack.world.archive(ALERTS)
    assert await error_of(api, "chat.update", channel=ALERTS, ts=posted["ts"], text="b") == "is_inactive"


async def test_only_own_messages_can_be_deleted(slack: SlackStandIn, api: AsyncWebClient) -> None:
    said = await slack.gestures.say(ADA.id, ALERTS, "hello")
    posted = await api.chat_postMessage(channel=ALERTS, text="a")
    await api.chat_delete(channel=ALERTS, ts=posted["ts"])
    assert await error_of(api, "chat.delete", channel=ALERTS, ts=said.ts) == "cant_delete_message"
    assert slack.world.messages(ALERTS) == [said]


async def test_an_ephemeral_message_is_for_one_member(slack: SlackStandIn, api: AsyncWebClient) -> None:
    await api.chat_postEphemeral(channel=ALERTS, user=ADA.id, text="a")
    assert len(slack.world.messages(ALERTS, ADA.id)) == 1
    assert slack.world.messages(ALERTS) == []
    refused = await error_of(api, "chat.postEphemeral", channel=ALERTS, user=NILS.id, text="a")
    assert refused == "user_not_in_channel"
    slack.world.forget_ephemeral(ADA.id)
    assert slack.world.messages(ALERTS, ADA.id) == []


async def test_a_permalink_names_channel_and_message(api: AsyncWebClient) -> None:
    posted = await api.chat_postMessage(channel=ALERTS, text="a")
    link = await api.chat_getPermalink(channel=ALERTS, message_ts=posted["ts"])
    assert link["permalink"].endswith(f"/archives/{ALERTS}/p{posted['ts'].replace('.', '')}")
    with pytest.raises(SlackApiError, match="message_not_found"):
        await api.chat_getPermalink(channel=ALERTS, message_ts="1.2")
