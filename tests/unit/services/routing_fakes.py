"""Subscriptions and mutes that are kept in memory, and what they may name."""
# ruff: noqa: ARG002 - the signatures are the ports'

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.routing import Mute, Subscription
from bot.domain.wishes import MuteKind
from bot.errors import DeliveryFailed
from bot.views.routing import Named, SubscriptionView

GOLD, SILVER = Named("7", "gold", "Gold"), Named("8", "silver", "Silver plus")
ADA = Named("3", "m1", "ada@org.example")


@dataclass
class KeptSubscriptions:
    """As the real ones, but for the setting's, which is among them from the beginning."""

    kept: dict[str, Subscription] = field(default_factory=lambda: {"C0ALERTS": Subscription("C0ALERTS")})

    async def all(self) -> tuple[Subscription, ...]:
        return tuple(self.kept[channel] for channel in sorted(self.kept))

    async def of(self, channel: str) -> Subscription | None:
        return self.kept.get(channel)

    async def save(self, subscription: Subscription, *, by: str, now: datetime) -> None:
        self.kept[subscription.channel] = subscription

    async def remove(self, channel: str, *, by: str, now: datetime) -> bool:
        found = self.kept.get(channel)
        return bool(found and found.by) and bool(self.kept.pop(channel))


@dataclass
class KeptMutes:
    kept: dict[tuple[MuteKind, str], Mute] = field(default_factory=dict)

    async def live(self, now: datetime) -> tuple[Mute, ...]:
        return tuple(each for each in self.kept.values() if each.until is None or each.until > now)

    async def add(self, mute: Mute) -> None:
        self.kept[mute.kind, mute.key] = mute

    async def remove(self, kind: MuteKind, key: str, *, by: str, now: datetime) -> bool:
        return self.kept.pop((kind, key), None) is not None


@dataclass
class FakeVocabulary:
    known: tuple[Named, ...] = (GOLD, SILVER)
    boxes: tuple[Named, ...] = (ADA,)

    async def policies(self) -> tuple[Named, ...]:
        return self.known

    async def domains(self) -> tuple[str, ...]:
        return tuple(sorted({each.name.partition("@")[2] for each in self.boxes}))

    async def mailboxes(self, keys: Collection[str]) -> tuple[Named, ...]:
        return tuple(each for each in self.boxes if each.key in keys)

    async def mailboxes_of(self, ids: Collection[str]) -> tuple[Named, ...]:
        return tuple(each for each in self.boxes if each.id in ids)


@dataclass
class FakeAnnouncer:
    """`trouble` is met by every word."""

    announced: list[SubscriptionView] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    trouble: DeliveryFailed | None = None

    async def announce(self, wanted: SubscriptionView) -> None:
        if self.trouble:
            raise self.trouble
        self.announced.append(wanted)

    async def withdraw(self, channel: str, by: str) -> None:
        if self.trouble:
            raise self.trouble
        self.withdrawn.append(channel)
