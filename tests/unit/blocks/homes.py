"""Home tabs to draw: of a house that runs, and of one that is new."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.domain.values import Delta, MailboxId, MailboxStatus, Role, RunKind, Stage
from bot.views import CauseGroup, FailureGroups, MailboxRef, Overview
from bot.views.health import ChannelHealth, EngineHealth, HealthCard
from bot.views.home import FailureDay, HomeCard, HomeFacts, LiveRun, Retryable, SetUp, Step, Told
from bot.views.under_way import RunProgress
from tests.unit.blocks.examples import ALICE
from tests.unit.blocks.examples import NOON as NOW

BOB = MailboxRef(MailboxId(4), "bob@contoso.com", "bob@contoso.org")
OVERVIEW = Overview(
    mailboxes=11,
    by_status={MailboxStatus.SYNCED: 8, MailboxStatus.FAILED: 2, MailboxStatus.IN_PROGRESS: 1},
    by_stage={Stage.SYNCED: 10, Stage.INITIAL: 1},
    by_delta={Delta.UP_TO_DATE: 8, Delta.FAILED: 2},
    overdue=1,
    bytes=5 * 2**30,
    changes_24h=1_234,
    newest_success_at=NOW - timedelta(minutes=4),
    oldest_success_at=NOW - timedelta(days=3),
    open_failures=5,
    failing_total=2,
    failing=(),
    as_of=NOW,
)
TOO_LARGE = CauseGroup(
    "dest_too_large",
    "larger than Gmail takes",
    "share the attachment through Drive, then dismiss",
    heals_by_itself=False,
    failures=5,
    mailboxes=2,
    examples=(ALICE, BOB),
    since=NOW - timedelta(hours=5),
)
HEALTH = HealthCard(
    as_of=NOW,
    channels=(ChannelHealth("C0OPS", is_subscribed=True, delivered_at=NOW - timedelta(hours=1)),),
    undelivered=(),
    held=(),
    backlog=(),
    engine=EngineHealth(),
    connection=None,
    sweeps=(),
)
ALL_DONE = tuple(Step(what, is_done=True) for what in SetUp)
RUN = LiveRun(
    ALICE,
    RunProgress(
        RunKind.INITIAL,
        NOW - timedelta(minutes=10),
        heard_at=NOW - timedelta(minutes=5),
        done=1_000,
        total=4_000,
    ),
)
FACTS = HomeFacts(
    overview=OVERVIEW,
    causes=FailureGroups((TOO_LARGE,), 5, 2, NOW),
    retryable={int(ALICE.id): Retryable(3)},
    waiting={"dest_too_large": 2},
    running=(RUN,),
    running_total=7,
    days=(FailureDay(date(2026, 11, 22), 1, 0), FailureDay(date(2026, 11, 23), 6, 1)),
    health=HEALTH,
    steps=ALL_DONE,
)


def home_card(role: Role = Role.OPERATOR, **facts: Any) -> HomeCard:
    return HomeCard(
        replace(FACTS, **facts),
        role,
        (Told("C0OPS"), Told("C0MINE", alerts=False, digest=True, is_own=True)),
        retried_at_once=500,
    )
