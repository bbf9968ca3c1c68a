"""Modals that are submitted: found by their callback id."""

import re

from slack_bolt.async_app import AsyncApp

from blocks.actions import Callback
from bot.errors import StaleButton
from handlers import handling, lookups, subscribing
from handlers.boundary import Boundary, Route
from handlers.forms import Errors, Form
from handlers.gesture import Gesture

_ANY = re.compile(r".*", re.DOTALL)
_OLD = "This form is from an older version. Open it again."
FORMS: dict[Callback, Form] = {**lookups.FORMS, **handling.FORMS, **subscribing.FORMS}


def register(app: AsyncApp, boundary: Boundary) -> None:
    app.view_submission(_ANY)(boundary.submissions(route, faults))


def route(gesture: Gesture) -> Route:
    """Raises StaleButton for a form that no longer exists."""
    form = _form(gesture)
    if form is None:
        raise StaleButton(_OLD)
    return form.route


def faults(gesture: Gesture) -> Errors:
    """A form that is not known has none: its route says so."""
    form = _form(gesture)
    return form.errors(gesture) if form else {}


def _form(gesture: Gesture) -> Form | None:
    try:
        return FORMS.get(Callback(gesture.callback_id))
    except ValueError:
        return None
