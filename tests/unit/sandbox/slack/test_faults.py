"""The knobs: what a test can make go wrong."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox.slack.faults import TokenState
from bot.sandbox.slack.roster import ADA, ALERTS
from bot.sandbox.slack.server import SlackStandIn
from tests.unit.sandbox.slack.apps import App


async def post(api: AsyncWebClient) -> str:
    """The error, or nothing."""
    try:
        await api.chat_postMessage(channel=ALERTS, text="a")
    except SlackApiError as error:
        return str(error.response["error"])
    return ""


async def test_the_next_calls_fail_as_planned_and_then_no_more(
    slack: SlackStandIn, api: AsyncWebClient
) -> None:
    slack.faults.fail("chat.postMessage", "fatal_error", times=2)
    assert [await post(api) for _ in range(3)] == ["fatal_error", "fatal_error", ""]
    assert len(slack.world.messages(ALERTS)) == 1


async def test_a_planned_limit_says_how_long(slack: SlackStandIn, api: AsyncWebClient) -> None:
    slack.faults.limit("chat.postMessage", 30)
    with pytest.raises(SlackApiError) as caught:
        await api.chat_postMessage(channel=ALERTS, text="a")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "30"


async def test_a_breakdown_is_a_500(slack: SlackStandIn, api: AsyncWebClient) -> None:
    slack.faults.break_down("chat.postMessage")
    with pytest.raises(SlackApiError) as caught:
        await api.chat_postMessage(channel=ALERTS, text="a")
    assert caught.value.response.status_code == 500
    assert slack.world.messages(ALERTS) == []


async def test_a_lost_answer_was_executed(slack: SlackStandIn) -> None:
    impatient = AsyncWebClient(token="xoxb-sandbox", base_url=f"{slack.base_url}api/", retry_handlers=[])
    slack.faults.lose_answer("chat.postMessage")
    with pytest.raises(aiohttp.ClientConnectionError):
        await impatient.chat_postMessage(channel=ALERTS, text="a")
    assert len(slack.world.messages(ALERTS)) == 1
    assert slack.calls[-1].ok


async def test_the_sdk_posts_twice_after_a_lost_answer(slack: SlackStandIn, api: AsyncWebClient) -> None:
    slack.faults.lose_answer("chat.postMessage")
    assert await post(api) == ""
    assert len(slack.world.messages(ALERTS)) == 2


async def test_a_delayed_call_still_succeeds(slack: SlackStandIn, api: AsyncWebClient) -> None:
    slack.faults.delay("chat.postMessage", 0.01)
    assert await post(api) == ""


@pytest.mark.parametrize("state", ["token_revoked", "account_inactive"])
async def test_a_dead_token_opens_nothing(
    slack: SlackStandIn, api: AsyncWebClient, state: TokenState
) -> None:
    slack.faults.token = state
    assert await post(api) == state
    slack.faults.clear()
    assert await post(api) == ""


async def test_a_response_url_can_fail_too(slack: SlackStandIn, app: App) -> None:
    await slack.gestures.command(ADA.id, ALERTS, "/sync")
    slack.faults.break_down("response_url")
    answer = await AsyncWebhookClient(app.last["response_url"]).send(text="a")
    assert answer.status_code == 500
    assert slack.world.messages(ALERTS, ADA.id) == []
