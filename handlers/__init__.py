"""Slack gestures: each module acknowledges, parses, calls one service and renders one card."""

from slack_bolt.async_app import AsyncApp

from handlers import actions, commands, home, lookups, submissions, suggestions
from handlers.boundary import Boundary


def register(app: AsyncApp, boundary: Boundary) -> None:
    """Register every listener there is. Their matchers never overlap: one listener a kind of gesture."""
    for gesture in (commands, actions, lookups, submissions, suggestions, home):
        gesture.register(app, boundary)
