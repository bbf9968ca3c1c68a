"""An ordinary view model of each kind, as the database might hold it. Nobody in them exists."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain import values as v
from bot.domain.catalogue import cause_of
from bot.views import (
    AlertCard,
    CauseGroup,
    CauseProgress,
    CredentialCard,
    DigestCard,
    DigestCause,
    DigestPart,
    Expired,
    FailingMailbox,
    FailureGroups,
    FailureLine,
    IncidentCard,
    MailboxRef,
    MailboxRow,
    Overview,
    PolicyBadge,
    RetryEntry,
    RetryProgress,
    RunEntry,
    RunProgress,
    StatusCard,
    UnderWay,
)
from bot.views.health import (
    ChannelHealth,
    ConnectionHealth,
    EngineHealth,
    HealthCard,
    Held,
    SweepHealth,
    Undelivered,
    Waiting,
)

_ARCHIVED: Final = "C0ARCHIVED"
ANA: Final = MailboxRef(v.MailboxId(1), "ana@source.example", "ana@destination.example")
CONTACT: Final = "help@support.example"
SOMEBODY: Final = "U0SAMPLE"
_POLICY: Final = PolicyBadge(
    "Standard", active=True, frequency=v.Frequency(6, v.Unit.HOUR), deletion_delay_days=30
)
_COUNTS: Final = (v.ServiceCounts("email", changes=1204, bytes=5 * 1024**2, failed=2),)
_TOO_LARGE, _EXPIRED = "dest_too_large", "source_auth"


@dataclass(frozen=True, slots=True)
class Usual:
    """As of `now`."""

    now: datetime

    @property
    def health(self) -> HealthCard:
        since = self.now - timedelta(hours=1)
        return HealthCard(
            as_of=self.now,
            channels=(
                ChannelHealth(
                    _ARCHIVED, is_subscribed=True, reason="is_archived", since=since, needs_somebody=True
                ),
                ChannelHealth("C0SAMPLE", is_subscribed=True, delivered_at=self.now),
            ),
            undelivered=(Undelivered(_ARCHIVED, "is_archived", 12, since),),
            held=(Held("quiet hours", 3),),
            backlog=(Waiting("alerts", 12, since), Waiting("retries", 0, None)),
            engine=EngineHealth(20, self.now, self.now),
            connection=ConnectionHealth(is_connected=True, since=since, heard_at=self.now),
            sweeps=(SweepHealth("alerts", self.now, failed=False, is_late=False),),
        )

    @property
    def status(self) -> StatusCard:
        return StatusCard(
            mailbox=ANA,
            status=v.MailboxStatus.SYNCED,
            stage=v.Stage.SYNCED,
            delta=v.Delta.UP_TO_DATE,
            policy=_POLICY,
            latest_sync_at=self.now,
            next_sync_at=self.now + timedelta(hours=6),
            overdue=False,
            open_failures=0,
            retrying=0,
            escalate=False,
            run_failure=None,
            activity=_COUNTS,
            activity_status=v.RunStatus.SUCCEEDED,
            history=self.history,
            history_total=9,
            as_of=self.now,
            may_act=True,
            support_contact=CONTACT,
        )

    def under_way(self, total: int | None) -> UnderWay:
        """A run, a retry of several items that goes on, and one that has ended."""
        begun, cause = self.now - timedelta(minutes=2), cause_of(_TOO_LARGE).cause
        run = RunProgress(v.RunKind.DELTA, begun, self.now, 512, total)
        causes = (CauseProgress(_TOO_LARGE, cause, 12, 3, 1, 1),)
        retry = RetryProgress(SOMEBODY, begun, 12, 3, 1, 1, self.now, causes=causes)
        return UnderWay(run, (retry, replace(retry, healed=10, ended_at=self.now)))

    @property
    def history(self) -> tuple[RunEntry | RetryEntry, ...]:
        begun, ended = self.now - timedelta(minutes=2), self.now
        done = RunEntry(
            "run:1",
            v.RunKind.DELTA,
            v.Trigger.SCHEDULE,
            v.SYSTEM,
            v.RunStatus.SUCCEEDED,
            begun,
            ended,
            _COUNTS,
        )
        running = replace(
            done, key="run:2", status=v.RunStatus.RUNNING, finished_at=None, done=512, total=2048
        )
        failed = replace(
            done, key="run:3", status=v.RunStatus.FAILED, services=(), code=_EXPIRED, message="AADSTS7000222"
        )
        retry = RetryEntry("retry:1", SOMEBODY, begun, ended, 3, 1, 1, 1, ("552 too large",))
        return done, running, failed, retry

    @property
    def row(self) -> MailboxRow:
        return MailboxRow(ANA, v.MailboxStatus.SYNCED, _POLICY.name, self.now, 2)

    @property
    def overview(self) -> Overview:
        failing = FailingMailbox(
            ANA, v.MailboxStatus.SYNCED, 2, _TOO_LARGE, cause_of(_TOO_LARGE).cause, self.now
        )
        return Overview(
            mailboxes=40,
            by_status=dict.fromkeys(v.MailboxStatus, 10),
            by_stage=dict.fromkeys(v.Stage, 10),
            by_delta=dict.fromkeys(v.Delta, 10),
            overdue=2,
            bytes=5 * 1024**4,
            changes_24h=12_345,
            newest_success_at=self.now,
            oldest_success_at=self.now - timedelta(days=9),
            open_failures=12,
            failing_total=6,
            failing=(failing,) * 5,
            as_of=self.now,
        )

    @property
    def groups(self) -> FailureGroups:
        cause = cause_of(_TOO_LARGE)
        group = CauseGroup(
            cause.code, cause.cause, cause.remedy, cause.heals_by_itself, 12, 6, (ANA,), self.now
        )
        return FailureGroups((group, group), 24, 12, self.now)

    @property
    def alert(self) -> AlertCard:
        return AlertCard(
            id=v.AlertId(1),
            mailbox=ANA,
            policy=_POLICY.name,
            status=v.MailboxStatus.SYNCED,
            opened_at=self.now - timedelta(hours=1),
            cleared_at=None,
            lines=(self.line(), self.retrying_line),
            open_failures=2,
            retrying=1,
            resolved=0,
            next_sync_at=self.now + timedelta(hours=6),
            support_contact=CONTACT,
        )

    @property
    def incident(self) -> IncidentCard:
        cause = cause_of(_EXPIRED)
        return IncidentCard(
            id=v.AlertId(2),
            code=cause.code,
            cause=cause.cause,
            remedy=cause.remedy,
            connection="microsoft365",
            opened_at=self.now - timedelta(hours=1),
            cleared_at=None,
            mailboxes=10_000,
            failing=188,
            retrying=12,
            dismissed=1,
            heals_by_itself=cause.heals_by_itself,
            synced_within=timedelta(hours=1),
            first=(ANA,) * 10,
            retried_at_once=100,
            support_contact=CONTACT,
        )

    @property
    def credential(self) -> CredentialCard:
        return CredentialCard(
            id=v.AlertId(3),
            connection="microsoft365",
            credential=v.Credential.SECRET,
            expires_at=self.now + timedelta(days=7),
            is_declared=True,
            step=v.Step.WEEK,
            opened_at=self.now,
            cleared_at=None,
            ending=None,
            mailboxes=10_000,
            support_contact=CONTACT,
        )

    @property
    def digest(self) -> DigestCard:
        cause, began = cause_of(_TOO_LARGE), self.now - timedelta(days=7)
        left = DigestCause(cause.code, cause.cause, cause.remedy, cause.heals_by_itself, 2, 1)
        return DigestCard(
            id=v.AlertId(4),
            zone="UTC",
            is_weekly=True,
            begins_at=began,
            ends_at=self.now,
            counted_at=self.now,
            is_late=True,
            is_filtered=True,
            mailboxes=10_000,
            synced=9_999,
            changes=38_112,
            failed=17,
            failed_mailboxes=5,
            healed_by_itself=12,
            healed_by_click=2,
            dismissed=1,
            unresolved=2,
            unresolved_mailboxes=1,
            never_synced=1,
            oldest_success_at=began,
            causes=(left,),
            more_causes=1,
            parts=tuple(DigestPart(began + timedelta(days=n), 100 * n, n, 7 - n) for n in range(7)),
            support_contact=CONTACT,
        )

    @property
    def expired(self) -> Expired:
        return Expired(v.Credential.CERTIFICATE, self.now, is_declared=False)

    @property
    def run_line(self) -> FailureLine:
        cause = cause_of(_EXPIRED)
        whole = replace(
            self.line(9), item=None, service=None, folder=None, subject=None, sender=None, size=None
        )
        return replace(whole, code=cause.code, cause=cause.cause, remedy=cause.remedy, received_at=None)

    @property
    def retrying_line(self) -> FailureLine:
        state = v.FailureState.RETRYING
        return replace(self.line(2), state=state, retrying_by=SOMEBODY, retrying_since=self.now)

    @property
    def retried_line(self) -> FailureLine:
        """Again and again in vain."""
        outcome = v.RetryOutcome.FAILED
        return replace(self.line(3), last_retry=outcome, last_retry_detail="552 too large", escalate=True)

    def line(self, number: int = 1) -> FailureLine:
        cause = cause_of(_TOO_LARGE)
        return FailureLine(
            id=v.FailureId(number),
            mailbox=ANA,
            item=f"item-{number}",
            service="email",
            folder="Inbox",
            subject="Figures <of> Q3",
            sender="Ben <ben@source.example>",
            received_at=self.now,
            size=38 * 1024**2,
            code=cause.code,
            cause=cause.cause,
            remedy=cause.remedy,
            message="413 Request Entity Too Large",
            heals_by_itself=cause.heals_by_itself,
            attempts=3,
            first_at=self.now - timedelta(hours=1),
            last_at=self.now,
            retry_at=None,
            state=v.FailureState.OPEN,
            escalate=False,
        )
