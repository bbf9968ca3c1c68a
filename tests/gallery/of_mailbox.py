"""The cards about one mailbox: its status, its history, its errors."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from blocks.cards import message_of, modal_of
from bot.domain import values as v
from bot.views import (
    CardKind,
    CardRef,
    CauseChoice,
    CauseProgress,
    Choices,
    DismissalEntry,
    ErrorList,
    ErrorOrder,
    FailureLine,
    FirstFailure,
    FolderChoice,
    HistoryEntry,
    HistoryList,
    LastGood,
    Page,
    RetryProgress,
    StatusCard,
    UnderWay,
)
from tests.gallery.shots import Shot, everywhere
from tests.unit.blocks import examples as a

MANY_LINES = 8


_FAILING: dict[str, Any] = {
    "open_failures": 3,
    "activity": (v.ServiceCounts("email", changes=12, failed=3),),
}
_NEVER: dict[str, Any] = {
    "status": v.MailboxStatus.NEVER_SYNCED,
    "stage": v.Stage.WAITING,
    "delta": None,
    "latest_sync_at": None,
    "activity": (),
    "activity_status": None,
    "history": (),
    "history_total": 0,
}
_RUNNING: dict[str, Any] = {"status": v.MailboxStatus.IN_PROGRESS, "delta": v.Delta.RUNNING}
_FAILED: dict[str, Any] = {"status": v.MailboxStatus.FAILED, "delta": v.Delta.FAILED, "open_failures": 1}


def shots() -> Iterator[Shot]:
    yield from everywhere("status", a.STATUS, _statuses())
    yield from everywhere("history", CardRef(CardKind.HISTORY, a.ALICE.id), _histories())
    yield from _filtered()
    yield from everywhere("last good", CardRef(CardKind.LAST_GOOD, a.ALICE.id), _last_goods())
    yield from everywhere("errors", a.ERRORS, _errors())
    dismissed = CardRef(CardKind.ERRORS, a.ALICE.id, dismissed=True)
    yield from everywhere("dismissed errors", dismissed, _dismissed())


def _statuses() -> dict[str, StatusCard]:
    initial = a.running(120, 4_000).under_way
    return {
        "synced": a.status(),
        "never synced": a.status(**_NEVER),
        "requested": a.status(**_NEVER, syncing_requested=True),
        "initial sync": a.status(**_RUNNING, stage=v.Stage.INITIAL, under_way=initial),
        "in progress": a.running(17, None),
        "inactive policy": a.status(policy=replace(a.GOLD, active=False), next_sync_at=None),
        "overdue": a.status(overdue=True),
        "failed": a.status(**_FAILED, run_failure=a.run_line()),
        **_failing(),
    }


def _failing() -> dict[str, StatusCard]:
    return {
        "retrying": a.status(**_FAILING, retrying=2),
        "retrying many": a.status(**_FAILING, retrying=7, under_way=UnderWay(None, (a.bulk_retry(),))),
        "retry ended": a.status(**_FAILING, under_way=UnderWay(None, (a.ended_retry(),))),
        "for a viewer": a.status(**_FAILING, may_act=False),
        "with failures": a.status(
            **_FAILING,
            escalate=True,
            support_contact="help@partner.example",
            history=_entries(),
            history_total=40,
        ),
    }


def _entries() -> tuple[HistoryEntry, ...]:
    """One an hour, the newest first."""
    entries: tuple[HistoryEntry, ...] = (
        a.retry(requested=3, succeeded=1, failed=1, unanswered=1),
        a.run(),
        a.run(
            key="run:2",
            status=v.RunStatus.FAILED,
            services=(),
            code="source_auth",
            message="AADSTS7000222",
            cause="certificate expired",
        ),
        a.run(key="run:3", kind=v.RunKind.INITIAL, trigger=v.Trigger.MANUAL, actor="U0ADA"),
        DismissalEntry("dismissal:1", "U0OMAR", a.NOON, 2, ("dest_too_large",), "sent by hand"),
    )
    return tuple(replace(one, started_at=a.NOON - n * a.HOUR) for n, one in enumerate(entries))


def _histories() -> dict[str, HistoryList]:
    entries = _entries()
    return {
        "none": HistoryList(a.ALICE, (), Page(1, 10, 0)),
        "one run": HistoryList(a.ALICE, (a.run(),), Page(1, 10, 1)),
        "page 2": HistoryList(a.ALICE, entries, Page(2, 10, 340)),
        "many": HistoryList(a.ALICE, entries, Page(1, 10, 10_000), is_cut=True, days=_DAYS),
    }


_DAYS = a.run_days(*((24, 0, 0),) * 9, (20, 4, 0), (18, 5, 1), (0, 0, 24), (6, 0, 18), (12, 0, 0))


def _filtered() -> Iterator[Shot]:
    failed, none = (Page(1, 10, total) for total in (1, 0))
    entry, ref = _entries()[2], CardRef(CardKind.HISTORY, a.ALICE.id)
    cards = {
        "failed alone": HistoryList(a.ALICE, (entry,), failed, v.Outcome.FAILED),
        "none in progress": HistoryList(a.ALICE, (), none, v.Outcome.RUNNING),
    }
    for state, card in cards.items():
        opened = replace(ref, outcome=card.outcome, entry=entry.key)
        yield Shot("history", state, message_of(card, opened))
        yield Shot("history", state, modal_of(card, opened))


def _last_goods() -> dict[str, LastGood]:
    nothing: dict[str, Any] = {"began_at": None, "run": None, "first": None, "deeds": ()}
    return {
        "nothing fails": a.last_good(**nothing),
        "never good": a.last_good(good=None, is_whole=True, deeds=()),
        "as far back as it goes": a.last_good(good=None),
        "outside of a run": a.last_good(run=None, first=replace(_FIRST, is_item=True)),
        "found": a.last_good(has_more_deeds=True),
    }


_FIRST = FirstFailure(
    "dest_too_large", "larger than Gmail takes", "share it", a.NOON + 7 * a.HOUR, is_item=True
)


def _errors() -> dict[str, ErrorList]:
    lines = tuple(a.line(n, folder=f"Projects/{n}") for n in range(1, MANY_LINES + 1))
    transient = a.line(
        2,
        code="dest_unavailable",
        cause="Gmail is down",
        remedy="nothing to do: it is tried again",
        heals_by_itself=True,
        retry_at=a.NOON + a.HOUR,
    )
    return {
        "none": a.errors(),
        "one": a.errors(a.line()),
        "a failed sync": a.errors(a.run_line()),
        "retrying": a.errors(a.retrying_line(), a.line(2)),
        "retrying many": a.errors(
            *(a.retrying_line(n) for n in range(1, 4)), under_way=UnderWay(None, (a.bulk_retry(),))
        ),
        "retry just begun": a.errors(
            a.retrying_line(), a.retrying_line(2), under_way=UnderWay(None, (_just_begun(),))
        ),
        "retry and run": a.errors(
            a.line(), a.line(2), under_way=UnderWay(a.running(120, 4_000).under_way.run, (a.ended_retry(),))
        ),
        "heals by itself": a.errors(a.line(), transient),
        "came back": a.errors(
            a.line(escalate=True, last_retry=v.RetryOutcome.FAILED, last_retry_detail="413")
        ),
        "for a viewer": a.errors(a.line(subject=None, sender=None, message=""), may_act=False),
        "chosen": _narrowed(lines),
        "nothing of what is chosen": _narrowed(()),
        "many": replace(_narrowed(lines), choices=CHOICES, page=Page(2, MANY_LINES, 1_000)),
    }


def _just_begun() -> RetryProgress:
    return replace(
        a.bulk_retry(),
        requested=2,
        healed=0,
        failed=0,
        unanswered=0,
        heard_at=None,
        causes=(CauseProgress("dest_too_large", "larger than Gmail takes", 2),),
    )


CAUSES = (
    CauseChoice("dest_too_large", "larger than Gmail takes", 700),
    CauseChoice("dest_rejected", "refused by Gmail as no valid message, or for its attachment", 299),
    CauseChoice("source_auth", "certificate expired", 1),
)
FOLDERS = (
    FolderChoice(v.FailureId(1), "Projects/2026/Überführung", "email", 650),
    FolderChoice(v.FailureId(2), "Inbox", "email", 349),
    FolderChoice(v.FailureId(9), None, None, 1),
)
CHOICES = Choices(1_000, 1_000, 1_000, 1_000, CAUSES, FOLDERS)


def _narrowed(lines: tuple[FailureLine, ...]) -> ErrorList:
    """A cause and a folder are chosen, of which nine are left, or none."""
    left = len(lines) and 9
    chosen = replace(
        CHOICES,
        listed=left,
        retryable=left,
        cause=replace(CAUSES[1], failures=left),
        folder=replace(FOLDERS[0], failures=left),
        order=ErrorOrder.LARGEST,
    )
    return a.errors(*lines, page=Page(1, MANY_LINES, left), retryable=1_000, choices=chosen)


def _dismissed() -> dict[str, ErrorList]:
    line = a.line(
        state=v.FailureState.DISMISSED, dismissed_by="U0OMAR", dismissed_at=a.NOON, reason="sent by hand"
    )
    return {"one": a.errors(line, is_dismissed=True, dismissed=1, retryable=0)}
