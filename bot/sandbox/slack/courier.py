"""Carries a parcel to the app, times the answer, and says what Slack would tell the person."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from bot.sandbox.slack.model import Delivery, Json
from bot.sandbox.slack.transport.parcel import Parcel, Reply, Transport
from bot.sandbox.slack.world import World

Audience = Literal["command", "action", "submission", "shortcut", "options", "nobody"]

# What the client shows, by what the person did; {error} is Slack's word for the failure.
COMPLAINTS: Mapping[Audience, str] = {
    "command": '{what} failed with the error "{error}"',
    "submission": "We had some trouble connecting. Try again? ({error})",
    "shortcut": "The shortcut failed with the error {error}",
    "options": "No result ({error})",
}
ON_CLICK: Mapping[str, str] = {
    "operation_timeout": "Operation timed out. Apps need to respond within 3 seconds.",
    "app_not_responding": "This app is not responding.",
    "dispatch_failed": "This app cannot be reached.",
}


class Courier:
    """`stopwatch` measures real seconds; `ack_seconds` is how long Slack waits (three)."""

    def __init__(
        self, world: World, transport: Transport, stopwatch: Callable[[], float], ack_seconds: float
    ) -> None:
        self._world = world
        self._transport = transport
        self._stopwatch = stopwatch
        self._ack_seconds = ack_seconds

    async def carry(self, parcel: Parcel) -> tuple[Reply, float]:
        started = self._stopwatch()
        reply = await self._transport.send(parcel, self._ack_seconds)
        return reply, self._stopwatch() - started

    async def deliver(self, what: str, parcel: Parcel) -> Delivery:
        """How it went as far as the transport knows; not announced yet."""
        reply, seconds = await self.carry(parcel)
        return Delivery(what, reply.ok, seconds, reply.status, reply.body or None, _error(reply))

    def announce(self, delivery: Delivery, user: str | None) -> Delivery:
        self._world.announce_delivery(delivery, user)
        return delivery


def _error(reply: Reply) -> str | None:
    return f"http_status_{reply.status}" if reply.failure == "http_status" else reply.failure


def complaint(audience: Audience, what: str, error: str) -> str | None:
    if audience == "action":
        return ON_CLICK.get(error, f"This app responded with {error}.")
    sentence = COMPLAINTS.get(audience)
    word = "dispatch_failed" if audience == "command" and error.startswith("http_status") else error
    return sentence.format(what=what.split(maxsplit=1)[0], error=word) if sentence else None


def settled(delivery: Delivery, audience: Audience, error: str | None = None) -> Delivery:
    """The delivery with the sentence for the person, where there is something to complain about."""
    word = error or delivery.complaint
    fields: dict[str, Any] = vars(delivery) | {"ok": word is None, "complaint": None}
    if word:
        fields["complaint"] = complaint(audience, delivery.what, word)
    return Delivery(**fields)


def body_of(delivery: Delivery) -> Json:
    return delivery.body or {}
