"""The Home tab: drawn whenever somebody opens it, and on a click there."""

from slack_bolt.async_app import AsyncApp

from bot.domain.values import Role
from handlers.answers import Answers
from handlers.boundary import Boundary, Route
from handlers.gesture import Gesture

EVENT = "app_home_opened"


def register(app: AsyncApp, boundary: Boundary) -> None:
    """Slack sends an event again that it thinks lost: the Home is drawn once more, and looks the same."""
    app.event(EVENT)(boundary.listener(Gesture.of_home_opened, lambda _gesture: OPENED))


async def show(answers: Answers) -> None:
    await answers.services.homes.open(answers.gesture.asker)


OPENED = Route(show, Role.VIEWER, "open Home")
