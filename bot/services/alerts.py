"""The reconciler: makes each channel show what the rows say, whatever was lost in between."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

import structlog

from bot.errors import DeliveryFailed, MessageGone
from bot.ports import SLOWEST_CALL, AlertDelivery, Alerts, Clock, Doorbell, Messenger

DELIVERED_AT_ONCE = 50
LEASE = 2 * SLOWEST_CALL
"""What a batch has not begun by half of it, the next sweep does. A crash delays a message by this much."""

BACK_OFF_FIRST = timedelta(seconds=30)
BACK_OFF_LONGEST = timedelta(minutes=10)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pause:
    """Slack asked to leave a channel alone until then."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Reconciler:
    alerts: Alerts
    messenger: Messenger
    channels: tuple[str, ...]
    doorbell: Doorbell
    clock: Clock
    support_contact: str | None = None
    _pauses: dict[str, Pause] = field(init=False, default_factory=dict)

    async def sweep(self) -> None:
        """Post and edit what is due: channels at the same time, the messages of one channel in turn."""
        now = self.clock.now()
        until = now + LEASE
        due = await self.alerts.lease_due(self.channels, now, until=until, limit=DELIVERED_AT_ONCE)
        by_channel = groupby(sorted(due, key=attrgetter("channel")), key=attrgetter("channel"))
        await asyncio.gather(*(self._deliver_all(list(deliveries), until) for _, deliveries in by_channel))
        if len(due) == DELIVERED_AT_ONCE:
            self.doorbell.ring()

    async def _deliver_all(self, deliveries: Sequence[AlertDelivery], lease_ends: datetime) -> None:
        """Deliver in turn. When Slack asks to wait, all that is left waits, instead of asking again each."""
        for position, delivery in enumerate(deliveries):
            pause = self._pauses.get(delivery.channel)
            if pause and self.clock.now() < pause.until:
                await self._wait(deliveries[position:], pause)
                return
            if self.clock.now() + SLOWEST_CALL > lease_ends:
                return
            await self._try(delivery)

    async def _try(self, delivery: AlertDelivery) -> None:
        try:
            await self._deliver(delivery)
        except MessageGone:
            await self.alerts.forget_message(delivery)
        except DeliveryFailed as failure:
            await self._postpone(delivery, failure)
        except Exception:  # noqa: BLE001 - one alert that cannot be drawn must not hold up the others
            _log.exception("alert cannot be shown", alert=delivery.alert)
            await self._postpone(delivery, DeliveryFailed("unexpected error", retry_after=None))

    async def _deliver(self, delivery: AlertDelivery) -> None:
        card = replace(delivery.card, support_contact=self.support_contact)
        digest, ts = self.messenger.digest(card), delivery.ts
        if ts is None and card.cleared_at is None:
            ts = await self.messenger.post_alert(delivery.channel, card)
        elif ts is not None and digest != delivery.shown_digest:
            await self.messenger.edit_alert(delivery.channel, ts, card)
        await self.alerts.shown(delivery, ts=ts, digest=digest, now=self.clock.now())

    async def _postpone(self, delivery: AlertDelivery, failure: DeliveryFailed) -> None:
        log = _log.info if failure.passes else _log.error
        log("alert undelivered", channel=delivery.channel, alert=delivery.alert, reason=failure.reason)
        until = self._again_at(delivery, failure)
        if failure.passes:
            self._pauses[delivery.channel] = Pause(until, failure.reason)
        await self.alerts.postpone(delivery, until=until, reason=failure.reason)

    async def _wait(self, deliveries: Sequence[AlertDelivery], pause: Pause) -> None:
        for delivery in deliveries:
            await self.alerts.postpone(delivery, until=pause.until, reason=pause.reason)

    def _again_at(self, delivery: AlertDelivery, failure: DeliveryFailed) -> datetime:
        """When to try again; what waiting does not mend, somebody may mend."""
        if failure.retry_after is not None:
            return self.clock.now() + timedelta(seconds=failure.retry_after)
        factor = 1 << min(delivery.attempts, 10)
        return self.clock.now() + min(BACK_OFF_FIRST * factor, BACK_OFF_LONGEST)
