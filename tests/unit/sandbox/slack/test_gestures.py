"""What people do, what the app hears of it, and what becomes of its answer."""

from collections.abc import Callable

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.errors import GestureError
from bot.sandbox.slack.model import Json, MessageRef, ViewRef
from bot.sandbox.slack.roster import ADA, ALERTS, GENERAL, IT_OPS, NILS, OLGA, OMAR
from bot.sandbox.slack.server import SlackStandIn
from tests.unit.sandbox.slack.apps import App
from tests.unit.sandbox.slack.scenes import FORM, ROW, posted, shown
from tests.unit.sandbox.slack.validate import samples as s

# Slash commands


async def test_a_command_tells_the_app_who_where_and_what(slack: SlackStandIn, app: App) -> None:
    delivery = await slack.gestures.command(ADA.id, GENERAL, "/sync status <a@b.example> & co")
    heard = app.last
    assert delivery.ok
    assert (heard["command"], heard["text"]) == ("/sync", "status <a@b.example> & co")
    assert (heard["user_id"], heard["channel_id"], heard["team_id"]) == (ADA.id, GENERAL, slack.world.team_id)
    assert heard["response_url"].startswith(f"{slack.base_url}response/")
    assert heard["trigger_id"].count(".") == 2


async def test_an_answer_is_seen_by_the_asker_only_unless_it_says_otherwise(
    slack: SlackStandIn, app: App
) -> None:
    app.answer = lambda _: {"text": "only you"}
    await slack.gestures.command(ADA.id, GENERAL, "/sync")
    app.answer = lambda _: {"text": "all", "response_type": "in_channel"}
    await slack.gestures.command(ADA.id, GENERAL, "/sync")
    assert [m.text for m in slack.world.messages(GENERAL, ADA.id)] == ["only you", "all"]
    assert [m.text for m in slack.world.messages(GENERAL, OMAR.id)] == ["all"]


async def test_an_escaping_command_marks_people_channels_and_links_up(slack: SlackStandIn, app: App) -> None:
    await slack.gestures.command(ADA.id, ALERTS, "/who @omar #it-ops a@b.example @ghost http://b.example")
    marked = f"<@{OMAR.id}|omar> <#{IT_OPS}|it-ops> a@b.example @ghost <http://b.example>"
    assert app.last["text"] == marked


async def test_an_invalid_answer_is_a_complaint(slack: SlackStandIn, app: App) -> None:
    app.answer = lambda _: {"blocks": [{"type": "banner"}]}
    delivery = await slack.gestures.command(ADA.id, ALERTS, "/sync help")
    assert not delivery.ok
    assert delivery.complaint is not None
    assert delivery.complaint.startswith('/sync failed with the error "invalid_blocks')
    assert slack.world.messages(ALERTS, ADA.id) == []


async def test_a_command_leaves_a_delivery_for_the_page(slack: SlackStandIn, app: App) -> None:
    with slack.world.subscribe() as changes:
        delivery = await slack.gestures.command(ADA.id, ALERTS, "/sync help")
        change = await anext(changes)
    assert (change.kind, change.user, change.delivery) == ("delivery", ADA.id, delivery)


Gesture = Callable[[SlackStandIn], object]
IMPOSSIBLE: list[tuple[str, Gesture]] = [
    ("an unknown command", lambda s: s.gestures.command(ADA.id, ALERTS, "/other")),
    ("a command from outside the channel", lambda s: s.gestures.command(NILS.id, ALERTS, "/sync")),
    ("a command by nobody", lambda s: s.gestures.command("U0NONE", ALERTS, "/sync")),
    ("a click on nothing", lambda s: s.gestures.click(ADA.id, MessageRef(ALERTS, "1.2"), "row", "retry")),
    ("a click in no view", lambda s: s.gestures.click(ADA.id, ViewRef("V0NONE"), "row", "retry")),
    ("an unknown shortcut", lambda s: s.gestures.global_shortcut(ADA.id, "other")),
    ("a message shortcut used as a global one", lambda s: s.gestures.global_shortcut(ADA.id, "check")),
    ("inviting somebody else", lambda s: s.gestures.invite(ADA.id, GENERAL, "@other")),
    ("inviting from outside the channel", lambda s: s.gestures.invite(NILS.id, ALERTS, "@syncbot")),
    ("talking from outside the channel", lambda s: s.gestures.say(NILS.id, ALERTS, "hello")),
]


@pytest.mark.parametrize("gesture", [row[1] for row in IMPOSSIBLE], ids=[row[0] for row in IMPOSSIBLE])
async def test_impossible_gestures_are_refused(slack: SlackStandIn, app: App, gesture: Gesture) -> None:
    with pytest.raises(GestureError):
        await gesture(slack)  # type: ignore[misc]
    assert app.heard == []


async def test_whoever_is_in_a_channel_invites_the_app(slack: SlackStandIn) -> None:
    name = f"@{slack.world.bot_user.name}"
    invited = await slack.gestures.invite(ADA.id, GENERAL, name)
    assert invited
    assert invited.text == f"was added to #general by <@{ADA.id}>."
    assert slack.world.is_member(slack.world.channels[GENERAL], slack.world.bot_user.id)
    assert await slack.gestures.invite(ADA.id, GENERAL, name) is None


async def test_an_archived_channel_takes_no_command(slack: SlackStandIn) -> None:
    slack.world.archive(ALERTS)
    with pytest.raises(GestureError):
        await slack.gestures.command(ADA.id, ALERTS, "/sync")


# Clicks


async def test_a_click_on_a_message_carries_the_message(
    slack: SlackStandIn, app: App, api: AsyncWebClient
) -> None:
    where = await posted(api, ROW)
    await slack.gestures.click(OMAR.id, where, "row", "retry")
    heard = app.last
    assert heard["type"] == "block_actions"
    assert heard["user"] == {
        "id": OMAR.id,
        "username": "omar",
        "name": "omar",
        "team_id": slack.world.team_id,
    }
    assert heard["container"] == {
        "type": "message",
        "message_ts": where.ts,
        "channel_id": ALERTS,
        "is_ephemeral": False,
    }
    assert (heard["message"]["ts"], heard["channel"]["name"]) == (where.ts, "sync-alerts")
    assert {"token", "team", "api_app_id", "trigger_id", "response_url", "state"} <= set(heard)
    assert (heard["enterprise"], heard["is_enterprise_install"]) == (None, False)
    action = heard["actions"][0]
    assert (action["block_id"], action["action_id"], action["value"]) == ("row", "retry", "7")
    assert action["action_ts"]


async def test_a_click_on_an_ephemeral_message_comes_without_its_content(
    slack: SlackStandIn, app: App, api: AsyncWebClient
) -> None:
    whisper = await api.chat_postEphemeral(channel=ALERTS, user=ADA.id, text="a", blocks=[ROW])
    where = MessageRef(ALERTS, whisper["message_ts"])
    await slack.gestures.click(ADA.id, where, "row", "retry")
    assert app.last["container"]["is_ephemeral"] is True
    assert "message" not in app.last
    with pytest.raises(GestureError):
        await slack.gestures.click(OMAR.id, where, "row", "retry")


async def test_an_outsider_shows_by_the_team(slack: SlackStandIn, app: App, api: AsyncWebClient) -> None:
    await slack.gestures.click(OLGA.id, await posted(api, ROW), "row", "retry")
    assert app.last["user"]["team_id"] == OLGA.team_id != app.last["team"]["id"]


async def test_outsiders_have_no_commands_and_shortcuts_unless_they_are_let(
    slack: SlackStandIn, app: App
) -> None:
    with pytest.raises(GestureError):
        await slack.gestures.command(OLGA.id, ALERTS, "/sync")
    slack.gestures.outsiders_may_call = True
    await slack.gestures.command(OLGA.id, ALERTS, "/sync")
    assert app.last["team_id"] == OLGA.team_id


async def test_a_button_in_an_attachment_is_found(slack: SlackStandIn, app: App, api: AsyncWebClient) -> None:
    answer = await api.chat_postMessage(channel=ALERTS, text="a", attachments=[{"blocks": [ROW]}])
    where = MessageRef(ALERTS, answer["ts"])
    assert (await slack.gestures.click(ADA.id, where, "row", "retry")).ok


async def test_a_click_that_nobody_answers_shows_a_warning(slack: SlackStandIn, api: AsyncWebClient) -> None:
    delivery = await slack.gestures.click(ADA.id, await posted(api, ROW), "row", "retry")
    assert delivery.complaint == "This app is not responding."


CHOICES: list[tuple[Json, object, str, object]] = [
    ({"type": "static_select", "options": s.options(2)}, "v1", "selected_option", s.option(1)),
    ({"type": "overflow", "options": s.options(2)}, "v0", "selected_option", s.option(0)),
    ({"type": "radio_buttons", "options": s.options(2)}, "v0", "selected_option", s.option(0)),
    ({"type": "checkboxes", "options": s.options(2)}, ["v0", "v1"], "selected_options", s.options(2)),
    ({"type": "users_select"}, ADA.id, "selected_user", ADA.id),
    ({"type": "multi_channels_select"}, [ALERTS], "selected_channels", [ALERTS]),
    ({"type": "datepicker"}, "2026-11-23", "selected_date", "2026-11-23"),
    (
        {"type": "static_select", "option_groups": [{"label": s.plain(), "options": s.options(2)}]},
        "v1",
        "selected_option",
        s.option(1),
    ),
]


@pytest.mark.parametrize(("element", "picked", "key", "expected"), CHOICES)
async def test_a_choice_arrives_under_its_key(
    slack: SlackStandIn,
    app: App,
    api: AsyncWebClient,
    element: Json,
    picked: str | list[str],
    key: str,
    expected: object,
) -> None:
    where = await posted(api, s.accessory(**element) | {"block_id": "row"})
    await slack.gestures.click(ADA.id, where, "row", "pick", picked)
    assert app.last["actions"][0][key] == expected
    assert app.last["actions"][0]["type"] == element["type"]


async def test_only_an_offered_option_can_be_picked(
    slack: SlackStandIn, app: App, api: AsyncWebClient
) -> None:
    where = await posted(api, s.accessory(type="overflow", options=s.options(1)) | {"block_id": "row"})
    with pytest.raises(GestureError):
        await slack.gestures.click(ADA.id, where, "row", "pick", "v9")


async def test_a_button_inside_a_container_is_found(
    slack: SlackStandIn, app: App, api: AsyncWebClient
) -> None:
    where = await posted(api, s.container(child_blocks=[ROW]))
    assert (await slack.gestures.click(ADA.id, where, "row", "retry")).ok


async def test_a_click_in_a_modal_carries_the_view_and_what_was_typed(
    slack: SlackStandIn, app: App, api: AsyncWebClient
) -> None:
    view = await shown(slack, app, api, s.modal(FORM, ROW, submit=s.plain(), private_metadata="page=2"))
    slack.gestures.set_state(ADA.id, view.id, "reason", "typed", "because")
    await slack.gestures.click(ADA.id, ViewRef(view.id), "row", "retry")
    heard = app.last
    assert heard["container"] == {"type": "view", "view_id": view.id}
    assert heard["view"]["private_metadata"] == "page=2"
    assert heard["view"]["state"]["values"]["reason"]["typed"]["value"] == "because"
    assert "response_url" not in heard
    assert "channel" not in heard


async def test_an_input_tells_the_app_nothing_unless_it_dispatches(
    slack: SlackStandIn, app: App, api: AsyncWebClient
) -> None:
    loud = s.form(type="plain_text_input") | {"block_id": "loud", "dispatch_action": True}
    view = await shown(slack, app, api, s.modal(FORM, loud, submit=s.plain()))
    with pytest.raises(GestureError):
        await slack.gestures.click(ADA.id, ViewRef(view.id), "reason", "typed", "abc")
    await slack.gestures.click(ADA.id, ViewRef(view.id), "loud", "typed", "abc")
    assert app.last["actions"][0]["value"] == "abc"
    assert app.last["view"]["state"]["values"]["loud"]["typed"]["value"] == "abc"


async def test_a_click_on_the_home_tab_carries_the_view(
    slack: SlackStandIn, app: App, api: AsyncWebClient
) -> None:
    home = await api.views_publish(user_id=ADA.id, view=s.home(ROW))
    await slack.gestures.click(ADA.id, ViewRef(home["view"]["id"]), "row", "retry")
    assert app.last["view"]["type"] == "home"
