"""Submitting and closing modals, shortcuts, and options that the app offers."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.errors import GestureError
from bot.sandbox.slack.model import Json, ViewRef
from bot.sandbox.slack.roster import ADA, ALERTS, OMAR
from bot.sandbox.slack.server import SlackStandIn
from tests.unit.sandbox.slack.apps import App
from tests.unit.sandbox.slack.scenes import MODAL, ROW, shown
from tests.unit.sandbox.slack.validate import samples as s

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


async def test_items_chosen_over_two_queries_can_be_sent_together(
    slack: SlackStandIn, app: App, api: AsyncWebClient
) -> None:
    several = s.form(type="multi_external_select", min_query_length=2) | {"block_id": "who"}
    view = await shown(slack, app, api, s.modal(several, submit=s.plain()))
    app.answer = lambda heard: {"options": [s.option(len(heard.payload["value"]))]}
    for query in ("ada", "omar"):
        await slack.gestures.options(ADA.id, ViewRef(view.id), "who", "typed", query)
    slack.gestures.set_state(ADA.id, view.id, "who", "typed", ["v3", "v4"])
    assert view.state["who"]["typed"]["selected_options"] == [s.option(3), s.option(4)]


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


async def test_what_an_external_select_began_with_can_be_picked_again(
    slack: SlackStandIn, app: App, api: AsyncWebClient
) -> None:
    several = s.form(type="multi_external_select", initial_options=s.options(2)) | {"block_id": "who"}
    view = await shown(slack, app, api, s.modal(several, submit=s.plain()))
    slack.gestures.set_state(ADA.id, view.id, "who", "typed", ["v1"])
    assert view.state["who"]["typed"]["selected_options"] == [s.option(1)]
    with pytest.raises(GestureError):
        slack.gestures.set_state(ADA.id, view.id, "who", "typed", ["v7"])
