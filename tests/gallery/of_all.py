"""The cards about all mailboxes: overview, lists, causes, what was searched for, what was not found."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.values import Delta, MailboxId, MailboxStatus, Stage
from bot.views import (
    CardKind,
    CardRef,
    CauseGroup,
    Choice,
    FailingMailbox,
    FailureGroups,
    MailboxList,
    MailboxRef,
    MailboxRow,
    Overview,
    Page,
    SearchResult,
    Suggestions,
)
from tests.gallery.shots import Shot, everywhere
from tests.unit.blocks import examples as a

ROW = MailboxRow(a.ALICE, MailboxStatus.SYNCED, "Gold", a.NOON, open_failures=0)
BOB, CARLA, DAN = (
    MailboxRef(MailboxId(n), f"{name}@contoso.com", f"{name}@contoso.net")
    for n, name in enumerate(("bob", "carla", "dan"), 4)
)
ROWS = (
    ROW,
    replace(ROW, mailbox=BOB, status=MailboxStatus.FAILED, open_failures=1),
    replace(ROW, mailbox=CARLA, status=MailboxStatus.NEVER_SYNCED, latest_sync_at=None),
    replace(ROW, mailbox=DAN, status=MailboxStatus.IN_PROGRESS, open_failures=1_000_000),
)


def shots() -> Iterator[Shot]:
    yield from everywhere("overview", CardRef(CardKind.OVERVIEW), _overviews())
    yield from everywhere("list", CardRef(CardKind.LIST), _lists())
    yield from everywhere("failures", CardRef(CardKind.FAILURES), _failures())
    yield from everywhere("search", CardRef(CardKind.SEARCH, query="contoso"), _searches())
    yield from everywhere(
        "not found", a.STATUS, {"closest": Suggestions("alise@contoso.com", (a.ALICE, BOB))}
    )
    yield from everywhere("choice", a.STATUS, {"two": Choice("alice@contoso.com", ROWS[:2])})


def _overviews() -> dict[str, Overview]:
    empty = Overview(
        mailboxes=0,
        by_status={},
        by_stage={},
        by_delta={},
        overdue=0,
        bytes=0,
        changes_24h=0,
        newest_success_at=None,
        oldest_success_at=None,
        open_failures=0,
        failing_total=0,
        failing=(),
        as_of=a.NOON,
    )
    full = replace(
        empty,
        mailboxes=100_000,
        by_status={MailboxStatus.SYNCED: 99_900, MailboxStatus.IN_PROGRESS: 100},
        by_stage={Stage.WAITING: 10, Stage.INITIAL: 90, Stage.SYNCED: 99_900},
        by_delta={Delta.UP_TO_DATE: 98_900, Delta.RUNNING: 1_000},
        overdue=12,
        bytes=38 * 1024**4,
        changes_24h=1_000_000,
        newest_success_at=a.NOON,
        oldest_success_at=a.NOON - 30 * a.HOUR,
    )
    failing = FailingMailbox(a.ALICE, MailboxStatus.FAILED, 3, "source_auth", "certificate expired", a.NOON)
    troubled = replace(
        full,
        by_status=full.by_status | {MailboxStatus.SYNCED: 99_000, MailboxStatus.FAILED: 900},
        by_delta=full.by_delta | {Delta.UP_TO_DATE: 98_000, Delta.FAILED: 900},
        open_failures=2_700,
        failing_total=900,
        failing=tuple(replace(failing, mailbox=row.mailbox) for row in ROWS),
    )
    return {"nothing yet": empty, "all well": full, "troubled": troubled}


def _lists() -> dict[str, MailboxList]:
    return {
        "none": MailboxList((), Page(1, 15, 0), status=MailboxStatus.FAILED, as_of=a.NOON),
        "of no such policy": MailboxList((), Page(1, 15, 0), policy="fialed", as_of=a.NOON),
        "of an incident": MailboxList(ROWS, Page(1, 15, 4), cause="certificate expired", as_of=a.NOON),
        "many": MailboxList(ROWS, Page(2, 15, 100_000), policy="Gold", as_of=a.NOON),
    }


def _failures() -> dict[str, FailureGroups]:
    large = CauseGroup(
        code="dest_too_large",
        cause="larger than Gmail takes",
        remedy="share the attachment through Drive, then dismiss",
        heals_by_itself=False,
        failures=1_000_000,
        mailboxes=12,
        examples=(a.ALICE, BOB, CARLA),
        since=a.NOON,
    )
    passing = replace(
        large,
        code="dest_unavailable",
        cause="Gmail is down",
        remedy="nothing to do: it is tried again",
        heals_by_itself=True,
        failures=1,
        mailboxes=1,
        examples=(DAN,),
    )
    return {
        "none": FailureGroups((), 0, 0, a.NOON),
        "some": FailureGroups((large, passing), 1_000_001, 13, a.NOON),
    }


def _searches() -> dict[str, SearchResult]:
    return {
        "none": SearchResult("contoso", (), Page(1, 15, 0)),
        "some": SearchResult("contoso", ROWS, Page(1, 15, 40)),
    }
