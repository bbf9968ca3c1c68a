"""What the stand-in refuses: a call of the app, or a gesture that no client would allow."""

from collections.abc import Sequence


class SlackError(Exception):
    """A Web API call that Slack answers with `ok: false`. `messages` are its reasons."""

    def __init__(self, error: str, messages: Sequence[str] = (), **extra: str) -> None:
        super().__init__(error)
        self.error = error
        self.messages = list(messages)
        self.extra = extra


class GestureError(Exception):
    """Slack's client would not let the person do that: the button is not there, or not theirs to see."""
