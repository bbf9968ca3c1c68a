"""Trigger ids: valid for three seconds, and once.

https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.mint import Mint

LIFE_SECONDS = 3.0


@dataclass
class Trigger:
    """`view_id` is the modal in which the person acted, if it was one."""

    user: str
    view_id: str | None
    made_at: float
    used: bool = False


class Triggers:
    def __init__(self, mint: Mint, clock: Callable[[], float]) -> None:
        self._mint = mint
        self._clock = clock
        self._made: dict[str, Trigger] = {}

    def make(self, user: str, view_id: str | None = None) -> str:
        serial = self._mint.number()
        trigger_id = f"{serial}.{len(self._made) + 1}.{serial:012x}"
        self._made[trigger_id] = Trigger(user, view_id, self._clock())
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """Errors as of https://docs.slack.dev/reference/methods/views.open#errors"""
        trigger = self._made.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock() - trigger.made_at > LIFE_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger
