"""The reconciler: makes each channel show what the rows say, whatever was lost in between."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

import structlog

from bot.domain.delivering import FIRST_PAUSE, LONGEST_PAUSE, is_dead
from bot.domain.routing import Subscription
from bot.domain.wishes import Mode
from bot.errors import DeliveryFailed, MessageGone
from bot.ports import SLOWEST_CALL, Clock, Doorbell
from bot.ports.alerts import Mutes, Subscriptions
from bot.ports.delivery import AlertDelivery, Alerts, Channels, Outage, Room
from bot.services.delivering import Deliverer, Wishes
from bot.services.undelivered import Alarm

ROUTED_AT_ONCE = 500
LOOKED_AT_ONCE = 50
"""Posts of each channel that are looked at after some had to wait: mostly there are more of that kind."""

LEASE = 4 * SLOWEST_CALL
"""What a batch has not begun a slowest delivery before its end, the next sweep does. A crash delays a message
by this much.
"""

REFUSED_OFTEN = 3
"""After so many attempts in vain the admins are told of a message."""

SLOWEST_DELIVERY = 2 * SLOWEST_CALL
"""It is looked for and posted, or edited and told in its thread."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reconciler:
    alerts: Alerts
    channels: Channels
    subscriptions: Subscriptions
    mutes: Mutes
    deliverer: Deliverer
    alarm: Alarm
    doorbell: Doorbell
    clock: Clock
    _holding: set[str] = field(default_factory=set, init=False)
    """Channels of which the last sweep left something for later."""

    async def sweep(self) -> None:
        """Post and edit what is due: channels at the same time, the messages of one channel in turn."""
        has_more = await self.alerts.route(ROUTED_AT_ONCE)
        wanted = {each.channel: each for each in await self.subscriptions.all()}
        now = self.clock.now()
        until = now + LEASE
        due = await self.alerts.lease_due(_threads(wanted.values()), now, until=until, room=self._room(now))
        mutes = await self.mutes.live(now) if due else ()
        self._holding.clear()
        by_channel = groupby(sorted(due, key=attrgetter("channel")), key=attrgetter("channel"))
        turns = (
            self._deliver_all(list(deliveries), Wishes(wanted.get(channel), mutes), until)
            for channel, deliveries in by_channel
        )
        if any(await asyncio.gather(*turns)) or has_more:
            self.doorbell.ring()

    def _room(self, now: datetime) -> Room:
        """What waits costs Slack nothing, and is known only when it is looked at."""
        room = self.deliverer.pace.room(now)
        return replace(room, posts=LOOKED_AT_ONCE) if self._holding else room

    async def _deliver_all(
        self, deliveries: Sequence[AlertDelivery], wishes: Wishes, lease_ends: datetime
    ) -> bool:
        """Whether anything was done. When the channel takes nothing, all that is left waits for it."""
        held = [(each, wait) for each in deliveries if (wait := self.deliverer.held(each, wishes))]
        await self.deliverer.messages.hold(held)
        self._holding.update(each.channel for each, _ in held)
        waiting = {each.id for each, _ in held}
        left = [each for each in deliveries if each.id not in waiting]
        return await self._deliver_in_turn(left, wishes, lease_ends) or bool(held)

    async def _deliver_in_turn(
        self, deliveries: Sequence[AlertDelivery], wishes: Wishes, lease_ends: datetime
    ) -> bool:
        done = 0
        for delivery in deliveries:
            if self.clock.now() + SLOWEST_DELIVERY > lease_ends or not await self._try(delivery, wishes):
                break
            done += 1
        await self.alerts.release(deliveries[done:])
        return done > 0

    async def _try(self, delivery: AlertDelivery, wishes: Wishes) -> bool:
        """False where the channel takes nothing more for now."""
        try:
            return await self.deliverer.deliver(delivery, wishes)
        except MessageGone:
            await self.deliverer.messages.forget_message(delivery)
        except DeliveryFailed as failure:
            return await self._not_delivered(delivery, failure)
        except Exception:  # noqa: BLE001 - one alert that cannot be drawn must not hold up the others
            _log.exception("alert cannot be shown", alert=delivery.alert)
            await self._refused(delivery, DeliveryFailed("unexpected error", retry_after=None))
        return True

    async def _not_delivered(self, delivery: AlertDelivery, failure: DeliveryFailed) -> bool:
        log = _log.info if failure.passes else _log.error
        log("alert undelivered", channel=delivery.channel, alert=delivery.alert, reason=failure.reason)
        if not failure.passes and not is_dead(failure.reason):
            await self._refused(delivery, failure)
            return True
        now = self.clock.now()
        until = now + timedelta(seconds=failure.retry_after) if failure.retry_after is not None else None
        outage = await self.channels.failed(delivery.channel, failure.reason, until=until, now=now)
        await self._postpone(delivery, failure, now)
        if not failure.passes:
            await self.alarm.raise_over(outage)
        return False

    async def _refused(self, delivery: AlertDelivery, failure: DeliveryFailed) -> None:
        """One message, and not the channel. Once may be a whim of Slack's; an admin learns of more."""
        await self._postpone(delivery, failure)
        if delivery.attempts + 1 >= REFUSED_OFTEN:
            now = self.clock.now()
            outage = Outage(delivery.channel, failure.reason, now, now, None, is_whole=False)
            await self.alarm.raise_over_refusal(outage)

    async def _postpone(
        self, delivery: AlertDelivery, failure: DeliveryFailed, until: datetime | None = None
    ) -> None:
        """What waiting does not mend, somebody may mend: it is tried again later and later."""
        factor, now = 1 << min(delivery.attempts, 10), self.clock.now()
        await self.deliverer.messages.postpone(
            delivery,
            until=until or now + min(FIRST_PAUSE * factor, LONGEST_PAUSE),
            reason=failure.reason,
            may_have_arrived=failure.may_have_arrived,
            now=now,
        )


def _threads(wanted: Iterable[Subscription]) -> list[str]:
    return [each.channel for each in wanted if each.mode is Mode.THREAD]
