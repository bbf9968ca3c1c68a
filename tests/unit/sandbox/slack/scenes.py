"""Cards and modals that the tests of gestures show."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.model import Json, MessageRef, View
from bot.sandbox.slack.roster import ADA, ALERTS
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
