"""Frozen read models of what channels are told: subscriptions and mutes, with the names that people know."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.wishes import DigestPlan, Mode, MuteKind, QuietHours, Urgency


@dataclass(frozen=True, slots=True)
class Named:
    """What a filter or a mute names. `id` is that of its row, as text, or where it has none its key."""

    id: str
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """What one channel gets. Empty lists take everything; `by` is None where a setting says it."""

    channel: str
    policies: tuple[Named, ...] = ()
    domains: tuple[str, ...] = ()
    mailboxes: tuple[Named, ...] = ()
    causes: tuple[Named, ...] = ()
    least: Urgency = Urgency.WARNING
    mode: Mode = Mode.EDIT
    quiet: QuietHours | None = None
    mention: str | None = None
    """The id of a user or user group, or `here` or `channel`."""
    digest: DigestPlan | None = None
    by: str | None = None
    replaces_setting: bool = False
    """The channel is that of the setting, and has a subscription of its own."""

    @property
    def zone(self) -> str | None:
        return next((part.zone for part in (self.quiet, self.digest) if part), None)


@dataclass(frozen=True, slots=True)
class Muted:
    """Who wants to hear nothing new of it, and why. `until` is None where it has no end."""

    what: str
    """`mailbox`, or the name of what else is muted, as in `policy Staff`."""
    by: str
    until: datetime | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MuteView:
    """`name` is what people call what is muted; for a channel its id."""

    kind: MuteKind
    key: str
    name: str
    by: str
    at: datetime
    until: datetime | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Routes:
    """Who is told what: every subscription and every mute that has not ended."""

    subscriptions: tuple[SubscriptionView, ...]
    mutes: tuple[MuteView, ...]
    may_subscribe: bool
    may_mute: bool


@dataclass(frozen=True, slots=True)
class SubscriptionForm:
    """What somebody changes in a modal. `zone` is the asker's own, for where nothing says another."""

    now: SubscriptionView
    causes: tuple[Named, ...]
    zone: str
    groups: tuple[Named, ...] = ()
    """The user group that is mentioned now, by its name, where Slack tells."""


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """`setting_remains`: the channel goes on getting what the setting says."""

    channel: str
    was_subscribed: bool
    setting_remains: bool
