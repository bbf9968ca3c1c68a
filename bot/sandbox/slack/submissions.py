"""What a modal does with the app's answer to its submission.

https://docs.slack.dev/surfaces/modals#interactions
"""

from collections.abc import Callable, Mapping

from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.elements import walk
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Json, View
from bot.sandbox.slack.webapi.views import STACK, accepted


def _close(view: View, body: Json, backend: Backend) -> None:
    del body
    backend.world.close_view(view)


def _clear(view: View, body: Json, backend: Backend) -> None:
    del body
    backend.world.clear_views(view.user)


def _update(view: View, body: Json, backend: Backend) -> None:
    backend.world.update_view(view, accepted(body.get("view"), backend, "modal", view))


def _push(view: View, body: Json, backend: Backend) -> None:
    if len(backend.world.views(view.user)) >= STACK:
        raise SlackError("push_limit_reached")
    backend.world.push_view(view.user, accepted(body.get("view"), backend, "modal"))


def _errors(view: View, body: Json, backend: Backend) -> None:
    """Each error belongs to an input block of the view that is shown."""
    del backend
    inputs = {block["block_id"] for block in walk(view.payload["blocks"]) if block["type"] == "input"}
    errors = body.get("errors")
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise SlackError("invalid_arguments", ["errors must name input blocks"])


ANSWERS: Mapping[str | None, Callable[[View, Json, Backend], None]] = {
    None: _close,
    "clear": _clear,
    "update": _update,
    "push": _push,
    "errors": _errors,
}


def apply(view: View, body: Json, backend: Backend) -> str | None:
    """Does what the answer says; gives Slack's word for an answer that it cannot use."""
    named = body.get("response_action")
    answer = ANSWERS.get(named) if named is None or isinstance(named, str) else None
    if answer is None or (body and named is None):
        return "invalid_response_action"
    try:
        answer(view, body, backend)
    except SlackError as error:
        return "; ".join([error.error, *error.messages])
    return None
