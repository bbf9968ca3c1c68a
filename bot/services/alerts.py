"""The reconciler: makes each channel show what the rows say, whatever was lost in between."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

import structlog

from bot.errors import DeliveryFailed, MessageGone
from bot.ports import AlertDelivery, Alerts, Clock, Doorbell, Messenger

DELIVERED_AT_ONCE = 50
LEASE = timedelta(seconds=60)
"""Longer than one batch of Slack calls may take; a crash in between delays a message by this much."""

BACK_OFF_FIRST = timedelta(seconds=30)
BACK_OFF_LONGEST = timedelta(minutes=10)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reconciler:
    alerts: Alerts
    messenger: Messenger
    channels: tuple[str, ...]
    doorbell: Doorbell
    clock: Clock

    async def sweep(self) -> None:
        """Post and edit what is due: channels at the same time, the messages of one channel in turn."""
        now = self.clock.now()
        due = await self.alerts.lease_due(self.channels, now, until=now + LEASE, limit=DELIVERED_AT_ONCE)
        by_channel = groupby(sorted(due, key=attrgetter("channel")), key=attrgetter("channel"))
        await asyncio.gather(*(self._deliver_all(list(deliveries)) for _, deliveries in by_channel))
        if len(due) == DELIVERED_AT_ONCE:
            self.doorbell.ring()

    async def _deliver_all(self, deliveries: Sequence[AlertDelivery]) -> None:
        """Deliver in turn. When Slack asks to wait, all that is left waits, instead of asking again each."""
        for position, delivery in enumerate(deliveries):
            try:
                await self._deliver(delivery)
            except MessageGone:
                await self.alerts.forget_message(delivery)
            except DeliveryFailed as failure:
                waiting = deliveries[position:] if failure.retry_after else [delivery]
                await self._postpone(waiting, failure)
                if failure.retry_after:
                    return
            except Exception:  # noqa: BLE001 - one alert that cannot be drawn must not hold up the others
                _log.exception("alert cannot be shown", alert=delivery.alert)
                await self._postpone([delivery], DeliveryFailed("unexpected error", retry_after=None))

    async def _deliver(self, delivery: AlertDelivery) -> None:
        digest = self.messenger.digest(delivery.card)
        ts = delivery.ts
        if ts is None and delivery.card.cleared_at is None:
            ts = await self.messenger.post_alert(delivery.channel, delivery.card)
        elif ts is not None and digest != delivery.shown_digest:
            await self.messenger.edit_alert(delivery.channel, ts, delivery.card)
        await self.alerts.shown(delivery, ts=ts, digest=digest, now=self.clock.now())

    async def _postpone(self, deliveries: Sequence[AlertDelivery], failure: DeliveryFailed) -> None:
        log = _log.info if failure.retry_after else _log.error
        log("alerts undelivered", channel=deliveries[0].channel, reason=failure.reason, count=len(deliveries))
        for delivery in deliveries:
            until = self._again_at(delivery, failure)
            await self.alerts.postpone(delivery, until=until, reason=failure.reason)

    def _again_at(self, delivery: AlertDelivery, failure: DeliveryFailed) -> datetime:
        """When to try again; what waiting does not mend, somebody may mend."""
        if failure.retry_after:
            return self.clock.now() + timedelta(seconds=failure.retry_after)
        factor = 1 << min(delivery.attempts, 10)
        return self.clock.now() + min(BACK_OFF_FIRST * factor, BACK_OFF_LONGEST)
