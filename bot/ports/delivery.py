"""What the reconciler needs: which channel messages differ from the rows, and what became of each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.routing import Standing, Wait
from bot.domain.values import AlertId
from bot.views import ChannelCard


@dataclass(frozen=True, slots=True)
class Told:
    """How much of an alert a message and its thread have told: failures, or mailboxes of an incident."""

    count: int = 0
    at: datetime | None = None
    cleared: bool = False


@dataclass(frozen=True, slots=True)
class AlertDelivery:
    """One channel message that differs from what rows say. `ts` is None until it was posted."""

    id: int
    alert: AlertId
    channel: str
    ts: str | None
    version: int
    shown_digest: str | None
    attempts: int
    card: ChannelCard
    leased_until: datetime
    count: int
    """What `told.count` should be."""
    told: Told = Told()
    standing: Standing | None = None
    """Set where there is something to tell: nothing was posted yet, or the thread lacks something."""
    posting_since: datetime | None = None
    """Since then a message was sent whose answer nobody has read: it may stand in the channel."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the channel shows now. `told` is None where nothing was told.

    `again_at`: no sooner than then may it be edited again. `wait`: there is more to tell, but not now.
    """

    ts: str | None
    digest: str | None
    told: Told
    sent: bool
    again_at: datetime | None = None
    wait: Wait | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """How much a channel is taken of at once: so many posts, and so many edits. `full` take no post now."""

    posts: int
    edits: int
    full: frozenset[str] = frozenset()


class Alerts(Protocol):
    """Messages that follow the rows: what is to be done."""

    async def route(self, limit: int) -> bool:
        """Choose the channels of some alerts that changed; whether there are more."""
        ...

    async def lease_due(
        self, threads: Collection[str], now: datetime, *, until: datetime, room: Room
    ) -> tuple[AlertDelivery, ...]:
        """As many messages of each channel as there is room for, each this caller's alone until `until`.

        `threads` are the channels that are told in threads too.
        """
        ...

    async def release(self, deliveries: Sequence[AlertDelivery]) -> None:
        """They were not looked at: anybody may take them now."""
        ...


class AlertMessages(Protocol):
    """What became of each. Whoever lost the lease of a delivery changes nothing by it any more."""

    async def posting(self, delivery: AlertDelivery, now: datetime) -> bool:
        """Remember that a message is about to be sent, should its answer get lost; False: lease lost."""
        ...

    async def found(self, delivery: AlertDelivery, ts: str, told: Told) -> None:
        """The message that was sent before is there; `told` is what its thread counts as told of."""
        ...

    async def hold(self, held: Sequence[tuple[AlertDelivery, Wait]]) -> None:
        """They are posted later, if at all: as it should be, and so nothing to be tried again."""
        ...

    async def shown(self, delivery: AlertDelivery, shown: Shown, now: datetime) -> None: ...

    async def postpone(
        self, delivery: AlertDelivery, *, until: datetime, reason: str, may_have_arrived: bool, now: datetime
    ) -> None: ...

    async def forget_message(self, delivery: AlertDelivery) -> None:
        """The message was deleted in Slack: post a new one while the alert is open."""
        ...


@dataclass(frozen=True, slots=True)
class Orphan:
    """A message that was posted, though nobody read the answer, and then another in its place."""

    channel: str
    ts: str
    living_ts: str


class Clicked(Protocol):
    async def adopt(self, alert: AlertId, channel: str, ts: str) -> Orphan | None:
        """Take a clicked message for the alert's, where it has none; else what is to be said of it."""
        ...


@dataclass(frozen=True, slots=True)
class Outage:
    """Nothing can be delivered to a channel; or some messages, unless it `is_whole`.

    `retry_after`: nobody asks again before.
    """

    channel: str
    reason: str
    since: datetime
    retry_after: datetime
    told_at: datetime | None
    is_whole: bool = True


class Channels(Protocol):
    """Which channels take nothing, for all replicas."""

    async def failed(self, channel: str, reason: str, *, until: datetime | None, now: datetime) -> Outage:
        """Leave the channel alone until then; None: somebody has to act, so longer and longer."""
        ...

    async def claim_telling(self, channel: str, now: datetime) -> bool:
        """True for one caller an outage."""
        ...

    async def claim_telling_of_refusal(self, channel: str, now: datetime, *, again: timedelta) -> bool:
        """True for one caller, and for nobody then until so much time has passed."""
        ...

    async def untold(self, channel: str) -> None:
        """Nobody could be told: the next failed attempt is to try again."""
        ...


class Letters(Protocol):
    """What is sent beside the alerts themselves. Raises DeliveryFailed, as a Messenger does."""

    async def find_alert(self, channel: str, alert: AlertId, since: datetime) -> str | None:
        """The ts of an alert's message that was posted since; None too where no channel may be read."""
        ...

    async def reply_alert(self, channel: str, ts: str, card: ChannelCard, new: int) -> None:
        """Tell in a message's thread that there are `new` failures more, or that all healed."""
        ...

    async def tell(self, user: str, outage: Outage) -> None:
        """Tell somebody, by direct message."""
        ...

    async def point_to_living(self, orphan: Orphan) -> None:
        """Have a message that nobody keeps up to date point to the one that is."""
        ...


class Members(Protocol):
    async def members_of(self, group: str) -> frozenset[str]:
        """The user ids of a user group; nobody where Slack does not say."""
        ...


class Admins(Protocol):
    async def people(self) -> Collection[str]:
        """User ids of those who hold the role of an admin."""
        ...
