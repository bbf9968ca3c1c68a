"""The ports of bot.ports.delivery, filled by SQL."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from bot.domain.routing import Subscription, Wait
from bot.domain.values import AlertId
from bot.ports.delivery import AlertDelivery, Orphan, Outage, Room, Shown, Told
from bot.store import alert_delivery, alert_messages, alert_routing, channel_rows
from bot.store.database import Database
from bot.store.subscribing import route_anew


@dataclass(slots=True)
class SqlAlerts:
    """`default` is the subscription of a setting, which may have been another before the process started."""

    database: Database
    default: Subscription | None = None
    _has_begun: bool = field(default=False, init=False)

    async def route(self, limit: int) -> bool:
        if not self._has_begun:
            await self.database.write(route_anew)
            self._has_begun = True
        return await self.database.write(alert_routing.route, self.default, limit)

    async def lease_due(
        self, threads: Collection[str], now: dt.datetime, *, until: dt.datetime, room: Room
    ) -> tuple[AlertDelivery, ...]:
        ids = await self.database.write(alert_delivery.lease_due, now, until, room)
        return await self.database.read(alert_delivery.deliveries, ids, threads) if ids else ()

    async def release(self, deliveries: Sequence[AlertDelivery]) -> None:
        if deliveries:
            await self.database.write(alert_messages.release, deliveries)


@dataclass(frozen=True, slots=True)
class SqlAlertMessages:
    database: Database

    async def posting(self, delivery: AlertDelivery, now: dt.datetime) -> bool:
        return await self.database.write(alert_messages.posting, delivery, now)

    async def found(self, delivery: AlertDelivery, ts: str, told: Told) -> None:
        await self.database.write(alert_messages.found, delivery, ts, told)

    async def hold(self, held: Sequence[tuple[AlertDelivery, Wait]]) -> None:
        if held:
            await self.database.write(alert_messages.hold, held)

    async def shown(self, delivery: AlertDelivery, shown: Shown, now: dt.datetime) -> None:
        await self.database.write(alert_messages.shown, delivery, shown, now)

    async def postpone(
        self,
        delivery: AlertDelivery,
        *,
        until: dt.datetime,
        reason: str,
        may_have_arrived: bool,
        now: dt.datetime,
    ) -> None:
        await self.database.write(alert_messages.postpone, delivery, until, reason, may_have_arrived, now)

    async def forget_message(self, delivery: AlertDelivery) -> None:
        await self.database.write(alert_messages.forget_message, delivery)


@dataclass(frozen=True, slots=True)
class SqlClicked:
    database: Database

    async def adopt(self, alert: AlertId, channel: str, ts: str) -> Orphan | None:
        """Mostly it is the very message that is kept up: then nothing is written."""
        if await self.database.read(alert_messages.is_living, alert, channel, ts):
            return None
        return await self.database.write(alert_messages.adopt, alert, channel, ts)


@dataclass(frozen=True, slots=True)
class SqlChannels:
    database: Database

    async def failed(
        self, channel: str, reason: str, *, until: dt.datetime | None, now: dt.datetime
    ) -> Outage:
        return await self.database.write(channel_rows.failed, channel, reason, until, now)

    async def claim_telling(self, channel: str, now: dt.datetime) -> bool:
        return await self.database.write(channel_rows.claim_telling, channel, now)

    async def claim_telling_of_refusal(self, channel: str, now: dt.datetime, *, again: dt.timedelta) -> bool:
        return await self.database.write(channel_rows.claim_telling_of_refusal, channel, now, again)

    async def untold(self, channel: str) -> None:
        await self.database.write(channel_rows.untold, channel)
