"""The methods `views.*`.

https://docs.slack.dev/surfaces/modals
"""

import json

from bot.sandbox.slack import shapes
from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.identify import identified
from bot.sandbox.slack.model import Json, View
from bot.sandbox.slack.triggers import Trigger
from bot.sandbox.slack.validate import check_view
from bot.sandbox.slack.webapi.call import Call
from bot.sandbox.slack.world import World

STACK = 3
VIEW_BYTES = 250_000


def accepted(payload: object, backend: Backend, kind: str, known: View | None = None) -> Json:
    """The view with its ids filled in, or the error that Slack answers."""
    if not isinstance(payload, dict):
        raise SlackError("invalid_arguments", ["missing required field: view"])
    if len(json.dumps(payload).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    faults = [str(fault) for fault in check_view(payload)]
    if payload.get("type") != kind:
        faults.append(f"must be of type {kind} [json-pointer:/view/type]")
    if faults:
        raise SlackError("invalid_arguments", faults)
    _refuse_taken(payload.get("external_id"), backend.world, known)
    return payload | {"blocks": identified(payload["blocks"], backend.world.mint)}


def _refuse_taken(external_id: str | None, world: World, known: View | None) -> None:
    holder = world.view_by_external_id(external_id) if external_id else None
    if holder is not None and holder is not known:
        raise SlackError("duplicate_external_id")


def _answer(view: View, world: World) -> Json:
    return {"view": shapes.view(view, world)}


def _trigger(call: Call) -> Trigger:
    return call.backend.triggers.exchange(call.required("trigger_id"))


def open_(call: Call) -> Json:
    """Opening from inside an open modal is documented nowhere, and refused; `views.push` is for that."""
    payload = accepted(call.structured("view"), call.backend, "modal")
    trigger = _trigger(call)
    if trigger.view_id and call.world.views(trigger.user):
        raise SlackError("invalid_arguments", ["a modal is open: use views.push"])
    return _answer(call.world.open_view(trigger.user, payload), call.world)


def push(call: Call) -> Json:
    """Only from inside an open modal: https://docs.slack.dev/surfaces/modals#pushing_a_new_view"""
    payload = accepted(call.structured("view"), call.backend, "modal")
    trigger = _trigger(call)
    stack = call.world.views(trigger.user)
    if not trigger.view_id or not stack:
        raise SlackError("invalid_arguments", ["the trigger_id comes from no open modal"])
    if len(stack) >= STACK:
        raise SlackError("push_limit_reached")
    return _answer(call.world.push_view(trigger.user, payload), call.world)


def _named(call: Call) -> View:
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        raise SlackError("invalid_arguments", ["missing required field: view_id"])
    found = call.world.view(view_id) if view_id else call.world.view_by_external_id(str(external_id))
    if found is None:
        raise SlackError("not_found")
    return found


def _check_hash(call: Call, view: View | None) -> None:
    given = call.text("hash")
    if given and (view is None or given != view.hash):
        raise SlackError("hash_conflict")


def update(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/views.update"""
    view = _named(call)
    payload = accepted(call.structured("view"), call.backend, view.type, view)
    _check_hash(call, view)
    call.world.update_view(view, payload)
    return _answer(view, call.world)


def publish(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/views.publish"""
    person = call.required("user_id")
    if not call.world.app.home_tab:
        raise SlackError("not_enabled")
    if person not in call.world.users:
        raise SlackError("invalid_arguments", ["no such user [json-pointer:/user_id]"])
    view = call.world.home(person)
    payload = accepted(call.structured("view"), call.backend, "home", view)
    _check_hash(call, view)
    return _answer(call.world.publish_home(person, payload), call.world)
