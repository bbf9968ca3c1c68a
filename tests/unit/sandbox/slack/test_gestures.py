"""What people do, what the app hears of it, and what becomes of its answer."""

from collections.abc import Callable

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.errors import GestureError
from bot.sandbox.slack.model import Json, MessageRef, View, ViewRef
from bot.sandbox.slack.roster import ADA, ALERTS, GENERAL, IT_OPS, NILS, OLGA, OMAR
from bot.sandbox.slack.server import SlackStandIn
from tests.unit.sandbox.slack.apps import App
from tests.unit.sandbox.slack.validate import samples as s

ROW = s.actions(s.button(action_id="retry", value="7")) | {"block_id": "row"}
FORM = s.form(type="plain_text_input", min_length=3) | {"block_id": "reason"}
MODAL = s.modal(FORM, submit=s.plain(), private_metadata="page=2", callback_id="dismiss")


async def posted(api: AsyncWebClient, *blocks: Json) -> MessageRef:
    answer = await api.chat_postMessage(channel=ALERTS, text="Failed", blocks=list(blocks))
    return MessageRef(ALERTS, answer["ts"])


async def shown(slack: SlackStandIn, app: App, api: AsyncWebClient, view: Json = MODAL) -> View:
    await slack.gestures.global_shortcut(ADA.id, "find")
    await api.views_open(trigger_id=app.last["trigger_id"], view=view)
    return slack.world.views(ADA.id)[-1]


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


async def test_an_escaping_command_marks_people_and_channels_up(slack: SlackStandIn, app: App) -> None:
    await slack.gestures.command(ADA.id, ALERTS, "/who @omar #it-ops a@b.example @ghost")
    assert app.last["text"] == f"<@{OMAR.id}|omar> <#{IT_OPS}|it-ops> a@b.example @ghost"


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
    ("talking from outside the channel", lambda s: s.gestures.say(NILS.id, ALERTS, "hello")),
]


@pytest.mark.parametrize("gesture", [row[1] for row in IMPOSSIBLE], ids=[row[0] for row in IMPOSSIBLE])
async def test_impossible_gestures_are_refused(slack: SlackStandIn, app: App, gesture: Gesture) -> None:
    with pytest.raises(GestureError):
        await gesture(slack)  # type: ignore[misc]
    assert app.heard == []


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


# Modals


async def test_a_submission_carries_the_values_and_closes_the_modal(
    slack: SlackStandIn, app: App, api: AsyncWebClient
) -> None:
    view = await shown(slack, app, api)
    delivery = await slack.gestures.submit_view(ADA.id, view.id, {"reason": {"typed": "duplicate"}})
    heard = app.last
    assert delivery.ok
    assert (heard["type"], heard["view"]["callback_id"]) == ("view_submission", "dismiss")
    assert heard["view"]["state"]["values"] == {
        "reason": {"typed": {"type": "plain_text_input", "value": "duplicate"}}
    }
    assert heard["response_urls"] == []
    assert slack.world.views(ADA.id) == []


@pytest.mark.parametrize("typed", ["", "ab"])
async def test_an_incomplete_form_is_not_submitted(
    slack: SlackStandIn, app: App, api: AsyncWebClient, typed: str
) -> None:
    view = await shown(slack, app, api)
    before = len(app.heard)
    with pytest.raises(GestureError, match="reason"):
        await slack.gestures.submit_view(ADA.id, view.id, {"reason": {"typed": typed}})
    assert len(app.heard) == before


OTHER = s.modal(s.section(), title=s.plain(7))
RESPONSES: list[tuple[Json, list[int], bool]] = [
    ({"response_action": "update", "view": OTHER}, [7], True),
    ({"response_action": "push", "view": OTHER}, [4, 7], True),
    ({"response_action": "clear"}, [], True),
    ({"response_action": "errors", "errors": {"reason": "Too short"}}, [4], True),
    ({"response_action": "errors", "errors": {"other": "Too short"}}, [4], False),
    ({"response_action": "errors", "errors": {}}, [4], False),
    ({"response_action": "update", "view": s.home()}, [4], False),
    ({"response_action": "update"}, [4], False),
    ({"response_action": "explode"}, [4], False),
    ({"text": "thanks"}, [4], False),
]


@pytest.mark.parametrize(("body", "titles", "ok"), RESPONSES)
async def test_the_answer_to_a_submission_decides_what_is_shown(
    slack: SlackStandIn, app: App, api: AsyncWebClient, body: Json, titles: list[int], *, ok: bool
) -> None:
    view = await shown(slack, app, api)
    app.answer = lambda heard: body if heard.payload["type"] == "view_submission" else None
    delivery = await slack.gestures.submit_view(ADA.id, view.id, {"reason": {"typed": "why not"}})
    assert [len(held.payload["title"]["text"]) for held in slack.world.views(ADA.id)] == titles
    assert delivery.ok is ok
    assert (delivery.complaint is None) is ok


async def test_only_a_modal_that_asked_for_it_reports_its_closing(
    slack: SlackStandIn, app: App, api: AsyncWebClient
) -> None:
    quiet = await shown(slack, app, api)
    assert await slack.gestures.close_view(ADA.id, quiet.id) is None
    loud = await shown(slack, app, api, MODAL | {"notify_on_close": True})
    assert await slack.gestures.close_view(ADA.id, loud.id, clear=True) is not None
    assert (app.last["type"], app.last["is_cleared"]) == ("view_closed", True)
    assert "trigger_id" not in app.last
    assert slack.world.views(ADA.id) == []


async def test_what_lies_under_another_view_cannot_be_reached(
    slack: SlackStandIn, app: App, api: AsyncWebClient
) -> None:
    root = await shown(slack, app, api, s.modal(ROW))
    await slack.gestures.click(ADA.id, ViewRef(root.id), "row", "retry")
    await api.views_push(trigger_id=app.last["trigger_id"], view=OTHER)
    with pytest.raises(GestureError):
        await slack.gestures.click(ADA.id, ViewRef(root.id), "row", "retry")


# Shortcuts and options


async def test_a_message_shortcut_carries_the_message(slack: SlackStandIn, app: App) -> None:
    said = await slack.gestures.say(OMAR.id, ALERTS, "what about a@b.example?")
    await slack.gestures.message_shortcut(ADA.id, ALERTS, said.ts, "check")
    heard = app.last
    assert (heard["type"], heard["callback_id"], heard["message_ts"]) == ("message_action", "check", said.ts)
    assert heard["message"]["user"] == OMAR.id
    assert {"trigger_id", "response_url", "action_ts", "channel"} <= set(heard)


async def test_a_global_shortcut_knows_no_channel(slack: SlackStandIn, app: App) -> None:
    await slack.gestures.global_shortcut(ADA.id, "find")
    assert (app.last["type"], app.last["callback_id"]) == ("shortcut", "find")
    assert not {"channel", "response_url"} & set(app.last)


EXTERNAL = s.form(type="external_select", min_query_length=2) | {"block_id": "who"}


async def test_options_are_asked_for_and_can_then_be_picked(
    slack: SlackStandIn, app: App, api: AsyncWebClient
) -> None:
    view = await shown(slack, app, api, s.modal(EXTERNAL, submit=s.plain()))
    app.answer = lambda _: {"options": s.options(2)}
    rows, delivery = await slack.gestures.options(ADA.id, ViewRef(view.id), "who", "typed", "ada")
    assert (rows, delivery.ok) == (s.options(2), True)
    assert (app.last["type"], app.last["value"]) == ("block_suggestion", "ada")
    slack.gestures.set_state(ADA.id, view.id, "who", "typed", "v1")
    assert view.state["who"]["typed"]["selected_option"] == s.option(1)
    with pytest.raises(GestureError):
        await slack.gestures.options(ADA.id, ViewRef(view.id), "who", "typed", "a")


@pytest.mark.parametrize(
    "body", [{}, {"options": s.options(101)}, {"options": [{"text": s.mrkdwn(), "value": "v"}]}]
)
async def test_an_invalid_offer_is_no_offer(
    slack: SlackStandIn, app: App, api: AsyncWebClient, body: Json
) -> None:
    view = await shown(slack, app, api, s.modal(EXTERNAL, submit=s.plain()))
    app.answer = lambda _: body
    rows, delivery = await slack.gestures.options(ADA.id, ViewRef(view.id), "who", "typed", "ada")
    assert (rows, delivery.ok) == ([], False)
