"""Muting: nothing new is posted about a mailbox, policy, cause, or in a channel, for a time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.access import Asker
from bot.domain.routing import Mute
from bot.domain.wishes import MuteKind
from bot.errors import BadCommand
from bot.ports import Clock, Doorbell
from bot.ports.alerts import Mutes
from bot.services.naming import Names, causes_called
from bot.views.routing import MuteView

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Until:
    """When a mute ends: after a time, at a day and hour of the asker's zone, or, with neither, never."""

    after: timedelta | None = None
    day: date | None = None
    at: time = time(0)


@dataclass(frozen=True, slots=True)
class Muting:
    mutes: Mutes
    names: Names
    doorbell: Doorbell
    clock: Clock

    async def live(self) -> tuple[MuteView, ...]:
        return tuple([await self._view(each) for each in await self.mutes.live(self.clock.now())])

    async def mute(
        self, kind: MuteKind, typed: str, until: Until, reason: str, asker: Asker
    ) -> tuple[MuteView, ...]:
        """One for each that is called so: an address may be that of several mailboxes.

        Raises:
            BadCommand, UnknownMailbox: nothing is called so, or the time has passed.
        """
        keys, end = await self._keys(kind, typed), await self._end(until, asker)
        now = self.clock.now()
        added = [Mute(kind, key, end, asker.user, now, reason[:LONGEST_REASON]) for key in keys]
        for mute in added:
            await self.mutes.add(mute)
        self.doorbell.ring()
        return tuple([await self._view(mute) for mute in added])

    async def unmute(self, kind: MuteKind, typed: str, asker: Asker) -> tuple[str, ...]:
        """The names of what was muted, and is not any more."""
        keys = await self._keys(kind, typed)
        return tuple([await self._name(kind, key) for key in keys if await self.end(kind, key, asker)])

    async def end(self, kind: MuteKind, key: str, asker: Asker) -> bool:
        """False where it had ended already."""
        ended = await self.mutes.remove(kind, key, by=asker.user, now=self.clock.now())
        self.doorbell.ring()
        return ended

    async def _keys(self, kind: MuteKind, typed: str) -> tuple[str, ...]:
        if kind is MuteKind.MAILBOX:
            return tuple(each.key for each in await self.names.mailbox(typed))
        return ((await self.names.policy(typed)).key,) if kind is MuteKind.POLICY else (typed,)

    async def _end(self, until: Until, asker: Asker) -> datetime | None:
        now = self.clock.now()
        if until.after is not None:
            return now + until.after
        if until.day is None:
            return None
        zone = ZoneInfo(await self.names.zone_of(asker.user) or "UTC")
        end = datetime.combine(until.day, until.at, zone)
        if end <= now:
            raise BadCommand(f"{until.day} has begun already. Name a later day.")
        return end

    async def _view(self, mute: Mute) -> MuteView:
        name = await self._name(mute.kind, mute.key)
        return MuteView(mute.kind, mute.key, name, mute.by, mute.at, mute.until, mute.reason)

    async def _name(self, kind: MuteKind, key: str) -> str:
        match kind:
            case MuteKind.MAILBOX:
                return (await self.names.mailboxes_called([key]))[0].name
            case MuteKind.POLICY:
                return (await self.names.policies_called([key]))[0].name
            case MuteKind.CAUSE:
                return causes_called([key])[0].name
            case MuteKind.CHANNEL:
                return key
