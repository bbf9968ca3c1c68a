"""Which alerts a channel gets, and when: what it subscribed to, what is muted, when it wants quiet."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.catalogue import CATALOGUE, Scope
from bot.domain.wishes import DigestPlan, Mode, MuteKind, QuietHours, Urgency


def urgency_of(code: str) -> Urgency:
    """An unknown code waits for somebody."""
    cause = CATALOGUE.get(code)
    if cause is None:
        return Urgency.ERROR
    if cause.heals_by_itself:
        return Urgency.WARNING
    return Urgency.CRITICAL if cause.scope is Scope.CONNECTION else Urgency.ERROR


@dataclass(frozen=True, slots=True)
class Facts:
    """What routing must know of an alert. An incident is about many mailboxes, domains and policies.

    `domains` are those of source addresses, in lower case. `policies` are keys, `causes` codes. `own` is the
    urgency of what has not failed yet; it is None for what has.
    """

    mailboxes: frozenset[str]
    domains: frozenset[str]
    policies: frozenset[str]
    causes: frozenset[str]
    own: Urgency | None = None

    @property
    def urgency(self) -> Urgency:
        """That of the worst cause."""
        return self.own or max(map(urgency_of, self.causes), default=Urgency.WARNING)


_NOTHING = Facts(frozenset(), frozenset(), frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Filter:
    """Takes an alert that has something of every list that is not empty, and is at least as urgent."""

    mailboxes: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()
    causes: frozenset[str] = frozenset()
    least: Urgency = Urgency.WARNING

    def takes(self, facts: Facts) -> bool:
        lists = (
            (self.mailboxes, facts.mailboxes),
            (self.domains, facts.domains),
            (self.policies, facts.policies),
            (self.causes, facts.causes),
        )
        return facts.urgency >= self.least and all(not wanted or wanted & has for wanted, has in lists)

    @property
    def takes_all(self) -> bool:
        return self == Filter()


@dataclass(frozen=True, slots=True)
class Subscription:
    """What one channel gets. `mention` is a user or user group that each new message names."""

    channel: str
    filter: Filter = Filter()
    mode: Mode = Mode.EDIT
    quiet: QuietHours | None = None
    mention: str | None = None
    digest: DigestPlan | None = None
    by: str | None = None
    """Who subscribed it; None where a setting did, which Slack cannot change."""
    at: datetime | None = field(default=None, compare=False)
    """Since when it stands so."""


@dataclass(frozen=True, slots=True)
class Mute:
    """Nothing new is posted about `key`: a mailbox's or a policy's key, a code, or a channel's id."""

    kind: MuteKind
    key: str
    until: datetime | None
    by: str
    at: datetime
    reason: str = ""

    def silences(self, facts: Facts, channel: str) -> bool:
        """An alert with several causes only where all of them are muted, which takes a mute for each."""
        told = {
            MuteKind.MAILBOX: facts.mailboxes,
            MuteKind.POLICY: facts.policies,
            MuteKind.CAUSE: facts.causes,
            MuteKind.CHANNEL: frozenset({channel}),
        }
        return bool(told[self.kind]) and told[self.kind] <= {self.key}


GATHERING = timedelta(seconds=60)
"""How long an alert about a connection alone waits for others like it, with which it becomes an incident."""


TOLD_BY_INCIDENT = "an incident tells it"


SECOND_LOOK = timedelta(seconds=10)
"""What was reported late has gathered already, but must be found first: so long may that take."""


@dataclass(frozen=True, slots=True)
class Post:
    """It is to be posted now."""


@dataclass(frozen=True, slots=True)
class Wait:
    """It is looked at again at `until`; None: not before something changes."""

    until: datetime | None
    reason: str


Decision = Post | Wait


@dataclass(frozen=True, slots=True)
class Standing:
    """How an alert stands that no message shows yet. `is_covered`: an incident tells all of it."""

    facts: Facts
    opened_at: datetime
    is_covered: bool = False
    snoozed_until: datetime | None = None
    gathers: bool = False
    """It is about one mailbox, though its only cause is a connection's."""
    was_held: bool = False
    """Somebody has looked at it before."""


def decide(standing: Standing, to: Subscription, mutes: Collection[Mute], now: datetime) -> Decision:
    """Whether an alert's first message is posted to a channel now. Edits are never held back."""
    if to.mode is Mode.DIGEST:
        return Wait(None, "the channel gets digests only")
    if standing.is_covered:
        return Wait(None, TOLD_BY_INCIDENT)
    muted = _muted(standing.facts, to.channel, mutes, now)
    if muted is not None:
        return muted
    waits = [until for until in _waits(standing, to, now) if until[0] > now]
    return Wait(*max(waits)) if waits else Post()


def decide_digest(to: Subscription, mutes: Collection[Mute], now: datetime) -> Decision:
    """It keeps to the time that the channel asked for, whichever hours are quiet."""
    if to.digest is None:
        return Wait(None, "the channel wants no digest")
    return _muted(_NOTHING, to.channel, mutes, now) or Post()


def _muted(facts: Facts, channel: str, mutes: Collection[Mute], now: datetime) -> Wait | None:
    """Each cause may have a mute of its own; then the first that ends lets the alert through."""
    live = [mute for mute in mutes if mute.until is None or mute.until > now]
    whole = [mute.until for mute in live if mute.silences(facts, channel)]
    causes = {mute.key: mute.until for mute in live if mute.kind is MuteKind.CAUSE}
    if facts.causes and facts.causes <= causes.keys():
        ends = [until for code in facts.causes if (until := causes[code]) is not None]
        whole.append(min(ends, default=None))
    if not whole:
        return None
    return Wait(None if None in whole else max(each for each in whole if each), "muted")


def _waits(standing: Standing, to: Subscription, now: datetime) -> list[tuple[datetime, str]]:
    found = []
    if standing.gathers:
        found.append((_gathered_at(standing, now), "others like it may follow"))
    if standing.snoozed_until:
        found.append((standing.snoozed_until, "snoozed"))
    if to.quiet and standing.facts.urgency < to.quiet.breaks and (until := to.quiet.until(now)):
        found.append((until, "quiet hours"))
    return found


def _gathered_at(standing: Standing, now: datetime) -> datetime:
    gathered_at = standing.opened_at + GATHERING
    return gathered_at if standing.was_held else max(gathered_at, now + SECOND_LOOK)
