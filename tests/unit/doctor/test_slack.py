"""What can be wrong with the app in Slack, each told with what to do."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.config import Settings
from bot.doctor.cards import CardsCheckup
from bot.doctor.course import examined
from bot.doctor.findings import State
from bot.doctor.samples import samples
from bot.doctor.slack import SlackCheckup
from bot.sandbox.slack.roster import ALERTS, small_company
from bot.sandbox.slack.server import SlackStandIn
from bot.slack.client import web_client
from bot.slack.manifest import OPTIONAL_SCOPES, REQUIRED_SCOPES, manifest
from tests.unit.doctor.company import APP_TOKEN, BOT_TOKEN, Findings
from tests.unit.doctor.slack_wire import SlackWire, refusal
from tests.unit.doctor.test_clocks import NOON


@pytest.fixture(autouse=True)
def _clean(clean_environment: None) -> None: ...


async def found(url: str, *, cards: bool = False, **changes: Any) -> Findings:
    """With the cards only where a test is about them: there are many."""
    usual = {"slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN, "alert_channel": ALERTS}
    settings = Settings(_env_file=None, **usual | changes)
    token = settings.slack_bot_token
    web = web_client(url, token.get_secret_value() if token else "")
    drawn = (CardsCheckup(web, samples(NOON, safe=False)).course,) if cards else ()
    courses = (*SlackCheckup(web, settings).courses, *drawn)
    return Findings([finding for course in courses for finding in await examined(course)])


async def test_an_app_that_has_all_it_needs_is_fine(slack: SlackWire) -> None:
    assert [each.verdict.state for each in (await found(slack.url, cards=True)).all] == [State.FINE] * 5


async def test_nothing_is_asked_that_changes_anything(slack: SlackWire) -> None:
    await found(slack.url, cards=True)
    assert slack.methods == {"auth.test", "conversations.info", "apps.connections.open", "blocks.validate"}


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("invalid_auth", "Copy it again"),
        ("token_revoked", "install the app again"),
        ("account_inactive", "uninstalled"),
        ("something_new", "Slack's documentation"),
    ],
)
async def test_a_token_that_slack_refuses_is_told_with_its_remedy(
    slack: SlackWire, code: str, remedy: str
) -> None:
    slack.answers["auth.test"] = refusal(code)
    told = (await found(slack.url)).told("Slack", "bot token")
    assert told.startswith(f"wrong\nSlack answers {code}.")
    assert remedy in told


async def test_without_a_token_slack_is_not_asked(slack: SlackWire) -> None:
    findings = await found(slack.url, cards=True, slack_bot_token=None, slack_app_token=None)
    assert {each.verdict.state for each in findings.all} == {State.SKIPPED}
    assert slack.calls == []


async def test_the_token_of_a_person_is_not_the_bots(slack: SlackWire) -> None:
    slack.answers["auth.test"] = {"ok": True, "user": "ada", "team": "Contoso"}
    assert "token of a person" in (await found(slack.url)).told("Slack", "bot token")


async def test_a_needed_scope_that_is_missing_is_named(slack: SlackWire) -> None:
    slack.scopes = ("commands", *OPTIONAL_SCOPES)
    assert (await found(slack.url)).told("Slack", "scopes").startswith("wrong\nNot granted: chat:write.")


async def test_optional_scopes_that_are_missing_are_a_note(slack: SlackWire) -> None:
    slack.scopes = REQUIRED_SCOPES
    told = (await found(slack.url)).told("Slack", "scopes")
    assert told.startswith("fine\n")
    assert "optional: channels:history, groups:history, usergroups:read, users:read, users:read.email" in told
    assert "files:write" in told


async def test_roles_by_user_group_need_the_scope_that_is_optional_otherwise(slack: SlackWire) -> None:
    slack.scopes = REQUIRED_SCOPES
    told = (await found(slack.url, viewers="U0BEN,S0STAFF")).told("Slack", "scopes")
    assert told.startswith("wrong\nNot granted: usergroups:read (roles are given to user groups")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"ok": True, "channel": {"is_member": False}}, "wrong\nThe bot is not in C0ALERTS."),
        ({"ok": True, "channel": {"is_member": True, "is_archived": True}}, "wrong\nC0ALERTS is archived."),
        (refusal("channel_not_found"), "wrong\nSlack shows no channel C0ALERTS to the bot."),
        (refusal("internal_error"), "wrong\nSlack answers internal_error."),
    ],
)
async def test_a_channel_that_alerts_cannot_go_to_is_wrong(
    slack: SlackWire, answer: dict[str, Any], told: str
) -> None:
    slack.answers["conversations.info"] = answer
    assert (await found(slack.url)).told("Slack", "alert channel").startswith(told)


async def test_without_the_right_to_look_the_channel_is_at_least_known(slack: SlackWire) -> None:
    slack.answers["conversations.info"] = refusal("missing_scope")
    slack.answers["chat.getPermalink"] = refusal("message_not_found")
    told = (await found(slack.url)).told("Slack", "alert channel")
    assert told.startswith("skipped\nSlack knows C0ALERTS")
    slack.answers["chat.getPermalink"] = refusal("channel_not_found")
    assert (await found(slack.url)).state("Slack", "alert channel") is State.WRONG


async def test_without_a_channel_there_are_no_alerts(slack: SlackWire) -> None:
    told = (await found(slack.url, alert_channel=None)).told("Slack", "alert channel")
    assert told.startswith("skipped\nThere is none, so there are no alerts.\nSet SYNCBOT_ALERT_CHANNEL.")


async def test_an_app_level_token_needs_its_scope(slack: SlackWire) -> None:
    slack.answers["apps.connections.open"] = refusal("missing_scope", needed="connections:write")
    assert "lacks connections:write" in (await found(slack.url)).told("Slack", "app-level token")


async def test_a_bots_token_is_no_app_level_token(slack: SlackWire) -> None:
    slack.answers["apps.connections.open"] = refusal("not_allowed_token_type")
    assert "token of another kind" in (await found(slack.url)).told("Slack", "app-level token")


async def test_over_http_no_connection_is_asked_for(slack: SlackWire) -> None:
    findings = await found(slack.url, slack_mode="http")
    assert findings.told("Slack", "app-level token").startswith("skipped\nHTTP mode uses the signing secret")
    assert "apps.connections.open" not in slack.methods


async def test_a_card_that_slack_refuses_is_told_with_the_place(slack: SlackWire) -> None:
    error = {"pointer": "/blocks/0/text", "code": "failed_constraint", "message": "too long"}
    slack.answers["blocks.validate"] = refusal("invalid_message", errors=[error])
    told = (await found(slack.url, cards=True)).told("Slack", "cards")
    assert "status, synced: too long at /blocks/0/text; " in told
    assert "more)" in told


async def test_a_slack_that_cannot_validate_is_no_trouble(slack: SlackWire) -> None:
    slack.answers["blocks.validate"] = refusal("unknown_method")
    told = (await found(slack.url, cards=True)).told("Slack", "cards")
    assert told.startswith("skipped\nThis Slack has no method blocks.validate.")
    assert [method for method, _ in slack.calls].count("blocks.validate") == 1


async def test_a_slack_that_wants_no_more_calls_gets_no_more(slack: SlackWire) -> None:
    slack.answers["blocks.validate"] = refusal("ratelimited")
    assert (
        (await found(slack.url, cards=True))
        .told("Slack", "cards")
        .startswith("skipped\nSlack took 0 samples")
    )


async def test_a_slack_that_is_not_there_is_told() -> None:
    findings = await found("http://127.0.0.1:1/api/")
    assert "Slack was not reached" in findings.told("Slack", "bot token")
    assert findings.state("Slack", "app-level token") is State.WRONG


# Against the whole stand-in, which grants what the manifest asks for


@pytest.fixture
async def stand_in() -> AsyncIterator[SlackStandIn]:
    slack = SlackStandIn(
        manifest(),
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        signing_secret="sandbox-secret",
        company=small_company(),
    )
    await slack.start()
    yield slack
    await slack.stop()


async def test_with_what_the_manifest_asks_for_nothing_is_wrong(stand_in: SlackStandIn) -> None:
    findings = await found(f"{stand_in.base_url}api/", cards=True)
    assert findings.wrong == []
    assert findings.told("Slack", "cards").startswith("skipped\nThis Slack has no method")
    assert findings.told("Slack", "bot token").startswith("fine\nSigned in as syncbot in Sandbox.")
    assert findings.told("Slack", "alert channel").startswith("skipped\nSlack knows C0ALERTS")
    assert findings.state("Slack", "app-level token") is State.FINE
    assert stand_in.sockets.connected == 0


async def test_a_channel_that_does_not_exist_is_noticed_by_those_scopes(stand_in: SlackStandIn) -> None:
    findings = await found(f"{stand_in.base_url}api/", alert_channel="C0NOWHERE")
    assert findings.wrong == [("Slack", "alert channel")]


async def test_the_two_tokens_may_not_be_swapped(stand_in: SlackStandIn) -> None:
    findings = await found(f"{stand_in.base_url}api/", slack_bot_token=APP_TOKEN, slack_app_token=BOT_TOKEN)
    assert findings.wrong == [("Slack", "bot token"), ("Slack", "app-level token")]
    assert "another kind" in findings.told("Slack", "bot token")
