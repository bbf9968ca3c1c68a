"""The ports of bot.ports, filled by SQL: each method runs one function in one transaction."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert

from bot.domain.events import Envelope
from bot.domain.values import AlertId, MailboxId, MailboxStatus, Outcome, RetryKey, RetryOutcome, Severity
from bot.ports import Recorded, RetryRequest, RetryTarget, Watch
from bot.ports.health import HealthRecord
from bot.ports.home import HomeRecord
from bot.store import (
    auditing,
    failure_lists,
    finding,
    health,
    history,
    home,
    incident_cards,
    last_good,
    mailbox_lists,
    overview,
    policies,
    recording,
    retry_requests,
    run_days,
    status_card,
    watching,
)
from bot.store.database import Database
from bot.store.tables import audit
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
    PolicyList,
    RetryStarted,
    RunDay,
    SearchResult,
    StatusCard,
)
from bot.views.audit import AuditLine, AuditPage


@dataclass(frozen=True, slots=True)
class SqlRecorder:
    database: Database

    async def record(self, envelopes: Sequence[Envelope], now: dt.datetime) -> list[Recorded]:
        return await self.database.write(recording.record, envelopes, now)


@dataclass(frozen=True, slots=True)
class SqlMailboxes:
    database: Database

    async def by_address(self, address: str) -> tuple[MailboxRow, ...]:
        return await self.database.read(mailbox_lists.by_address, address)

    async def by_id(self, mailbox: MailboxId) -> MailboxRef | None:
        return await self.database.read(mailbox_lists.by_id, mailbox)

    async def version(self, mailbox: MailboxId) -> int:
        return await self.database.read(mailbox_lists.version, mailbox)

    async def closest(self, text: str, limit: int) -> tuple[MailboxRef, ...]:
        return await self.database.read(finding.meant, text, limit)

    async def listed(
        self,
        *,
        status: MailboxStatus | None,
        policy: str | None,
        page: int,
        size: int,
        incident: AlertId | None = None,
    ) -> MailboxList:
        if incident is not None:
            return await self.database.read(incident_cards.failing, incident, page, size)
        return await self.database.read(mailbox_lists.listed, status, policy, page, size)

    async def search(self, text: str, *, page: int, size: int) -> SearchResult:
        return await self.database.read(mailbox_lists.search, text, page, size)


@dataclass(frozen=True, slots=True)
class SqlDetails:
    database: Database

    async def status(self, mailbox: MailboxId, now: dt.datetime) -> StatusCard | None:
        return await self.database.read(status_card.status_card, mailbox, now)

    async def history(
        self, mailbox: MailboxId, *, page: int, size: int, outcome: Outcome | None = None
    ) -> HistoryList | None:
        return await self.database.read(history.history, mailbox, page, size, outcome)

    async def run_days(self, mailbox: MailboxId, *, since: dt.date, until: dt.date) -> tuple[RunDay, ...]:
        return await self.database.read(run_days.run_days, mailbox, since, until)

    async def last_good(self, mailbox: MailboxId, now: dt.datetime) -> LastGood | None:
        return await self.database.read(last_good.last_good, mailbox, now)

    async def errors(
        self, mailbox: MailboxId, *, page: int, size: int, narrowing: Narrowing = EVERYTHING
    ) -> ErrorList | None:
        return await self.database.read(failure_lists.errors, mailbox, page, size, narrowing)

    async def dismissed(self, mailbox: MailboxId, *, page: int, size: int) -> ErrorList | None:
        return await self.database.read(failure_lists.dismissed, mailbox, page, size)

    async def overview(self, now: dt.datetime, *, failing: int) -> Overview:
        return await self.database.read(overview.overview, now, failing)

    async def failure_groups(self, now: dt.datetime) -> FailureGroups:
        return await self.database.read(failure_lists.failure_groups, now)

    async def audit(
        self, mailbox: MailboxId | None, *, before: int | None, after: int | None, size: int
    ) -> AuditPage | None:
        return await self.database.read(auditing.audit_page, mailbox, before=before, after=after, size=size)

    async def policies(self, now: dt.datetime, *, page: int, size: int) -> PolicyList:
        return await self.database.read(policies.listed, page, size, now)


@dataclass(frozen=True, slots=True)
class SqlRetries:
    database: Database

    async def claim(
        self, target: RetryTarget, *, actor: str, now: dt.datetime, deadline: dt.datetime
    ) -> RetryStarted | None:
        asking = retry_requests.Asking(actor, now, deadline)
        return await self.database.write(retry_requests.claim, target, asking)

    async def lease_due(
        self, now: dt.datetime, *, until: dt.datetime, limit: int
    ) -> tuple[RetryRequest, ...]:
        return await self.database.write(retry_requests.lease_due, now, until, limit)

    async def sent(self, key: RetryKey, now: dt.datetime) -> None:
        await self.database.write(retry_requests.sent, key, now)

    async def postpone(self, key: RetryKey, *, until: dt.datetime) -> None:
        await self.database.write(retry_requests.postpone, key, until)

    async def end(self, key: RetryKey, outcome: RetryOutcome, detail: str, now: dt.datetime) -> bool:
        return await self.database.write(retry_requests.end, key, outcome, detail, now)

    async def expired(self, now: dt.datetime, limit: int) -> tuple[RetryKey, ...]:
        return await self.database.read(retry_requests.expired, now, limit)


@dataclass(frozen=True, slots=True)
class SqlWatches:
    database: Database

    async def follow(
        self,
        watch: Watch,
        *,
        mailbox: MailboxId | None,
        expires_at: dt.datetime,
        not_before: dt.datetime | None = None,
    ) -> None:
        await self.database.write(watching.follow, watch, mailbox, expires_at, not_before)

    async def lease_due(self, now: dt.datetime, *, until: dt.datetime, limit: int) -> tuple[Watch, ...]:
        return await self.database.write(watching.lease_due, now, until, limit)

    async def shown(
        self,
        watch: Watch,
        *,
        hash: str | None,  # noqa: A002 - Slack's word
        digest: str | None = None,
        not_before: dt.datetime | None = None,
    ) -> None:
        await self.database.write(watching.shown, watch, hash, digest, not_before)

    async def postpone(self, watch: Watch, *, until: dt.datetime, hash: str | None) -> None:  # noqa: A002
        await self.database.write(watching.postpone, watch, until, hash)

    async def drop(self, target: str) -> None:
        await self.database.write(watching.drop, target)


@dataclass(frozen=True, slots=True)
class SqlAudit:
    database: Database

    async def write(
        self,
        *,
        at: dt.datetime,
        actor: str,
        severity: Severity,
        event: str,
        message: str,
        mailbox: MailboxId | None = None,
    ) -> None:
        row = {"at": at, "actor": actor, "severity": severity, "event": event, "message": message}
        await self.database.write(_insert_audit, row | {"mailbox_id": mailbox})

    async def lines(
        self, mailbox: MailboxId | None, *, since: dt.datetime | None, before: int | None, limit: int
    ) -> tuple[AuditLine, ...]:
        return await self.database.read(
            auditing.audit_lines, mailbox, since=since, before=before, limit=limit
        )


@dataclass(frozen=True, slots=True)
class SqlHealth:
    database: Database

    async def read(self) -> HealthRecord:
        return await self.database.read(health.read)


@dataclass(frozen=True, slots=True)
class SqlHome:
    database: Database

    async def read(
        self,
        now: dt.datetime,
        *,
        since: dt.date,
        mailboxes: Collection[MailboxId],
        causes: Collection[str] = (),
    ) -> HomeRecord:
        return await self.database.read(home.read, now, since, mailboxes, causes)


def _insert_audit(connection: Connection, row: dict[str, Any]) -> None:
    connection.execute(insert(audit), row)
