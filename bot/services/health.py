"""How syncbot itself is: what rows, the connection to Slack and the sweeps of this process tell."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.delivering import is_dead
from bot.ports import Clock
from bot.ports.alerts import Subscriptions
from bot.ports.health import Beat, HealthRecords
from bot.services.pulse import Pulse
from bot.views.health import ChannelHealth, ConnectionHealth, HealthCard, SweepHealth

LATE = timedelta(minutes=5)
"""A sweep that was not done for so long stands still: the slowest deliveries end within two minutes."""


@dataclass(frozen=True, slots=True)
class Health:
    """`connection` tells of Socket Mode; None in HTTP mode."""

    records: HealthRecords
    subscriptions: Subscriptions
    pulse: Pulse
    clock: Clock
    connection: Callable[[], Awaitable[ConnectionHealth | None]]
    engine_is_outside: bool = False

    async def card(self) -> HealthCard:
        record = await self.records.read()
        wanted = frozenset(each.channel for each in await self.subscriptions.all())
        now = self.clock.now()
        return HealthCard(
            as_of=now,
            channels=_channels(record.channels, wanted),
            undelivered=record.undelivered,
            held=record.held,
            backlog=record.backlog,
            engine=replace(record.engine, is_outside=self.engine_is_outside),
            connection=await self.connection(),
            sweeps=tuple(_sweep(beat, now) for beat in self.pulse.beats()),
        )


def _channels(known: tuple[ChannelHealth, ...], wanted: frozenset[str]) -> tuple[ChannelHealth, ...]:
    """With those that are subscribed and got nothing yet; the troubled ones first."""
    silent = wanted - {each.channel for each in known}
    shown = [
        *(_judged(each, wanted) for each in known),
        *(ChannelHealth(channel, is_subscribed=True) for channel in silent),
    ]
    return tuple(sorted(shown, key=lambda each: (each.reason is None, not each.is_subscribed, each.channel)))


def _judged(channel: ChannelHealth, wanted: frozenset[str]) -> ChannelHealth:
    dead = channel.reason is not None and is_dead(channel.reason)
    return replace(channel, is_subscribed=channel.channel in wanted, needs_somebody=dead)


def _sweep(beat: Beat, now: datetime) -> SweepHealth:
    return SweepHealth(beat.name, beat.ended_at, beat.failed, now - (beat.ended_at or beat.began_at) > LATE)
