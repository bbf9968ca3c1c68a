"""People's Home tabs: drawn when they are opened, and kept true for as long as somebody looks at them."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.access import Asker
from bot.domain.storms import RETRIED_AT_ONCE
from bot.domain.values import Role, WatchId
from bot.domain.wishes import Mode
from bot.errors import DeliveryFailed, NotAllowed
from bot.ports import Clock, Watch, Watches, WatchKind
from bot.ports.alerts import Subscriptions
from bot.ports.delivery import Admins
from bot.ports.home import Screens
from bot.services.access import Access
from bot.services.snapshots import Snapshots
from bot.views import CardKind, CardRef, IncidentRetried, RetryStarted
from bot.views.home import HomeCard, Told

LIFE = timedelta(hours=1)
"""Slack does not tell when somebody leaves the tab. Whoever comes back opens it anew."""

EVERY = timedelta(seconds=10)
"""How often a Home is looked at again at most."""

SOON = timedelta(seconds=1)
"""What a person asks for is read anew, but no more than once in this time however many ask."""

AT_ONCE = timedelta(0)
"""What somebody has just changed is read anew."""

USES = 1_000_000
Started = RetryStarted | IncidentRetried
_OVERVIEW = CardRef(CardKind.OVERVIEW)


@dataclass(frozen=True, slots=True)
class Redrawn:
    hash: str | None
    digest: str


@dataclass(frozen=True, slots=True)
class Homes:
    snapshots: Snapshots
    subscriptions: Subscriptions
    screens: Screens
    watches: Watches
    access: Access
    admins: Admins
    clock: Clock
    engine_is_outside: bool = False

    async def open(self, asker: Asker, started: Started | None = None) -> None:
        """Draw the asker's Home, over whatever it shows, and follow it.

        Where Slack asks to wait, a sweep draws it.

        Raises:
            NotAllowed: without a role.
            DeliveryFailed: Slack refuses it for good.
        """
        role = await self.access.require(asker, Role.VIEWER, to="open Home")
        card = await self._card(asker, role, at_most=AT_ONCE if started else SOON, started=started)
        try:
            shown = Redrawn(await self.screens.publish(asker.user, card), self.screens.digest(card))
        except DeliveryFailed as failure:
            if not failure.passes:
                raise
            await self._follow(asker.user, None, timedelta(seconds=failure.retry_after or 0))
        else:
            await self._follow(asker.user, shown, EVERY)

    async def redraw(self, watch: Watch) -> Redrawn:
        """Draw a Home again, where something has changed.

        Raises:
            NotAllowed: the role was taken away; the Home says so.
            DeliveryFailed: or ViewMoved, where the Home was drawn by somebody else meanwhile.
        """
        asker = Asker(watch.user)
        try:
            role = await self.access.require(asker, Role.VIEWER, to="follow Home")
        except NotAllowed as refused:
            await self.close(asker, refused.sentence)
            raise
        card = await self._card(asker, role, at_most=EVERY)
        digest = self.screens.digest(card)
        if digest == watch.digest:
            return Redrawn(watch.hash, digest)
        return Redrawn(await self.screens.publish(watch.user, card, over=watch.hash), digest)

    async def close(self, asker: Asker, why: str) -> None:
        """Say why there is nothing to see. Whoever is of another workspace is told no names."""
        await self.screens.close(asker.user, why, () if asker.is_outsider else await self.admins.people())

    async def _follow(self, user: str, shown: Redrawn | None, wait: timedelta) -> None:
        now = self.clock.now()
        view_hash, digest = (shown.hash, shown.digest) if shown else (None, None)
        watch = Watch(WatchId(0), WatchKind.HOME, f"home:{user}", view_hash, user, _OVERVIEW, USES, 0, digest)
        await self.watches.follow(watch, mailbox=None, expires_at=now + LIFE, not_before=now + wait)

    async def _card(
        self, asker: Asker, role: Role, *, at_most: timedelta, started: Started | None = None
    ) -> HomeCard:
        facts = await self.snapshots.newest(at_most=at_most)
        told = tuple(
            Told(
                each.channel,
                alerts=each.mode is not Mode.DIGEST,
                in_threads=each.mode is Mode.THREAD,
                digest=each.digest is not None,
                is_own=each.by == asker.user,
            )
            for each in await self.subscriptions.all()
        )
        return HomeCard(facts, role, told, self.engine_is_outside, started, retried_at_once=RETRIED_AT_ONCE)
