"""Selects whose options depend on what is typed: found by the action id of the select."""

import re

from slack_bolt.async_app import AsyncApp

from blocks.actions import Action
from bot.errors import StaleButton
from handlers import lookups, subscription_options
from handlers.boundary import Boundary, Offer
from handlers.gesture import Gesture

_ANY = re.compile(r".*", re.DOTALL)
OFFERS: dict[Action, Offer] = {**lookups.OFFERS, **subscription_options.OFFERS}


def register(app: AsyncApp, boundary: Boundary) -> None:
    app.options(_ANY)(boundary.suggestions(Gesture.of_suggestion, offer))


def offer(gesture: Gesture) -> Offer:
    """Raises StaleButton for a select that no longer exists."""
    try:
        return OFFERS[Action(gesture.pressed.action_id if gesture.pressed else "")]
    except (ValueError, KeyError):
        raise StaleButton("This form is from an older version. Open it again.") from None
