"""Ordinary models, to read their cards by."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain import values as v
from bot.views import (
    AlertCard,
    AuditLine,
    CardKind,
    CardRef,
    CauseProgress,
    CredentialCard,
    DigestCard,
    DigestCause,
    DigestPart,
    ErrorList,
    FailureLine,
    FirstFailure,
    IncidentCard,
    LastGood,
    MailboxRef,
    Page,
    PolicyBadge,
    RetryEntry,
    RetryProgress,
    RunDay,
    RunEntry,
    RunProgress,
    StatusCard,
    UnderWay,
)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NOON_IN_SLACK = "<!date^1795435200^{date_short_pretty} {time}|2026-11-23 12:00 UTC>"
ELEVEN_IN_SLACK = "<!date^1795431600^{date_short_pretty} {time}|2026-11-23 11:00 UTC>"
HOUR = timedelta(hours=1)
ALICE = MailboxRef(v.MailboxId(3), "alice@contoso.com", "alice@contoso.net")
GOLD = PolicyBadge("Gold", active=True, frequency=v.Frequency(6, v.Unit.HOUR), deletion_delay_days=30)
STATUS = CardRef(CardKind.STATUS, ALICE.id)
TOO_LARGE = (
    "Larger than Gmail takes. *Remedy:* Share the attachment through Drive, then dismiss. `dest_too_large`"
)
ERRORS = CardRef(CardKind.ERRORS, ALICE.id)


def run(**changed: Any) -> RunEntry:
    entry = RunEntry(
        key="run:1",
        kind=v.RunKind.DELTA,
        trigger=v.Trigger.SCHEDULE,
        actor=v.SYSTEM,
        status=v.RunStatus.SUCCEEDED,
        started_at=NOON,
        finished_at=NOON + timedelta(minutes=2, seconds=5),
        services=(v.ServiceCounts("email", changes=1204, bytes=5 * 1024**2, failed=2),),
    )
    return replace(entry, **changed)


def retry(*, requested: int, succeeded: int = 0, failed: int = 0, unanswered: int = 0) -> RetryEntry:
    return RetryEntry("retry:1", "U0ADA", NOON, NOON + HOUR, requested, succeeded, failed, unanswered)


def line(number: int = 1, **changed: Any) -> FailureLine:
    failure = FailureLine(
        id=v.FailureId(number),
        mailbox=ALICE,
        item=f"item-{number}",
        service="email",
        folder="Inbox",
        subject="Q3 <numbers>",
        sender="Bob <bob@example.com>",
        received_at=NOON,
        size=38 * 1024**2,
        code="dest_too_large",
        cause="larger than Gmail takes",
        remedy="share the attachment through Drive, then dismiss",
        message="413 Request Entity Too Large",
        heals_by_itself=False,
        attempts=3,
        first_at=NOON - HOUR,
        last_at=NOON,
        retry_at=None,
        state=v.FailureState.OPEN,
        escalate=False,
    )
    return replace(failure, **changed)


def retrying_line(number: int = 1) -> FailureLine:
    return line(number, state=v.FailureState.RETRYING, retrying_by="U0ADA", retrying_since=NOON)


def run_line(**changed: Any) -> FailureLine:
    failed = line(item=None, service=None, folder=None, size=None, received_at=None)
    return replace(
        failed,
        **{"code": "source_auth", "cause": "certificate expired", "remedy": "renew the connection"} | changed,
    )


def status(**changed: Any) -> StatusCard:
    card = StatusCard(
        mailbox=ALICE,
        status=v.MailboxStatus.SYNCED,
        stage=v.Stage.SYNCED,
        delta=v.Delta.UP_TO_DATE,
        policy=GOLD,
        latest_sync_at=NOON,
        next_sync_at=NOON + 6 * HOUR,
        overdue=False,
        open_failures=0,
        retrying=0,
        escalate=False,
        run_failure=None,
        activity=(v.ServiceCounts("email", changes=1204),),
        activity_status=v.RunStatus.SUCCEEDED,
        history=(retry(requested=1, succeeded=1), run()),
        history_total=2,
        as_of=NOON,
        may_act=True,
    )
    return replace(card, **changed)


def running(done: int | None, total: int | None) -> StatusCard:
    """A minute after its run began."""
    run_ = RunProgress(v.RunKind.DELTA, NOON, NOON + timedelta(minutes=1), done, total)
    return status(status=v.MailboxStatus.IN_PROGRESS, delta=v.Delta.RUNNING, under_way=UnderWay(run_))


def bulk_retry(**changed: Any) -> RetryProgress:
    """Twelve items, of which five were answered within a minute."""
    causes = (
        CauseProgress("dest_too_large", "larger than Gmail takes", 6, healed=2, failed=1),
        CauseProgress("dest_rejected", "refused by Gmail", 3),
        CauseProgress("dest_unavailable", "Gmail is down", 2, healed=1, unanswered=1),
        CauseProgress("source_busy", "Exchange is busy", 1),
    )
    progress = RetryProgress("U0ADA", NOON, 12, 3, 1, 1, NOON + timedelta(minutes=1), causes=causes)
    return replace(progress, **changed)


def ended_retry() -> RetryProgress:
    return bulk_retry(healed=9, failed=2, ended_at=NOON + timedelta(minutes=3), causes=())


def errors(*lines: FailureLine, **changed: Any) -> ErrorList:
    total = len(lines)
    waiting = sum(one.state is v.FailureState.OPEN for one in lines)
    card = ErrorList(
        mailbox=ALICE,
        lines=lines,
        page=Page(1, 5, total),
        may_act=True,
        retryable=waiting,
        support_contact="help@partner.example",
    )
    return replace(card, **changed)


def alert(*lines: FailureLine, **changed: Any) -> AlertCard:
    card = AlertCard(
        id=v.AlertId(9),
        mailbox=ALICE,
        policy="Gold",
        status=v.MailboxStatus.SYNCED,
        opened_at=NOON,
        cleared_at=None,
        lines=lines[:5],
        open_failures=len(lines),
        retrying=sum(one.state is v.FailureState.RETRYING for one in lines),
        resolved=0,
        next_sync_at=NOON + 6 * HOUR,
    )
    return replace(card, **changed)


def incident(**changed: Any) -> IncidentCard:
    """Ten thousand mailboxes whose credentials are dead; 188 are left."""
    card = IncidentCard(
        id=v.AlertId(10),
        code="dest_auth",
        cause="Google refused the credentials of the connection",
        remedy="Renew the connection",
        connection="google",
        opened_at=NOON,
        cleared_at=None,
        mailboxes=10_000,
        failing=188,
        retrying=0,
        dismissed=0,
        heals_by_itself=False,
        synced_within=HOUR,
        first=tuple(MailboxRef(v.MailboxId(n), f"m{n}@contoso.com", "") for n in range(1, 11)),
        retried_at_once=500,
    )
    return replace(card, **changed)


def credential(**changed: Any) -> CredentialCard:
    card = CredentialCard(
        id=v.AlertId(11),
        connection="contoso-m365",
        credential=v.Credential.CERTIFICATE,
        expires_at=NOON,
        is_declared=False,
        step=v.Step.WEEK,
        opened_at=NOON - 7 * 24 * HOUR,
        cleared_at=None,
        ending=None,
        mailboxes=1_204,
    )
    return replace(card, **changed)


def digest(**changed: Any) -> DigestCard:
    """A week of a company, of which two mailboxes fail still."""
    began = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
    numbers = ((812, 3, 1), (640, 0, 2), (905, 9, 4), (77, 0, 5), (0, 0, 0), (1_204, 2, 1), (33, 1, 0))
    parts = [DigestPart(began + n * 24 * HOUR, *each) for n, each in enumerate(numbers)]
    large = "Larger than Gmail takes"
    card = DigestCard(
        id=v.AlertId(12),
        zone="Europe/Zurich",
        is_weekly=True,
        begins_at=began,
        ends_at=began + 7 * 24 * HOUR,
        counted_at=began + 7 * 24 * HOUR,
        is_late=False,
        is_filtered=False,
        mailboxes=1_210,
        synced=1_204,
        changes=3_671,
        failed=15,
        failed_mailboxes=9,
        healed_by_itself=11,
        healed_by_click=2,
        dismissed=0,
        unresolved=2,
        unresolved_mailboxes=2,
        never_synced=0,
        oldest_success_at=began + 4 * 24 * HOUR,
        causes=(
            DigestCause("dest_too_large", large, "Share the attachment through Drive", False, 1, 1),  # noqa: FBT003
            DigestCause("source_busy", "Exchange is busy", "Check it if it lasts", True, 1, 1),  # noqa: FBT003
        ),
        more_causes=0,
        parts=tuple(parts),
    )
    return replace(card, **changed)


def last_good(**changed: Any) -> LastGood:
    """A connection was changed an hour before the first run failed."""
    good = run(key="run:0", services=(v.ServiceCounts("email", changes=12),))
    bad = run(
        key="run:1",
        status=v.RunStatus.FAILED,
        started_at=NOON + 6 * HOUR,
        finished_at=NOON + 6 * HOUR + timedelta(seconds=9),
        services=(),
        code="source_auth",
        message="AADSTS7000222",
        cause="certificate expired",
    )
    cause, remedy = "certificate expired", "renew the connection"
    card = LastGood(
        mailbox=ALICE,
        good=good,
        as_of=NOON + 30 * HOUR,
        began_at=bad.started_at,
        run=bad,
        first=FirstFailure("source_auth", cause, remedy, NOON + 6 * HOUR, is_item=False),
        oldest_at=NOON - 500 * HOUR,
        deeds=(
            deed(
                2, 6.5, "U0OMAR", "retry requested", "alice@contoso.com: sync of the mailbox", "mailbox.sync"
            ),
            deed(1, 5, "cli:ada", "connection updated", "contoso-m365"),
        ),
    )
    return replace(card, **changed)


def deed(number: int, hours: float, by: str, event: str, message: str, via: str | None = None) -> AuditLine:
    at = NOON + timedelta(hours=hours)
    return AuditLine(number, at, by, v.Severity.INFORMATION, event, message, via)


def run_days(*numbers: tuple[int, int, int]) -> tuple[RunDay, ...]:
    """How many runs synced, synced with failed items, and failed; the last one is today."""
    first = NOON.date() - timedelta(days=len(numbers) - 1)
    ways = (v.Outcome.SYNCED, v.Outcome.PARTIAL, v.Outcome.FAILED)
    return tuple(
        RunDay(first + timedelta(days=n), dict(zip(ways, each, strict=True)), 100 * each[0])
        for n, each in enumerate(numbers)
    )
