"""Opening, pushing, updating and publishing views."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.model import Json, ViewRef
from bot.sandbox.slack.roster import ADA, ALERTS
from bot.sandbox.slack.server import SlackStandIn
from tests.unit.sandbox.slack.apps import App, Clock
from tests.unit.sandbox.slack.validate import samples as s

PRESS = s.actions(s.button(action_id="next")) | {"block_id": "row"}
FIRST = s.modal(PRESS)


async def trigger(slack: SlackStandIn, app: App) -> str:
    await slack.gestures.command(ADA.id, ALERTS, "/sync")
    return str(app.last["trigger_id"])


async def opened(slack: SlackStandIn, app: App, api: AsyncWebClient, view: Json = FIRST) -> Json:
    answer = await api.views_open(trigger_id=await trigger(slack, app), view=view)
    return dict(answer["view"])


async def error_of(api: AsyncWebClient, method: str, **args: object) -> str:
    with pytest.raises(SlackApiError) as caught:
        await api.api_call(method, json=args)
    return str(caught.value.response["error"])


async def test_a_trigger_opens_one_modal(slack: SlackStandIn, app: App, api: AsyncWebClient) -> None:
    exchanged = await trigger(slack, app)
    view = (await api.views_open(trigger_id=exchanged, view=FIRST))["view"]
    assert [held.id for held in slack.world.views(ADA.id)] == [view["id"]]
    assert view["root_view_id"] == view["id"]
    assert (view["callback_id"], view["private_metadata"], view["previous_view_id"]) == ("", "", None)
    assert await error_of(api, "views.open", trigger_id=exchanged, view=FIRST) == "exchanged_trigger_id"


@pytest.mark.parametrize(("seconds", "error"), [(3.0, None), (3.1, "expired_trigger_id")])
async def test_a_trigger_lives_three_seconds(
    slack: SlackStandIn, app: App, api: AsyncWebClient, clock: Clock, seconds: float, error: str | None
) -> None:
    made = await trigger(slack, app)
    clock.pass_by(seconds)
    if error:
        assert await error_of(api, "views.open", trigger_id=made, view=FIRST) == error
    else:
        await api.views_open(trigger_id=made, view=FIRST)


@pytest.mark.parametrize(
    ("view", "error"),
    [
        (s.modal(title=s.plain(25)), "invalid_arguments"),
        (s.home(), "invalid_arguments"),
        (s.modal(*[s.section(text=s.mrkdwn(3_000))] * 84), "view_too_large"),
        ("text", "invalid_arguments"),
    ],
)
async def test_a_faulty_view_is_refused_and_keeps_the_trigger(
    slack: SlackStandIn, app: App, api: AsyncWebClient, view: object, error: str
) -> None:
    made = await trigger(slack, app)
    assert await error_of(api, "views.open", trigger_id=made, view=view) == error
    await api.views_open(trigger_id=made, view=FIRST)


async def test_an_invented_trigger_is_refused(api: AsyncWebClient) -> None:
    assert await error_of(api, "views.open", trigger_id="1.2.abc", view=FIRST) == "invalid_trigger_id"


async def press(slack: SlackStandIn, app: App) -> str:
    top = slack.world.views(ADA.id)[-1]
    await slack.gestures.click(ADA.id, ViewRef(top.id), "row", "next")
    return str(app.last["trigger_id"])


async def test_three_views_are_stacked_and_no_fourth(
    slack: SlackStandIn, app: App, api: AsyncWebClient
) -> None:
    root = await opened(slack, app, api)
    for _ in range(2):
        await api.views_push(trigger_id=await press(slack, app), view=FIRST)
    stack = slack.world.views(ADA.id)
    assert [view.root_id for view in stack] == [root["id"]] * 3
    assert [view.previous_id for view in stack] == [None, stack[0].id, stack[1].id]
    last = await press(slack, app)
    assert await error_of(api, "views.push", trigger_id=last, view=FIRST) == "push_limit_reached"


async def test_pushing_takes_a_trigger_from_inside_the_modal(
    slack: SlackStandIn, app: App, api: AsyncWebClient
) -> None:
    outside = await trigger(slack, app)
    assert await error_of(api, "views.push", trigger_id=outside, view=FIRST) == "invalid_arguments"
    await opened(slack, app, api)
    inside = await press(slack, app)
    assert await error_of(api, "views.open", trigger_id=inside, view=FIRST) == "invalid_arguments"


async def test_an_update_with_an_old_hash_conflicts(
    slack: SlackStandIn, app: App, api: AsyncWebClient
) -> None:
    view = await opened(slack, app, api)
    renewed = await api.views_update(view_id=view["id"], view=FIRST, hash=view["hash"])
    assert renewed["view"]["hash"] != view["hash"]
    conflict = await error_of(api, "views.update", view_id=view["id"], view=FIRST, hash=view["hash"])
    assert conflict == "hash_conflict"
    assert await error_of(api, "views.update", view_id="V0NONE", view=FIRST) == "not_found"
    assert await error_of(api, "views.update", view=FIRST) == "invalid_arguments"


async def test_an_external_id_names_one_view(slack: SlackStandIn, app: App, api: AsyncWebClient) -> None:
    named = FIRST | {"external_id": "mine"}
    await opened(slack, app, api, named)
    await api.views_update(external_id="mine", view=named)
    second = await press(slack, app)
    assert await error_of(api, "views.push", trigger_id=second, view=named) == "duplicate_external_id"


async def test_what_was_typed_survives_an_update_of_the_same_input(
    slack: SlackStandIn, app: App, api: AsyncWebClient
) -> None:
    form = s.form(type="plain_text_input", initial_value="old") | {"block_id": "reason"}
    view = await opened(slack, app, api, s.modal(form, submit=s.plain()))
    assert view["state"]["values"]["reason"]["typed"]["value"] == "old"
    slack.gestures.set_state(ADA.id, view["id"], "reason", "typed", "new")
    kept = await api.views_update(view_id=view["id"], view=s.modal(s.section(), form, submit=s.plain()))
    assert kept["view"]["state"]["values"]["reason"]["typed"]["value"] == "new"
    renamed = s.modal(form | {"block_id": "other"}, submit=s.plain())
    fresh = await api.views_update(view_id=view["id"], view=renamed)
    assert fresh["view"]["state"]["values"] == {
        "other": {"typed": {"type": "plain_text_input", "value": "old"}}
    }


async def test_a_home_tab_is_published_and_replaced(slack: SlackStandIn, api: AsyncWebClient) -> None:
    first = await api.views_publish(user_id=ADA.id, view=s.home())
    second = await api.views_publish(
        user_id=ADA.id, view=s.home(s.section(), s.section()), hash=first["view"]["hash"]
    )
    assert first["view"]["id"] == second["view"]["id"]
    home = slack.world.home(ADA.id)
    assert home is not None
    assert len(home.payload["blocks"]) == 2
    stale = {"user_id": ADA.id, "view": s.home(), "hash": first["view"]["hash"]}
    assert await error_of(api, "views.publish", **stale) == "hash_conflict"


async def test_a_home_tab_that_is_off_cannot_be_published(slack: SlackStandIn, api: AsyncWebClient) -> None:
    slack.world.manifest["features"]["app_home"]["home_tab_enabled"] = False
    assert await error_of(api, "views.publish", user_id=ADA.id, view=s.home()) == "not_enabled"
