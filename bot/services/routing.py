"""Subscribing channels: what each one gets, as its people ask for it."""

from dataclasses import dataclass
from datetime import time

from bot.domain.access import Asker
from bot.domain.routing import Filter, Subscription
from bot.domain.values import Role
from bot.domain.wishes import Cadence, DigestPlan, Mode, QuietHours, Urgency
from bot.errors import BadCommand, CannotPost, DeliveryFailed
from bot.ports import Clock, Doorbell
from bot.ports.alerts import Subscriptions
from bot.ports.routing import Announcer
from bot.services.access import Access
from bot.services.muting import Muting
from bot.services.naming import CAUSES, Names, causes_called
from bot.views.routing import Routes, SubscriptionForm, SubscriptionView, Unsubscribed

ANYWHERE = "UTC"
"""The time zone of who tells none."""

DIGEST_AT = time(8)

_NOT_HERE = frozenset({"not_in_channel", "channel_not_found"})


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a digest is posted, in the subscription's own zone. Monday is 0."""

    cadence: Cadence = Cadence.DAILY
    weekday: int = 0
    at: time = DIGEST_AT


@dataclass(frozen=True, slots=True)
class Quiet:
    start: time
    end: time
    breaks: Urgency = Urgency.CRITICAL


@dataclass(frozen=True, slots=True)
class Wish:
    """A subscription as somebody types it: names are not looked up yet, but for codes of causes.

    `mention` is an id, a handle with its @, or the word of a broadcast.
    """

    policies: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    mailboxes: tuple[str, ...] = ()
    causes: frozenset[str] = frozenset()
    least: Urgency = Urgency.WARNING
    mode: Mode = Mode.EDIT
    quiet: Quiet | None = None
    zone: str | None = None
    mention: str | None = None
    digest: Rhythm | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A subscription as a form has it: `policies` and `mailboxes` are the ids that it offered."""

    policies: frozenset[str]
    domains: frozenset[str]
    mailboxes: frozenset[str]
    causes: frozenset[str]
    least: Urgency
    mode: Mode
    quiet: Quiet | None
    zone: str | None
    mention: str | None
    digest: Rhythm | None


@dataclass(frozen=True, slots=True)
class Routing:
    """`setting` is the subscription that a setting makes, for one channel."""

    subscriptions: Subscriptions
    names: Names
    muting: Muting
    announcer: Announcer
    access: Access
    doorbell: Doorbell
    clock: Clock
    setting: Subscription | None

    async def of(self, channel: str) -> SubscriptionView | None:
        found = await self.subscriptions.of(channel)
        return await self._view(found) if found else None

    async def subscribe(self, channel: str, wish: Wish, asker: Asker) -> SubscriptionView:
        """Replace what the channel gets by this. The channel itself is told, which shows that it can be.

        Raises:
            BadCommand, UnknownMailbox: something that it names is not there.
            CannotPost: with what to do about it.
        """
        wanted = await self._wanted(channel, wish, asker)
        shown = await self._view(wanted)
        await self._announce(shown)
        await self._save(wanted, asker)
        return shown

    async def change(self, channel: str, chosen: Chosen, asker: Asker) -> SubscriptionView:
        """As somebody changed it in a form. Only its admins see that, so the channel is not told."""
        names = self.names
        taken = Filter(
            await names.mailboxes_chosen(chosen.mailboxes),
            chosen.domains,
            await names.policies_chosen(chosen.policies),
            chosen.causes,
            chosen.least,
        )
        zone = chosen.zone or ANYWHERE
        wanted = Subscription(
            channel,
            taken,
            chosen.mode,
            _quiet(chosen.quiet, zone),
            chosen.mention,
            _plan(chosen.digest, zone),
            asker.user,
        )
        await self._save(wanted, asker)
        return await self._view(wanted)

    async def unsubscribe(self, channel: str, asker: Asker) -> Unsubscribed:
        """The channel is told where it can be."""
        remains = self.setting is not None and self.setting.channel == channel
        removed = await self.subscriptions.remove(channel, by=asker.user, now=self.clock.now())
        self.doorbell.ring()
        if removed and not remains:
            await self._withdraw(channel, asker)
        return Unsubscribed(channel, removed, remains)

    async def overview(self, asker: Asker) -> Routes:
        role = await self.access.role(asker)
        return Routes(
            tuple([await self._view(each) for each in await self.subscriptions.all()]),
            await self.muting.live(),
            may_subscribe=role is not None and role >= Role.ADMIN,
            may_mute=role is not None and role >= Role.OPERATOR,
        )

    async def form(self, channel: str, asker: Asker) -> SubscriptionForm:
        now = await self.of(channel) or SubscriptionView(channel)
        zone = now.zone or await self.names.zone_of(asker.user) or ANYWHERE
        groups = await self.names.groups()
        return SubscriptionForm(
            now, CAUSES, zone, tuple(group for group in groups if group.id == now.mention)
        )

    async def _wanted(self, channel: str, wish: Wish, asker: Asker) -> Subscription:
        zone = await self._zone(wish, asker)
        digest = wish.digest or (Rhythm() if wish.mode is Mode.DIGEST else None)
        return Subscription(
            channel,
            await self._filter(wish),
            wish.mode,
            _quiet(wish.quiet, zone),
            await self.names.mention(wish.mention) if wish.mention else None,
            _plan(digest, zone),
            asker.user,
        )

    async def _filter(self, wish: Wish) -> Filter:
        names = self.names
        return Filter(
            await names.addressed(wish.mailboxes),
            await names.domains(wish.domains),
            await names.policies(wish.policies),
            wish.causes,
            wish.least,
        )

    async def _zone(self, wish: Wish, asker: Asker) -> str:
        """The one that was typed, else the asker's own. Quiet hours in a guessed zone would be a trap."""
        zone = wish.zone or await self.names.zone_of(asker.user)
        if zone is None and wish.quiet:
            raise BadCommand("In which time zone? Add it, as in `quiet=22:00-07:00@Europe/Berlin`.")
        return zone or ANYWHERE

    async def _announce(self, shown: SubscriptionView) -> None:
        try:
            await self.announcer.announce(shown)
        except DeliveryFailed as failure:
            raise CannotPost(_why_not(failure)) from failure

    async def _withdraw(self, channel: str, asker: Asker) -> None:
        try:
            await self.announcer.withdraw(channel, asker.user)
        except DeliveryFailed:
            return  # a channel that takes no messages need not hear that none come

    async def _save(self, wanted: Subscription, asker: Asker) -> None:
        await self.subscriptions.save(wanted, by=asker.user, now=self.clock.now())
        self.doorbell.ring()

    async def _view(self, known: Subscription) -> SubscriptionView:
        taken = known.filter
        return SubscriptionView(
            known.channel,
            await self.names.policies_called(taken.policies),
            tuple(sorted(taken.domains)),
            await self.names.mailboxes_called(taken.mailboxes),
            causes_called(taken.causes),
            taken.least,
            known.mode,
            known.quiet,
            known.mention,
            known.digest,
            known.by,
            replaces_setting=known.by is not None and self._is_settings(known.channel),
        )

    def _is_settings(self, channel: str) -> bool:
        return self.setting is not None and self.setting.channel == channel


def _quiet(wanted: Quiet | None, zone: str) -> QuietHours | None:
    return QuietHours(zone, wanted.start, wanted.end, wanted.breaks) if wanted else None


def _plan(rhythm: Rhythm | None, zone: str) -> DigestPlan | None:
    return DigestPlan(rhythm.cadence, zone, rhythm.at, rhythm.weekday) if rhythm else None


def _why_not(failure: DeliveryFailed) -> str:
    if failure.reason in _NOT_HERE:
        return "syncbot is not in this channel. Type `/invite @syncbot` here, then subscribe again."
    if failure.passes:
        return "Slack does not take messages for this channel right now. Try again in a minute."
    return f"Slack does not let syncbot post here (`{failure.reason}`), so nothing was subscribed."
