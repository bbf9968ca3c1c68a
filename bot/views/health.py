"""How syncbot itself is: what reaches Slack, what waits, and who is at work."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """`reason` says why nothing can be delivered, in Slack's own word; None while all goes well.

    `needs_somebody`: waiting does not mend it. `told_at`: when the admins were told.
    """

    channel: str
    is_subscribed: bool
    delivered_at: datetime | None = None
    reason: str | None = None
    since: datetime | None = None
    retry_after: datetime | None = None
    told_at: datetime | None = None
    needs_somebody: bool = False


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Messages that differ from what they should show, since Slack did not take them."""

    channel: str
    reason: str
    messages: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """Messages that are posted later, if at all, as it should be."""

    reason: str
    messages: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows that wait for a sweep. `since`: how long the oldest of them has; None where nothing waits."""

    kind: str
    rows: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class EngineHealth:
    """`unsent` are retries that the engine did not take yet, though it was asked."""

    running: int = 0
    began_at: datetime | None = None
    ended_at: datetime | None = None
    unsent: int = 0
    unsent_since: datetime | None = None
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class ConnectionHealth:
    """Of Socket Mode. `heard_at`: the newest sign of life of the connection."""

    is_connected: bool
    since: datetime | None = None
    heard_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SweepHealth:
    """`ended_at`: when it was last done; None until then. `failed`: the newest one broke off."""

    name: str
    ended_at: datetime | None
    failed: bool
    is_late: bool

    @property
    def is_well(self) -> bool:
        return not self.failed and not self.is_late


@dataclass(frozen=True, slots=True)
class HealthCard:
    """`connection` is None where Slack calls syncbot, over HTTP."""

    as_of: datetime
    channels: tuple[ChannelHealth, ...]
    undelivered: tuple[Undelivered, ...]
    held: tuple[Held, ...]
    backlog: tuple[Waiting, ...]
    engine: EngineHealth
    connection: ConnectionHealth | None
    sweeps: tuple[SweepHealth, ...]
