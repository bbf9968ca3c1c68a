"""What people do about alerts, as steps of a history."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.routing import Mute, Subscription
from bot.domain.values import AlertId, FailureId, MailboxId
from bot.domain.wishes import MuteKind
from bot.ports import RetryTarget
from bot.sandbox.slack.roster import ADA, OMAR
from tests.histories.drawing import as_shown
from tests.histories.events import nth
from tests.histories.stage import CHANNELS, PATIENCE, Stage, alert_of

OPEN_ALERTS = "SELECT id FROM alert WHERE cleared_at IS NULL ORDER BY id"
INCIDENTS = "SELECT id FROM alert WHERE cleared_at IS NULL AND kind = 'incident' ORDER BY id"
FAILING = "SELECT id, mailbox_id FROM failure WHERE resolved_at IS NULL ORDER BY id"
DISMISSED = "SELECT id, mailbox_id FROM failure WHERE state = 'dismissed' ORDER BY id"


async def _chosen(stage: Stage, query: str, number: int) -> dict[str, int] | None:
    return nth(await stage.scene.store.rows(query), number)


@dataclass(frozen=True)
class Acknowledges:
    number: int
    seen: int

    async def play(self, stage: Stage) -> None:
        if found := await _chosen(stage, OPEN_ALERTS, self.number):
            await stage.handling.acknowledge(AlertId(found["id"]), seen=self.seen, by=OMAR.id, now=stage.now)


@dataclass(frozen=True)
class TakesBack:
    number: int

    async def play(self, stage: Stage) -> None:
        if found := await _chosen(stage, OPEN_ALERTS, self.number):
            await stage.handling.unacknowledge(AlertId(found["id"]), by=OMAR.id, now=stage.now)


@dataclass(frozen=True)
class Snoozes:
    """For so many minutes; None wakes it."""

    number: int
    minutes: int | None

    async def play(self, stage: Stage) -> None:
        if found := await _chosen(stage, OPEN_ALERTS, self.number):
            until = None if self.minutes is None else stage.now + timedelta(minutes=self.minutes)
            await stage.handling.snooze(AlertId(found["id"]), until=until, by=OMAR.id, now=stage.now)


@dataclass(frozen=True)
class Dismisses:
    number: int

    async def play(self, stage: Stage) -> None:
        if found := await _chosen(stage, FAILING, self.number):
            await stage.handling.dismiss([FailureId(found["id"])], reason="known", by=OMAR.id, now=stage.now)


@dataclass(frozen=True)
class Restores:
    number: int

    async def play(self, stage: Stage) -> None:
        if found := await _chosen(stage, DISMISSED, self.number):
            await stage.handling.restore([FailureId(found["id"])], by=OMAR.id, now=stage.now)


@dataclass(frozen=True)
class Retries:
    """One item, or all of its mailbox."""

    number: int
    everything: bool

    async def play(self, stage: Stage) -> None:
        if found := await _chosen(stage, FAILING, self.number):
            only = None if self.everything else (FailureId(found["id"]),)
            target = RetryTarget(MailboxId(found["mailbox_id"]), only)
            await stage.scene.store.retries.claim(
                target, actor=OMAR.id, now=stage.now, deadline=stage.now + PATIENCE
            )


@dataclass(frozen=True)
class RetriesIncident:
    number: int

    async def play(self, stage: Stage) -> None:
        if found := await _chosen(stage, INCIDENTS, self.number):
            await stage.scene.incidents.claim_retries(
                AlertId(found["id"]), actor=OMAR.id, now=stage.now, patience=PATIENCE
            )


@dataclass(frozen=True)
class Mutes:
    kind: MuteKind
    key: str
    minutes: int | None

    async def play(self, stage: Stage) -> None:
        until = None if self.minutes is None else stage.now + timedelta(minutes=self.minutes)
        await stage.scene.mute(Mute(self.kind, self.key, until, ADA.id, stage.now))


@dataclass(frozen=True)
class Unmutes:
    kind: MuteKind
    key: str

    async def play(self, stage: Stage) -> None:
        await stage.scene.mutes.remove(self.kind, self.key, by=ADA.id, now=stage.now)


@dataclass(frozen=True)
class Subscribes:
    wanted: Subscription

    async def play(self, stage: Stage) -> None:
        await stage.scene.subscribe(self.wanted)


@dataclass(frozen=True)
class Unsubscribes:
    channel: int

    async def play(self, stage: Stage) -> None:
        await stage.scene.subscriptions.remove(CHANNELS[self.channel], by=ADA.id, now=stage.now)


@dataclass(frozen=True)
class Clicks:
    """On any message about an alert, be it kept up or not."""

    channel: int
    number: int

    async def play(self, stage: Stage) -> None:
        channel = CHANNELS[self.channel]
        if message := nth(stage.standing(channel), self.number):
            await stage.scene.bot.orphans.repair(alert_of(message), channel, message.ts)
            stage.unheard()


@dataclass(frozen=True)
class Deletes:
    channel: int
    number: int

    async def play(self, stage: Stage) -> None:
        channel = CHANNELS[self.channel]
        if message := nth(stage.standing(channel), self.number):
            stage.deleted[channel, message.ts] = as_shown(message)
            stage.scene.slack.world.delete(message)
