"""Modals that are submitted: an error at its field, or a loading modal that the handler fills."""

import re
from typing import Any

from slack_bolt.async_app import AsyncApp

from blocks import notice
from blocks.actions import Callback
from bot.errors import StaleButton
from handlers import handling, lookups
from handlers.boundary import Boundary, Route
from handlers.forms import Form
from handlers.gesture import Gesture

_ANY = re.compile(r".*", re.DOTALL)
_OLD = "This form is from an older version. Open it again."
FORMS: dict[Callback, Form] = {**lookups.FORMS, **handling.FORMS}


def register(app: AsyncApp, boundary: Boundary) -> None:
    app.view_submission(_ANY)(boundary.listener(Gesture.of_submission, route, acknowledgement))


def route(gesture: Gesture) -> Route:
    """Raises StaleButton for a form that no longer exists."""
    form = _form(gesture)
    if form is None:
        raise StaleButton(_OLD)
    return form.route


def acknowledgement(gesture: Gesture) -> dict[str, Any]:
    """What takes the place of the submitted form at once.

    A form that is not known keeps its place, too, so that there is where to say so.
    """
    form = _form(gesture)
    errors = form.errors(gesture) if form else {}
    if errors:
        return {"response_action": "errors", "errors": errors}
    return {"response_action": "update", "view": notice.loading().view}


def _form(gesture: Gesture) -> Form | None:
    try:
        return FORMS.get(Callback(gesture.callback_id))
    except ValueError:
        return None
