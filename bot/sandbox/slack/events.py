"""The Events API: what is subscribed is sent, and sent again when it is not acknowledged.

https://docs.slack.dev/apis/events-api/#retries
"""

from dataclasses import dataclass, replace

from bot.sandbox.slack.courier import Courier, settled
from bot.sandbox.slack.model import Delivery, Json
from bot.sandbox.slack.payloads import Payloads, challenge
from bot.sandbox.slack.transport.parcel import Parcel
from bot.sandbox.slack.world import World

# Seconds before the second and the third retry; the first one follows at once.
LATER = (60.0, 300.0)


@dataclass(frozen=True)
class Waiting:
    """An event to be sent again at `at`, on the stand-in's clock."""

    what: str
    parcel: Parcel
    at: float


class Events:
    def __init__(self, world: World, payloads: Payloads, courier: Courier) -> None:
        self._world = world
        self._payloads = payloads
        self._courier = courier
        self._waiting: list[Waiting] = []

    async def publish(self, subscription: str, event: Json) -> Delivery | None:
        """None where the app has not subscribed."""
        app = self._world.app
        if subscription not in app.bot_events:
            return None
        parcel = Parcel("events_api", self._payloads.event(event), app.events_url)
        first = await self._attempt(f"event {event['type']}", parcel)
        return first if first.ok else await self._again(first, parcel)

    async def resend_due(self) -> list[Delivery]:
        """Sends what is due by the clock."""
        now = self._world.clock()
        due = [waiting for waiting in self._waiting if waiting.at <= now]
        self._waiting = [waiting for waiting in self._waiting if waiting.at > now]
        return [await self._resend(waiting.what, waiting.parcel) for waiting in due]

    async def verify_url(self, word: str) -> Delivery:
        """The check that Slack makes when an events URL is saved: the challenge must come back."""
        parcel = Parcel("events_api", challenge(word), self._world.app.events_url)
        delivery = await self._courier.deliver("url_verification", parcel)
        echoed = word in {(delivery.body or {}).get("challenge"), (delivery.body or {}).get("text")}
        return replace(delivery, ok=delivery.ok and echoed)

    async def _again(self, failed: Delivery, parcel: Parcel) -> Delivery:
        reason = "http_timeout" if failed.complaint == "operation_timeout" else "http_error"
        return await self._resend(failed.what, replace(parcel, retry=1, retry_reason=reason))

    async def _resend(self, what: str, parcel: Parcel) -> Delivery:
        delivery = await self._attempt(what, parcel)
        if not delivery.ok and parcel.retry <= len(LATER):
            at = self._world.clock() + LATER[parcel.retry - 1]
            self._waiting.append(Waiting(what, replace(parcel, retry=parcel.retry + 1), at))
        return delivery

    async def _attempt(self, what: str, parcel: Parcel) -> Delivery:
        delivery = await self._courier.deliver(what, parcel)
        self._courier.announce(settled(delivery, "nobody"), None)
        return delivery
