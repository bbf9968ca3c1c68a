"""Fakes of the ports that have to do with what channels are told."""
# ruff: noqa: ARG002 - the signatures are the ports'

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.routing import Mute, Subscription, Wait
from bot.domain.values import AlertId
from bot.domain.wishes import MuteKind
from bot.ports import Watch
from bot.ports.delivery import AlertDelivery, Orphan, Outage, Room, Shown, Told
from bot.views import CardModel, ChannelCard, IncidentRetried
from tests.unit.services.fakes import ADMIN


@dataclass
class FakeAlerts:
    """`due` is what the next sweep is given; `more` whether there is more to route."""

    due: tuple[AlertDelivery, ...] = ()
    more: bool = False
    released: list[int] = field(default_factory=list)
    threads: list[Collection[str]] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)

    async def route(self, limit: int) -> bool:
        return self.more

    async def lease_due(
        self, threads: Collection[str], now: datetime, *, until: datetime, room: Room
    ) -> tuple[AlertDelivery, ...]:
        self.threads.append(threads)
        self.rooms.append(room)
        return self.due

    async def release(self, deliveries: Sequence[AlertDelivery]) -> None:
        self.released += [delivery.id for delivery in deliveries]


@dataclass
class FakeAlertMessages:
    """What became of each. `lost` are those whose lease somebody else has by now."""

    shown_as: dict[int, Shown] = field(default_factory=dict)
    found_at: dict[int, tuple[str, Told]] = field(default_factory=dict)
    held: dict[int, Wait] = field(default_factory=dict)
    postponed: dict[int, tuple[datetime, str]] = field(default_factory=dict)
    unsure: list[int] = field(default_factory=list)
    forgotten: list[int] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)

    async def posting(self, delivery: AlertDelivery, now: datetime) -> bool:
        return delivery.id not in self.lost

    async def found(self, delivery: AlertDelivery, ts: str, told: Told) -> None:
        self.found_at[delivery.id] = ts, told

    async def hold(self, held: Sequence[tuple[AlertDelivery, Wait]]) -> None:
        self.held |= {delivery.id: wait for delivery, wait in held}

    async def shown(self, delivery: AlertDelivery, shown: Shown, now: datetime) -> None:
        self.shown_as[delivery.id] = shown

    async def postpone(
        self, delivery: AlertDelivery, *, until: datetime, reason: str, may_have_arrived: bool, now: datetime
    ) -> None:
        self.postponed[delivery.id] = (until, reason)
        self.unsure += [delivery.id] if may_have_arrived else []

    async def forget_message(self, delivery: AlertDelivery) -> None:
        self.forgotten.append(delivery.id)

    @property
    def shown_ts(self) -> dict[int, str | None]:
        return {number: shown.ts for number, shown in self.shown_as.items()}


@dataclass
class FakeChannels:
    """Pauses of 30 s. Whoever claims first tells."""

    outages: list[Outage] = field(default_factory=list)
    told: set[str] = field(default_factory=set)

    async def failed(self, channel: str, reason: str, *, until: datetime | None, now: datetime) -> Outage:
        told_at = now if channel in self.told else None
        outage = Outage(channel, reason, now, until or now + timedelta(seconds=30), told_at)
        self.outages.append(outage)
        return outage

    async def claim_telling(self, channel: str, now: datetime) -> bool:
        is_first = channel not in self.told
        self.told.add(channel)
        return is_first

    async def claim_telling_of_refusal(self, channel: str, now: datetime, *, again: timedelta) -> bool:
        return await self.claim_telling(channel, now)

    async def untold(self, channel: str) -> None:
        self.told.discard(channel)


@dataclass
class FakeLetters:
    """`found` is the message that a search in any channel comes upon."""

    found: str | None = None
    trouble: dict[str, Exception] = field(default_factory=dict)
    told: list[tuple[str, Outage]] = field(default_factory=list)
    replies: list[tuple[str, int]] = field(default_factory=list)
    pointed: list[Orphan] = field(default_factory=list)

    async def find_alert(self, channel: str, alert: AlertId, since: datetime) -> str | None:
        return self.found

    async def reply_alert(self, channel: str, ts: str, card: ChannelCard, new: int) -> None:
        self.replies.append((ts, new))

    async def tell(self, user: str, outage: Outage) -> None:
        if user in self.trouble:
            raise self.trouble[user]
        self.told.append((user, outage))

    async def point_to_living(self, orphan: Orphan) -> None:
        if orphan.channel in self.trouble:
            raise self.trouble[orphan.channel]
        self.pointed.append(orphan)


@dataclass
class FakeClicked:
    """`orphan` is what any click comes upon."""

    orphan: Orphan | None = None
    clicks: list[tuple[AlertId, str, str]] = field(default_factory=list)

    async def adopt(self, alert: AlertId, channel: str, ts: str) -> Orphan | None:
        self.clicks.append((alert, channel, ts))
        return self.orphan


@dataclass
class FakeAdmins:
    users: frozenset[str] = frozenset({ADMIN})

    async def people(self) -> Collection[str]:
        return self.users


@dataclass
class FakeSubscriptions:
    known: tuple[Subscription, ...] = ()

    async def all(self) -> tuple[Subscription, ...]:
        return self.known

    async def of(self, channel: str) -> Subscription | None:
        return next((each for each in self.known if each.channel == channel), None)

    async def save(self, subscription: Subscription, *, by: str, now: datetime) -> None:
        others = tuple(each for each in self.known if each.channel != subscription.channel)
        self.known = (*others, replace(subscription, by=by))

    async def remove(self, channel: str, *, by: str, now: datetime) -> bool:
        before = self.known
        self.known = tuple(each for each in before if each.channel != channel)
        return self.known != before


@dataclass
class FakeMutes:
    known: tuple[Mute, ...] = ()

    async def live(self, now: datetime) -> tuple[Mute, ...]:
        return self.known

    async def add(self, mute: Mute) -> None:
        self.known = (mute, *self.known)

    async def remove(self, kind: MuteKind, key: str, *, by: str, now: datetime) -> bool:
        before = self.known
        self.known = tuple(each for each in before if (each.kind, each.key) != (kind, key))
        return self.known != before


@dataclass
class FakeIncidents:
    """`claimed` is what a claim gives, and `opens` and `differs` what the next sweeps find."""

    claimed: IncidentRetried | None = None
    opens: bool = False
    differs: bool = False
    newest_failure: int = 7
    gathered: list[int | None] = field(default_factory=list)
    counted: list[datetime] = field(default_factory=list)
    claims: list[tuple[AlertId, str]] = field(default_factory=list)
    causes: list[tuple[str, str]] = field(default_factory=list)

    async def newest(self) -> int:
        return self.newest_failure

    async def gather(self, since: int | None = None) -> bool:
        self.gathered.append(since)
        return self.opens

    async def count(self, now: datetime) -> bool:
        self.counted.append(now)
        return self.differs

    async def claim_retries(
        self, incident: AlertId, *, actor: str, now: datetime, patience: timedelta
    ) -> IncidentRetried | None:
        self.claims.append((incident, actor))
        return self.claimed

    async def claim_retries_of_cause(
        self, code: str, *, actor: str, now: datetime, patience: timedelta
    ) -> IncidentRetried:
        self.causes.append((code, actor))
        return self.claimed or IncidentRetried(code, 0, 0, None)


@dataclass
class FakeMessenger:
    """Does what is asked of it, or raises what is planned for the channel or the watch's target."""

    trouble: dict[str, Exception] = field(default_factory=dict)
    posted: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    redrawn: list[tuple[str, CardModel]] = field(default_factory=list)

    def digest(self, card: ChannelCard) -> str:
        left = getattr(card, "failing", getattr(card, "open_failures", None))
        return f"{card.id}:{left}:{card.cleared_at}"

    async def post_alert(self, channel: str, card: ChannelCard, mention: str | None) -> str:
        self._meet(channel)
        self.posted.append(channel)
        return f"ts-{card.id}"

    async def edit_alert(self, channel: str, ts: str, card: ChannelCard) -> None:
        self._meet(channel)
        self.edited.append(ts)

    async def replace_card(self, watch: Watch, card: CardModel) -> str | None:
        self._meet(watch.target)
        self.redrawn.append((watch.target, card))
        return "new-hash" if watch.hash else None

    def _meet(self, place: str) -> None:
        self.asked.append(place)
        if place in self.trouble:
            raise self.trouble[place]
