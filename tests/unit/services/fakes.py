"""What the use cases need from outside, as small as it can be."""
# ruff: noqa: ARG002 - the signatures are the ports'

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from bot.config import SubjectsFor
from bot.domain.access import Grants
from bot.domain.events import Envelope
from bot.domain.standing import Holding, Membership, Person
from bot.domain.values import (
    AlertId,
    Frequency,
    MailboxId,
    MailboxStatus,
    Outcome,
    PolicyId,
    RetryKey,
    RetryOutcome,
    Role,
    Severity,
    Unit,
    WatchId,
)
from bot.errors import LastAdmin
from bot.occasion import Occasion, present
from bot.ports import Recorded, RetryRequest, RetryTarget, Watch
from bot.services.access import Access
from bot.views import (
    EVERYTHING,
    ErrorList,
    FailureGroups,
    HistoryList,
    LastGood,
    MailboxList,
    MailboxRef,
    MailboxRow,
    Narrowing,
    Overview,
    Page,
    PolicyBadge,
    PolicyLine,
    PolicyList,
    PolicySwitched,
    RetryStarted,
    RunDay,
    SearchResult,
    StatusCard,
)
from bot.views.audit import AuditLine, AuditPage
from bot.views.exports import ErrorSheet

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ADMIN, OPERATOR, VIEWER, NOBODY = "U0ADA", "U0OMAR", "U0VERA", "U0NILS"
GRANTS = Grants.of(
    {
        Role.ADMIN: frozenset({ADMIN}),
        Role.OPERATOR: frozenset({OPERATOR, "S0DESK"}),
        Role.VIEWER: frozenset({VIEWER}),
    }
)


@dataclass
class FakeClock:
    at: datetime = NOON

    def now(self) -> datetime:
        return self.at


@dataclass
class FakeBell:
    rings: int = 0

    def ring(self) -> None:
        self.rings += 1


@dataclass
class FakeDirectory:
    """`answers` off: as the real one when Slack does not say who is in a group.

    Everybody is a full member of the workspace, but for whom `people` has as something else.
    """

    people: dict[str, Person] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    """User groups by their handles, besides those of `members`."""
    answers: bool = True

    async def groups_of(self, user: str, groups: Collection[str]) -> frozenset[str]:
        known = groups if self.answers else ()
        return frozenset(group for group in known if user in self.members.get(group, ()))

    async def members_of(self, group: str) -> frozenset[str]:
        return frozenset(self.members.get(group, ())) if self.answers else frozenset()

    async def email_of(self, user: str) -> str | None:
        return self.emails.get(user) if self.answers else None

    async def person(self, user: str) -> Person:
        return self.people.get(user, Person(Membership.MEMBER))

    async def handles(self) -> Mapping[str, str] | None:
        if not self.answers:
            return None
        return {group.removeprefix("S0").lower(): group for group in self.members} | self.named


@dataclass
class FakeBook:
    """What was granted in Slack. `last_admin` refuses every change, as the real one may."""

    granted: dict[str, Holding] = field(default_factory=dict)
    last_admin: bool = False
    kept: list[bool] = field(default_factory=list)

    async def all(self) -> tuple[Holding, ...]:
        return tuple(self.granted.values())

    async def put(self, holding: Holding, *, keep_admin: bool) -> bool:
        self._ask(keep_admin)
        before = self.granted.get(holding.who)
        self.granted[holding.who] = holding
        return before is None or before.role is not holding.role

    async def remove(self, who: str, *, by: str, now: datetime, keep_admin: bool) -> Holding | None:
        self._ask(keep_admin)
        return self.granted.pop(who, None)

    def _ask(self, keep_admin: bool) -> None:  # noqa: FBT001 - the port's
        self.kept.append(keep_admin)
        if self.last_admin:
            raise LastAdmin("Nobody would be left.")


@dataclass
class FakeAudit:
    lines: list[tuple[str, Severity, str, str]] = field(default_factory=list)
    occasions: list[Occasion | None] = field(default_factory=list)

    async def write(
        self,
        *,
        at: datetime,
        actor: str,
        severity: Severity,
        event: str,
        message: str,
        mailbox: MailboxId | None = None,
    ) -> None:
        self.lines.append((actor, severity, event, message))
        self.occasions.append(present())


def access(
    subjects_for: SubjectsFor = SubjectsFor.OPERATORS,
    directory: FakeDirectory | None = None,
    audit: FakeAudit | None = None,
    book: FakeBook | None = None,
) -> Access:
    people, lines = directory or FakeDirectory(), audit or FakeAudit()
    return Access(GRANTS, subjects_for, people, lines, FakeClock(), book or FakeBook())


@dataclass
class FakeRecorder:
    outcome: Recorded = Recorded.APPLIED

    async def record(self, envelopes: Sequence[Envelope], now: datetime) -> list[Recorded]:
        return [self.outcome] * len(envelopes)


@dataclass
class FakeMailboxes:
    rows: tuple[MailboxRow, ...] = ()
    near: tuple[MailboxRef, ...] = ()
    is_close: bool = False
    asked: list[object] = field(default_factory=list)

    async def by_address(self, address: str) -> tuple[MailboxRow, ...]:
        self.asked.append(address)
        return tuple(row for row in self.rows if address in (row.mailbox.source, row.mailbox.destination))

    async def version(self, mailbox: MailboxId) -> int:
        return 40 + mailbox

    async def closest(self, address: str, limit: int) -> tuple[MailboxRef, ...]:
        return self.near[:limit]

    async def listed(
        self,
        *,
        status: MailboxStatus | None,
        policy: str | None,
        page: int,
        size: int,
        incident: AlertId | None = None,
    ) -> MailboxList:
        cause = f"Cause of incident {incident}" if incident else None
        return MailboxList(self.rows, Page(page, size, len(self.rows)), status, policy, cause=cause)

    async def search(self, text: str, *, page: int, size: int) -> SearchResult:
        return SearchResult(text, self.rows, Page(page, size, len(self.rows)), is_close=self.is_close)


@dataclass
class FakeDetails:
    """Every mailbox has the same cards; None stands for a mailbox that is gone."""

    status_card: StatusCard | None = None
    error_list: ErrorList | None = None
    history_list: HistoryList | None = None
    last_good_card: LastGood | None = None
    overview_card: Overview | None = None
    pages: list[tuple[int, int]] = field(default_factory=list)
    narrowings: list[Narrowing] = field(default_factory=list)

    async def status(self, mailbox: MailboxId, now: datetime) -> StatusCard | None:
        return self.status_card

    async def history(
        self, mailbox: MailboxId, *, page: int, size: int, outcome: Outcome | None = None
    ) -> HistoryList | None:
        self.pages.append((page, size))
        return self.history_list and replace(self.history_list, outcome=outcome)

    async def run_days(self, mailbox: MailboxId, *, since: date, until: date) -> tuple[RunDay, ...]:
        return (RunDay(since), RunDay(until, {Outcome.SYNCED: 1}, 7))

    async def last_good(self, mailbox: MailboxId, now: datetime) -> LastGood | None:
        return self.last_good_card

    async def dismissed(self, mailbox: MailboxId, *, page: int, size: int) -> ErrorList | None:
        return await self.errors(mailbox, page=page, size=size)

    async def errors(
        self, mailbox: MailboxId, *, page: int, size: int, narrowing: Narrowing = EVERYTHING
    ) -> ErrorList | None:
        """The `page`th slice of all lines, as the store would give it."""
        self.pages.append((page, size))
        self.narrowings.append(narrowing)
        if self.error_list is None:
            return None
        lines = self.error_list.lines
        return replace(
            self.error_list,
            lines=lines[(page - 1) * size : page * size],
            page=Page(page, size, len(lines)),
        )

    async def overview(self, now: datetime, *, failing: int) -> Overview:
        assert self.overview_card
        return self.overview_card

    async def failure_groups(self, now: datetime) -> FailureGroups:
        return FailureGroups((), 0, 0, now)

    async def audit(
        self, mailbox: MailboxId | None, *, before: int | None, after: int | None, size: int
    ) -> AuditPage | None:
        """Of a mailbox without a status card nothing is known."""
        if mailbox is not None and self.status_card is None:
            return None
        line = AuditLine(7, NOON, ADMIN, Severity.INFORMATION, "access granted", "viewer: U0VERA")
        return AuditPage((line,), "alice@contoso.com" if mailbox else None, before, after)

    async def policies(self, now: datetime, *, page: int, size: int) -> PolicyList:
        badge = PolicyBadge("Gold", True, Frequency(1, Unit.HOUR), 30)  # noqa: FBT003 - active
        line = PolicyLine(PolicyId(1), badge, ("email",), 3, 1, now, is_ours=True)
        return PolicyList((line,), Page(1, size, 1), now)


@dataclass
class FakePolicies:
    """Fills PolicyBook. `active` has what is so by each policy's id; others do not exist."""

    active: dict[int, bool] = field(default_factory=lambda: {1: True})
    by: list[str] = field(default_factory=list)

    async def switch(
        self, policy: PolicyId, *, active: bool, by: str, now: datetime
    ) -> PolicySwitched | None:
        if policy not in self.active:
            return None
        was, self.active[policy] = self.active[policy], active
        self.by.append(by)
        return PolicySwitched("Gold", active=active, is_new=was != active)


@dataclass
class FakeRetries:
    """`claimed` is what a claim gives; the rest is what happened."""

    claimed: RetryStarted | None = None
    due: tuple[RetryRequest, ...] = ()
    late: tuple[RetryKey, ...] = ()
    targets: list[RetryTarget] = field(default_factory=list)
    deadlines: list[datetime] = field(default_factory=list)
    sent_keys: list[RetryKey] = field(default_factory=list)
    postponed: dict[RetryKey, datetime] = field(default_factory=dict)
    ended: dict[RetryKey, tuple[RetryOutcome, str]] = field(default_factory=dict)

    async def claim(
        self, target: RetryTarget, *, actor: str, now: datetime, deadline: datetime
    ) -> RetryStarted | None:
        self.targets.append(target)
        self.deadlines.append(deadline)
        return self.claimed

    async def lease_due(self, now: datetime, *, until: datetime, limit: int) -> tuple[RetryRequest, ...]:
        return self.due[:limit]

    async def sent(self, key: RetryKey, now: datetime) -> None:
        self.sent_keys.append(key)

    async def postpone(self, key: RetryKey, *, until: datetime) -> None:
        self.postponed[key] = until

    async def end(self, key: RetryKey, outcome: RetryOutcome, detail: str, now: datetime) -> bool:
        self.ended[key] = (outcome, detail)
        return True

    async def expired(self, now: datetime, limit: int) -> tuple[RetryKey, ...]:
        return self.late


@dataclass
class FakeEngine:
    """Answers a request with the exception planned for its key, else takes it."""

    trouble: dict[str, Exception] = field(default_factory=dict)

    async def request_retry(self, request: RetryRequest) -> None:
        if request.key in self.trouble:
            raise self.trouble[request.key]


@dataclass
class FakeWatches:
    due: tuple[Watch, ...] = ()
    followed: list[tuple[Watch, MailboxId | None, datetime]] = field(default_factory=list)
    not_before: dict[str, datetime | None] = field(default_factory=dict)
    digests: dict[WatchId, str | None] = field(default_factory=dict)
    hashes: dict[WatchId, str | None] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    postponed: dict[WatchId, tuple[datetime, str | None]] = field(default_factory=dict)

    async def follow(
        self,
        watch: Watch,
        *,
        mailbox: MailboxId | None,
        expires_at: datetime,
        not_before: datetime | None = None,
    ) -> None:
        self.followed.append((watch, mailbox, expires_at))
        self.not_before[watch.target] = not_before

    async def lease_due(self, now: datetime, *, until: datetime, limit: int) -> tuple[Watch, ...]:
        return self.due[:limit]

    async def shown(
        self,
        watch: Watch,
        *,
        hash: str | None,  # noqa: A002 - the port's word
        digest: str | None = None,
        not_before: datetime | None = None,
    ) -> None:
        self.hashes[watch.id] = hash
        self.digests[watch.id] = digest
        self.not_before[watch.target] = not_before

    async def postpone(self, watch: Watch, *, until: datetime, hash: str | None) -> None:  # noqa: A002
        self.postponed[watch.id] = (until, hash)

    async def drop(self, target: str) -> None:
        self.dropped.append(target)


@dataclass
class FakeFiles:
    """`trouble` is met by every file."""

    sent: list[tuple[str, ErrorSheet]] = field(default_factory=list)
    trouble: Exception | None = None

    async def send_errors(self, user: str, sheet: ErrorSheet) -> None:
        if self.trouble:
            raise self.trouble
        self.sent.append((user, sheet))
