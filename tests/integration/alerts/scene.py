"""The reconciler between the database and the stand-in for Slack, on a clock that stands still."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import aiohttp

from bot.domain.events import Event
from bot.domain.expiring import Expiry
from bot.domain.routing import Mute, Subscription
from bot.domain.values import AlertId
from bot.ports.delivery import AlertDelivery, Shown
from bot.sandbox.slack.model import Json, Message
from bot.sandbox.slack.rates import Rates
from bot.sandbox.slack.roster import ADA, ALERTS, small_company
from bot.sandbox.slack.server import SlackStandIn
from bot.services.alerts import Reconciler
from bot.services.delivering import Deliverer
from bot.services.digests import DigestDesk
from bot.services.expiring import Expiring
from bot.services.orphans import Orphans
from bot.services.undelivered import Alarm
from bot.slack.client import SlackClient, web_client
from bot.slack.manifest import manifest
from bot.slack.messenger import SlackMessenger
from bot.store import (
    Database,
    SqlAlertMessages,
    SqlAlerts,
    SqlChannels,
    SqlClicked,
    SqlDigests,
    SqlExpiryAlerts,
    SqlMutes,
    SqlSubscriptions,
)
from bot.store.incident_adapter import SqlIncidents
from tests.integration.store.words import T0, Store, mailbox, policy

TOKEN = "not-a-real-token"
HISTORY = frozenset({"channels:history", "groups:history"})
SETTING = Subscription(ALERTS)


@dataclass
class Clock:
    at: datetime = T0

    def now(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        return self.at.timestamp()


@dataclass
class Bell:
    rings: int = 0

    def ring(self) -> None:
        self.rings += 1


@dataclass(frozen=True)
class Admin:
    users: frozenset[str] = frozenset({ADA.id})

    async def people(self) -> Collection[str]:
        return self.users


@dataclass
class Papers:
    """What is known of the connections' credentials."""

    known: dict[str, Expiry] = field(default_factory=dict)

    async def expiries(self) -> tuple[Expiry, ...]:
        return tuple(self.known.values())

    def has(self, expiry: Expiry) -> None:
        self.known[expiry.connection] = expiry


class Died(BaseException):
    """The process ended, without a chance to do anything about it."""


@dataclass(frozen=True, slots=True)
class DyingMessages(SqlAlertMessages):
    async def shown(self, delivery: AlertDelivery, shown: Shown, now: datetime) -> None:  # noqa: ARG002 - the port's
        raise Died


@dataclass
class Replica:
    """One process of the bot. Another one is as good as this one after a restart."""

    scene: "Scene"
    bell: Bell = field(default_factory=Bell)

    def __post_init__(self) -> None:
        scene, clock = self.scene, self.scene.clock
        web = web_client(f"{scene.slack.base_url}api/", TOKEN)
        messenger = SlackMessenger(SlackClient(web, scene.http), safe_blocks=False)
        channels = SqlChannels(scene.database)
        self.orphans = Orphans(SqlClicked(scene.database), messenger, self.bell)
        self.reconciler = Reconciler(
            SqlAlerts(scene.database, scene.default),
            channels,
            SqlSubscriptions(scene.database, scene.default),
            SqlMutes(scene.database),
            Deliverer(SqlAlertMessages(scene.database), messenger, messenger, clock),
            Alarm(channels, messenger, Admin(), clock),
            self.bell,
            clock,
        )
        self.digests = DigestDesk(
            SqlSubscriptions(scene.database, scene.default), SqlDigests(scene.database), self.bell, clock
        )
        self.expiring = Expiring(scene.papers, SqlExpiryAlerts(scene.database), self.bell, clock)

    def dies_when_posted(self) -> None:
        """Before it can write down what it posted."""
        deliverer = replace(self.reconciler.deliverer, messages=DyingMessages(self.scene.database))
        self.reconciler = replace(self.reconciler, deliverer=deliverer)

    async def sweep(self) -> None:
        """Until the bell is silent."""
        for _ in range(100):
            rung = self.bell.rings
            await self.reconciler.sweep()
            if self.bell.rings == rung:
                return
        raise AssertionError("it rings for ever")


@dataclass
class Scene:
    database: Database
    slack: SlackStandIn
    http: aiohttp.ClientSession
    clock: Clock
    default: Subscription | None = SETTING

    def __post_init__(self) -> None:
        self.store = Store(self.database)
        self.subscriptions = SqlSubscriptions(self.database, self.default)
        self.mutes = SqlMutes(self.database)
        self.incidents = SqlIncidents(self.database)
        self.papers = Papers()
        self.bot = Replica(self)

    async def happens(self, *events: Event) -> None:
        await self.store.record(*events, now=self.clock.now())

    async def sweep(self) -> None:
        await self.bot.sweep()

    async def passes(self, *, seconds: float = 0, minutes: float = 0, every: float = 1) -> None:
        """Time passes, with a sweep each so many seconds."""
        until = self.clock.at + timedelta(seconds=seconds, minutes=minutes)
        while self.clock.at < until:
            self.clock.at = min(until, self.clock.at + timedelta(seconds=every))
            await self.sweep()

    async def days_pass(self, days: float, *, hours: float = 24) -> None:
        """Time passes, and every so many hours all that is done seldom is done."""
        until = self.clock.at + timedelta(days=days)
        while self.clock.at < until:
            self.clock.at = min(until, self.clock.at + timedelta(hours=hours))
            await self.bot.expiring.sweep()
            await self.bot.digests.sweep()
            await self.incidents.gather()
            await self.incidents.count(self.clock.at)
            await self.sweep()

    async def subscribe(self, wanted: Subscription) -> None:
        await self.subscriptions.save(wanted, by=ADA.id, now=self.clock.now())

    async def mute(self, mute: Mute) -> None:
        await self.mutes.add(mute)

    def restart(self) -> None:
        self.bot = Replica(self)

    def messages(self, channel: str = ALERTS) -> list[Message]:
        """Those that stand in the channel itself, the oldest first."""
        return [each for each in self.slack.world.messages(channel) if each.thread_ts in {None, each.ts}]

    def told(self, channel: str = ALERTS) -> list[str]:
        """The first line of each."""
        return [message.text.partition("\n")[0] for message in self.messages(channel)]

    def thread(self, of: Message) -> list[str]:
        world = self.slack.world
        return [m.text for m in world.messages(of.channel) if m.thread_ts == of.ts and m.ts != of.ts]

    def letters(self, user: str = ADA.id) -> list[str]:
        """What somebody got by direct message."""
        channel = self.slack.world.direct_message(user)
        return [] if channel is None else [message.text for message in self.slack.world.messages(channel.id)]

    def calls(self, method: str) -> list[Json]:
        return [call.args for call in self.slack.calls if call.method == method]

    async def alert(self) -> AlertId:
        """The only one."""
        (row,) = await self.store.rows("SELECT id FROM alert")
        return AlertId(row["id"])

    async def unsettled(self) -> int:
        """Alerts that a sweep still looks at."""
        return len(await self.store.rows("SELECT id FROM alert WHERE dirty"))


@asynccontextmanager
async def opened(
    database: Database,
    *,
    can_read: bool = True,
    default: Subscription | None = SETTING,
    rates: Rates | None = None,
) -> AsyncIterator[Scene]:
    """With one policy (gold) and one mailbox (m1). Without `can_read` no channel's history may be read."""
    clock = Clock()
    slack = SlackStandIn(
        manifest(),
        bot_token=TOKEN,
        app_token="not-a-real-app-token",
        signing_secret="not-a-real-secret",
        company=small_company(),
        clock=clock.seconds,
        rates=rates,
        refused_scopes=frozenset() if can_read else HISTORY,
    )
    await slack.start()
    try:
        async with aiohttp.ClientSession() as http:
            scene = Scene(database, slack, http, clock, default)
            await scene.happens(policy(), mailbox())
            yield scene
    finally:
        await slack.stop()
