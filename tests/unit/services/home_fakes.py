"""Home tabs that only remember, and what they show."""
# ruff: noqa: ARG002 - the signatures are the ports'

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.domain.values import MailboxId
from bot.ports.home import HomeRecord
from bot.services.access import Access
from bot.services.admins import GrantedAdmins
from bot.services.health import Health
from bot.services.home import Homes
from bot.services.pulse import Pulse
from bot.services.snapshots import Snapshots
from bot.views.home import HomeCard
from tests.unit.services.alert_fakes import FakeSubscriptions
from tests.unit.services.fakes import FakeClock, FakeDetails, FakeDirectory, FakeWatches
from tests.unit.services.health_fakes import FakeHealthRecords, no_connection


@dataclass
class FakeHomeRecords:
    record: HomeRecord = field(default_factory=lambda: HomeRecord((), 0, (), {}))
    reads: list[datetime] = field(default_factory=list)

    async def read(
        self,
        now: datetime,
        *,
        since: date,
        mailboxes: Collection[MailboxId],
        causes: Collection[str] = (),
    ) -> HomeRecord:
        self.reads.append(now)
        return self.record


@dataclass
class FakeScopes:
    missing: tuple[str, ...] | None = ()

    async def lacking(self) -> tuple[str, ...] | None:
        return self.missing


@dataclass
class FakeScreens:
    """`published` are user, card and the hash it was published over; `trouble` is met by every call."""

    published: list[tuple[str, HomeCard, str | None]] = field(default_factory=list)
    closed: list[tuple[str, str, frozenset[str]]] = field(default_factory=list)
    trouble: Exception | None = None

    def digest(self, card: HomeCard) -> str:
        return f"{card.role}/{card.facts.overview.open_failures}/{card.started}"

    async def publish(self, user: str, card: HomeCard, *, over: str | None = None) -> str | None:
        if self.trouble:
            raise self.trouble
        self.published.append((user, card, over))
        return f"hash-{len(self.published)}"

    async def close(self, user: str, why: str, admins: Collection[str]) -> None:
        if self.trouble:
            raise self.trouble
        self.closed.append((user, why, frozenset(admins)))


def homes(
    access: Access,
    details: FakeDetails,
    screens: FakeScreens,
    watches: FakeWatches,
    clock: FakeClock,
    records: FakeHomeRecords | None = None,
    scopes: FakeScopes | None = None,
) -> Homes:
    health = Health(FakeHealthRecords(), FakeSubscriptions(), Pulse(clock), clock, no_connection)
    snapshots = Snapshots(
        details, records or FakeHomeRecords(), health, scopes or FakeScopes(), access, clock
    )
    admins = GrantedAdmins(access.grants, FakeDirectory())
    return Homes(snapshots, FakeSubscriptions(), screens, watches, access, admins, clock)
