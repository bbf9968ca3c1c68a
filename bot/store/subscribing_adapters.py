"""The ports Subscriptions and Mutes, filled by SQL."""

import datetime as dt
from dataclasses import dataclass

from bot.domain.routing import Mute, Subscription
from bot.domain.wishes import MuteKind
from bot.store import subscribing
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class SqlSubscriptions:
    """`default` is that of a setting."""

    database: Database
    default: Subscription | None = None

    async def all(self) -> tuple[Subscription, ...]:
        return await self.database.read(subscribing.subscriptions, self.default)

    async def of(self, channel: str) -> Subscription | None:
        return next((found for found in await self.all() if found.channel == channel), None)

    async def save(self, subscription: Subscription, *, by: str, now: dt.datetime) -> None:
        await self.database.write(subscribing.save, subscription, by, now)

    async def remove(self, channel: str, *, by: str, now: dt.datetime) -> bool:
        return await self.database.write(subscribing.remove, channel, by, now)


@dataclass(frozen=True, slots=True)
class SqlMutes:
    database: Database

    async def live(self, now: dt.datetime) -> tuple[Mute, ...]:
        return await self.database.read(subscribing.mutes, now)

    async def add(self, mute: Mute) -> None:
        await self.database.write(subscribing.add_mute, mute)

    async def remove(self, kind: MuteKind, key: str, *, by: str, now: dt.datetime) -> bool:
        return await self.database.write(subscribing.remove_mute, kind, key, by, now)
