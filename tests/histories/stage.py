"""A whole bot, as far as alerts go, on a clock that stands still; and what only a spectator can know."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.domain.routing import Subscription
from bot.domain.values import AlertId
from bot.domain.wishes import Mode
from bot.ports import RetryRequest
from bot.sandbox.slack.faults import Fault
from bot.sandbox.slack.model import Message
from bot.sandbox.slack.rates import Rates
from bot.sandbox.slack.roster import ALERTS, IT_OPS
from bot.services.retries import RetryDesk
from bot.services.storms import Storms
from bot.store import Database, SqlHandling
from bot.store.alert_tables import alert_message
from tests.histories.drawing import Drawn, drawn
from tests.histories.rows import Rows, loaded
from tests.integration.alerts.scene import Died, Replica, Scene, opened
from tests.integration.store.words import T0, mailbox, policy
from tests.unit.services.fakes import access

CHANNELS = (ALERTS, IT_OPS)
KEYS = tuple(f"m{n}" for n in range(1, 7))
POLICIES = ("gold", "silver")
PATIENCE = timedelta(minutes=10)
RETRY_AFTER = 20
"""Seconds that the stand-in asks for whenever it is told to limit."""

REST = (2, 2, 2, 20, 20, 20, 20, 20, 60, 60, 60, 300, 300, 300)
"""Longer together than any pause, lease or gathering."""


@dataclass
class AskedEngine:
    asked: list[RetryRequest] = field(default_factory=list)

    async def request_retry(self, request: RetryRequest) -> None:
        self.asked.append(request)


@dataclass
class Stage:
    scene: Scene
    can_read: bool
    engine: AskedEngine = field(default_factory=AskedEngine)
    findings: list[str] = field(default_factory=list)
    deleted: dict[tuple[str, str], Drawn] = field(default_factory=dict)
    """What people deleted, as it was then."""
    endings: dict[AlertId, list[Drawn]] = field(default_factory=dict)
    """What each alert could have been told as since it was over."""
    deaths: int = 0
    lost: int = 0
    """Answers that were to be lost, at most."""
    runs: int = 0
    seen: set[tuple[str, str]] = field(default_factory=set)
    paused: dict[str, tuple[float, float]] = field(default_factory=dict)
    heard: int = 0
    told_with: dict[tuple[str, str], int] = field(default_factory=dict)
    """Of how many failures each message told when it was posted."""
    most: dict[AlertId, int] = field(default_factory=dict)
    """How many failures, or mailboxes, each alert was about at most."""

    def __post_init__(self) -> None:
        self.handling = SqlHandling(self.scene.database)
        self.start()

    def start(self) -> None:
        """Anew, as after a restart."""
        self.scene.restart()
        self.storms = self.storms_of(self.scene.bot)
        self.retries = RetryDesk(
            self.scene.store.retries, self.engine, access(), self.scene.bot.bell, self.scene.clock, PATIENCE
        )

    def storms_of(self, replica: Replica) -> Storms:
        return Storms(self.scene.incidents, access(), replica.bell, self.scene.clock, PATIENCE)

    @property
    def now(self) -> datetime:
        return self.scene.clock.at

    @property
    def minute(self) -> float:
        """As the words of events count them."""
        return (self.now - T0) / timedelta(minutes=1)

    @property
    def run(self) -> str:
        self.runs += 1
        return f"r{self.runs}"

    def standing(self, channel: str) -> list[Message]:
        """Messages about alerts, the oldest first."""
        return [each for each in self.scene.messages(channel) if each.metadata]

    # ---- time

    async def passes(self, seconds: Iterable[float]) -> None:
        """With a sweep after each."""
        for each in seconds:
            self.scene.clock.at += timedelta(seconds=each)
            await self.sweep()

    async def sweep(self) -> None:
        others = asyncio.all_tasks()
        try:
            await self.handling.wake_due(self.now)
            await self.retries.sweep()
            await self.storms.sweep()
            await self.scene.sweep()
        except Died:
            self.deaths += 1
            mine = asyncio.all_tasks() - others
            await asyncio.gather(*(each for each in mine if _delivers(each)), return_exceptions=True)
            self.start()
        await self.watch()

    async def sweep_together(self) -> None:
        """Two more replicas and this one, at the same moment."""
        replicas = [Replica(self.scene), Replica(self.scene)]
        storms = [self.storms_of(each).sweep() for each in replicas]
        await asyncio.gather(*storms, *(each.reconciler.sweep() for each in replicas))
        await self.watch(together=True)

    async def rest(self) -> None:
        """Whatever was out of order is mended, and time passes until nothing changes any more."""
        self.mend()
        await self.passes(REST)
        for _ in range(20):
            if await self.scene.unsettled() == 0:
                break
            await self.passes([60])
        await self.passes([60, 60])
        for _ in range(20):
            if not await self._has_ended_waits():
                break
            await self.passes([1])

    async def _has_ended_waits(self) -> bool:
        """A mute may have ended just now, and Slack takes no more than one post a second of a channel."""
        late = select(alert_message.c.id).where(
            alert_message.c.waits_for.is_not(None), alert_message.c.deliver_after <= self.now
        )
        return bool(await self.scene.store.rows(late))

    def mend(self) -> None:
        slack = self.scene.slack
        slack.faults.clear()
        for channel in CHANNELS:
            slack.world.channels[channel].is_archived = False
            slack.world.channels[channel].members.add(slack.world.bot_user.id)

    # ---- what only a spectator knows

    def fails(self, method: str, fault: Fault, times: int) -> None:
        self.lost += times if fault.lost and method == "chat.postMessage" else 0
        self.scene.slack.faults.plan(method, fault, times)

    async def rows(self) -> Rows:
        wanted = await self.scene.subscriptions.all()
        return await self.scene.database.read(loaded, wanted, self.now)

    async def drawn(self, alerts: Iterable[AlertId]) -> dict[AlertId, Drawn]:
        return await self.scene.database.read(drawn, sorted(alerts))

    async def note(self) -> None:
        """To be called after each change of the rows."""
        rows = await self.rows()
        for alert in rows.alerts:
            counted = rows.counted(alert)
            self.most[alert] = max(self.most.get(alert, 0), sum_of(counted))
        over = [each for each, row in rows.alerts.items() if row["cleared_at"] is not None]
        for alert, told in (await self.drawn(over)).items():
            known = self.endings.setdefault(alert, [])
            if told not in known:
                known.append(told)

    def unheard(self) -> None:
        """The newest calls answered a click, which waits for nothing."""
        self.heard = len(self.scene.slack.calls)

    async def watch(self, *, together: bool = False) -> None:
        """Look at what was just called and posted."""
        self._hear_calls(together=together)
        fresh = [
            each
            for channel in CHANNELS
            for each in self.standing(channel)
            if (channel, each.ts) not in self.seen
        ]
        self.seen |= {(each.channel, each.ts) for each in fresh}
        if fresh:
            rows = await self.rows()
            for each in fresh:
                self.told_with[each.channel, each.ts] = sum_of(rows.counted(alert_of(each)))
            self.findings += [
                f"{each.channel} was told of alert {alert_of(each)}, though: {why}"
                for each in fresh
                if (why := rows.why_not_posted(alert_of(each), each.channel, may_be_covered=together))
            ]

    def _hear_calls(self, *, together: bool) -> None:
        calls = self.scene.slack.calls
        assert len(calls) < (calls.maxlen or 0)
        for call in list(calls)[self.heard :]:
            channel = str(call.args.get("channel", ""))
            began, ends = self.paused.get(channel, (0.0, 0.0))
            if began < call.at < ends:
                self.findings.append(f"{call.method} to {channel} {ends - call.at:g} s before it was allowed")
            if call.status == 429 and not together:
                self.paused[channel] = (call.at, call.at + RETRY_AFTER)
        self.heard = len(calls)


def alert_of(message: Message) -> AlertId:
    metadata: dict[str, Any] = message.metadata or {}
    return AlertId(metadata["event_payload"]["alert"])


def sum_of(counted: dict[str, int]) -> int:
    """How much it was ever about."""
    failures = (counted.get(each, 0) for each in ("unresolved", "resolved", "dismissed"))
    return counted["mailboxes"] if "mailboxes" in counted else sum(failures)


def _delivers(task: "asyncio.Task[Any]") -> bool:
    return "_deliver_all" in repr(task.get_coro())


@asynccontextmanager
async def staged(database: Database, *, can_read: bool) -> AsyncIterator[Stage]:
    """Three mailboxes under each of two policies, and two channels that get everything."""
    async with opened(database, can_read=can_read, rates=Rates(enforced=False)) as scene:
        await scene.happens(policy(key="silver", name="Silver"))
        await scene.happens(
            *(mailbox(key=key, under=POLICIES[n % 2]) for n, key in enumerate(KEYS) if key != "m1")
        )
        await scene.subscribe(Subscription(IT_OPS, mode=Mode.THREAD))
        yield Stage(scene, can_read)
