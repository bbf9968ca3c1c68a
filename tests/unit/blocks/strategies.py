"""Every view model, with the worst that the world can put into it."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from bot.domain import values as v
from bot.views import (
    CardKind,
    CardModel,
    CardRef,
    CauseChoice,
    CauseGroup,
    CauseProgress,
    Choice,
    Choices,
    ErrorList,
    ErrorOrder,
    FailingMailbox,
    FailureGroups,
    FailureLine,
    FirstFailure,
    FolderChoice,
    HistoryEntry,
    HistoryList,
    LastGood,
    MailboxList,
    MailboxRef,
    MailboxRow,
    Overview,
    Page,
    PolicyBadge,
    RetryEntry,
    RetryProgress,
    RetryStarted,
    RunDay,
    RunEntry,
    RunProgress,
    SearchResult,
    StatusCard,
    Suggestions,
    UnderWay,
)
from tests.unit.blocks.governing import audit_lines, audit_pages, policy_lists
from tests.unit.blocks.worst import actors, ids, maybe_text, maybe_time, numbers, text, times, tuples


def contacts() -> st.SearchStrategy[str | None]:
    return maybe_text()


def mailboxes() -> st.SearchStrategy[MailboxRef]:
    return st.builds(MailboxRef, ids().map(v.MailboxId), text(), text())


def frequencies() -> st.SearchStrategy[v.Frequency]:
    return st.builds(v.Frequency, st.integers(1, 1_000), st.sampled_from(v.Unit))


def policies() -> st.SearchStrategy[PolicyBadge]:
    return st.builds(PolicyBadge, text(), st.booleans(), frequencies(), st.integers(0, 365))


def services() -> st.SearchStrategy[tuple[v.ServiceCounts, ...]]:
    return tuples(st.builds(v.ServiceCounts, text(), numbers(), numbers(), numbers()), 30)


def runs() -> st.SearchStrategy[RunEntry]:
    return st.builds(
        RunEntry,
        key=text(),
        kind=st.sampled_from(v.RunKind),
        trigger=st.sampled_from(v.Trigger),
        actor=actors(),
        status=st.sampled_from(v.RunStatus),
        started_at=times(),
        finished_at=maybe_time(),
        services=services(),
        code=maybe_text(),
        message=maybe_text(),
        done=st.none() | numbers(),
        total=st.none() | numbers(),
        cause=text(),
    )


def retries() -> st.SearchStrategy[RetryEntry]:
    return st.builds(
        RetryEntry,
        key=text(),
        actor=actors(),
        started_at=times(),
        finished_at=maybe_time(),
        requested=numbers(),
        succeeded=numbers(),
        failed=numbers(),
        unanswered=numbers(),
        details=tuples(text(), 20),
    )


def entries() -> st.SearchStrategy[HistoryEntry]:
    return st.one_of(runs(), retries())


def lines() -> st.SearchStrategy[FailureLine]:
    return st.builds(
        FailureLine,
        id=ids().map(v.FailureId),
        mailbox=mailboxes(),
        item=maybe_text(),
        service=maybe_text(),
        folder=maybe_text(),
        subject=maybe_text(),
        sender=maybe_text(),
        received_at=maybe_time(),
        size=st.none() | numbers(),
        code=text(),
        cause=text(),
        remedy=text(),
        message=text(),
        heals_by_itself=st.booleans(),
        attempts=numbers(),
        first_at=times(),
        last_at=times(),
        retry_at=maybe_time(),
        state=st.sampled_from(v.UNRESOLVED),
        escalate=st.booleans(),
        retrying_by=st.none() | actors(),
        retrying_since=maybe_time(),
        last_retry=st.none() | st.sampled_from(v.RetryOutcome),
        last_retry_detail=maybe_text(),
        dismissed_by=st.none() | actors(),
        dismissed_at=maybe_time(),
        reason=maybe_text(),
    )


def many_lines() -> st.SearchStrategy[tuple[FailureLine, ...]]:
    """A few different ones, or a hundred of the same."""
    return tuples(lines(), 12) | lines().map(lambda line: (line,) * 100)


def pages() -> st.SearchStrategy[Page]:
    return st.builds(Page, st.integers(1, 1_000), st.sampled_from((1, 5, 10, 100)), numbers())


def status_cards() -> st.SearchStrategy[StatusCard]:
    return st.builds(
        StatusCard,
        mailbox=mailboxes(),
        status=st.sampled_from(v.MailboxStatus),
        stage=st.sampled_from(v.Stage),
        delta=st.none() | st.sampled_from(v.Delta),
        policy=policies(),
        latest_sync_at=maybe_time(),
        next_sync_at=maybe_time(),
        overdue=st.booleans(),
        open_failures=numbers(),
        retrying=numbers(),
        run_failure=st.none() | lines(),
        activity=services(),
        activity_status=st.none() | st.sampled_from(v.RunStatus),
        history=tuples(entries(), 8),
        history_total=numbers(),
        as_of=times(),
        may_act=st.booleans(),
        syncing_requested=st.booleans(),
        support_contact=contacts(),
    )


def failing() -> st.SearchStrategy[FailingMailbox]:
    return st.builds(
        FailingMailbox,
        mailboxes(),
        st.sampled_from(v.MailboxStatus),
        numbers(),
        text(),
        text(),
        times(),
    )


def overviews() -> st.SearchStrategy[Overview]:
    return st.builds(
        Overview,
        mailboxes=numbers(),
        by_status=st.dictionaries(st.sampled_from(v.MailboxStatus), numbers()),
        by_stage=st.dictionaries(st.sampled_from(v.Stage), numbers()),
        by_delta=st.dictionaries(st.sampled_from(v.Delta), numbers()),
        overdue=numbers(),
        bytes=numbers(),
        changes_24h=numbers(),
        newest_success_at=maybe_time(),
        oldest_success_at=maybe_time(),
        open_failures=numbers(),
        failing_total=numbers(),
        failing=tuples(failing(), 15) | failing().map(lambda one: (one,) * 100),
        as_of=times(),
    )


def rows() -> st.SearchStrategy[MailboxRow]:
    return st.builds(
        MailboxRow, mailboxes(), st.sampled_from(v.MailboxStatus), text(), maybe_time(), numbers()
    )


def many_rows() -> st.SearchStrategy[tuple[MailboxRow, ...]]:
    return tuples(rows(), 12) | rows().map(lambda row: (row,) * 100)


def mailbox_lists() -> st.SearchStrategy[MailboxList]:
    return st.builds(
        MailboxList,
        many_rows(),
        pages(),
        st.none() | st.sampled_from(v.MailboxStatus),
        maybe_text(),
        maybe_time(),
        maybe_text(),
    )


def histories() -> st.SearchStrategy[HistoryList]:
    many = tuples(entries(), 10) | entries().map(lambda entry: (entry,) * 100)
    outcome = st.none() | st.sampled_from(v.Outcome)
    return st.builds(HistoryList, mailboxes(), many, pages(), outcome, st.booleans(), run_days())


def run_days() -> st.SearchStrategy[tuple[RunDay, ...]]:
    """Different days, in order."""
    runs = st.dictionaries(st.sampled_from(v.Outcome), numbers())
    day = st.builds(RunDay, st.just(date(2026, 11, 23)), runs, numbers())
    return tuples(day, 20).map(_in_order)


def _in_order(days: tuple[RunDay, ...]) -> tuple[RunDay, ...]:
    return tuple(replace(each, day=each.day + timedelta(days=n)) for n, each in enumerate(days))


def last_goods() -> st.SearchStrategy[LastGood]:
    first = st.builds(FirstFailure, text(), text(), text(), times(), st.booleans())
    return st.builds(
        LastGood,
        mailbox=mailboxes(),
        good=st.none() | runs(),
        as_of=times(),
        began_at=maybe_time(),
        run=st.none() | runs(),
        first=st.none() | first,
        oldest_at=maybe_time(),
        is_whole=st.booleans(),
        deeds=tuples(audit_lines(), 12) | audit_lines().map(lambda line: (line,) * 60),
        has_more_deeds=st.booleans(),
    )


def error_lists() -> st.SearchStrategy[ErrorList]:
    return st.builds(
        ErrorList,
        mailboxes(),
        many_lines(),
        pages(),
        st.booleans(),
        numbers(),
        contacts(),
        is_dismissed=st.booleans(),
        dismissed=numbers(),
        choices=st.none() | narrowed(),
        next_sync_at=maybe_time(),
        under_way=under_way(),
    )


def bulk_retries() -> st.SearchStrategy[RetryProgress]:
    causes = st.builds(CauseProgress, text(), text(), numbers(), numbers(), numbers(), numbers())
    return st.builds(
        RetryProgress,
        actors(),
        times(),
        numbers(),
        numbers(),
        numbers(),
        numbers(),
        maybe_time(),
        maybe_time(),
        tuples(causes, 12),
    )


def under_way() -> st.SearchStrategy[UnderWay]:
    maybe = st.none() | numbers()
    runs_ = st.builds(RunProgress, st.sampled_from(v.RunKind), times(), maybe_time(), maybe, maybe)
    return st.builds(UnderWay, st.none() | runs_, tuples(bulk_retries(), 3))


def narrowed() -> st.SearchStrategy[Choices]:
    causes = st.builds(CauseChoice, text(), text(), numbers())
    folders = st.builds(FolderChoice, ids().map(v.FailureId), maybe_text(), maybe_text(), numbers())
    return st.builds(
        Choices,
        unresolved=numbers(),
        all_retryable=numbers(),
        listed=numbers(),
        retryable=numbers(),
        causes=tuples(causes, 6),
        folders=tuples(folders, 6),
        cause=st.none() | causes,
        folder=st.none() | folders,
        order=st.sampled_from(ErrorOrder),
    )


def groups() -> st.SearchStrategy[CauseGroup]:
    return st.builds(
        CauseGroup,
        code=text(),
        cause=text(),
        remedy=text(),
        heals_by_itself=st.booleans(),
        failures=numbers(),
        mailboxes=numbers(),
        examples=tuples(mailboxes(), 10),
        since=times(),
    )


def failure_groups() -> st.SearchStrategy[FailureGroups]:
    many = tuples(groups(), 12) | groups().map(lambda group: (group,) * 100)
    return st.builds(FailureGroups, many, numbers(), numbers(), times())


def searches() -> st.SearchStrategy[SearchResult]:
    return st.builds(SearchResult, text(), many_rows(), pages(), st.booleans(), st.booleans())


def suggestions() -> st.SearchStrategy[Suggestions]:
    return st.builds(Suggestions, text(), tuples(mailboxes(), 6), text())


def choices() -> st.SearchStrategy[Choice]:
    return st.builds(Choice, text(), many_rows(), text())


def cards() -> st.SearchStrategy[CardModel]:
    """Any model that `blocks.cards` takes."""
    return st.one_of(
        status_cards(),
        overviews(),
        mailbox_lists(),
        histories(),
        last_goods(),
        error_lists(),
        failure_groups(),
        searches(),
        suggestions(),
        choices(),
        audit_pages(),
        policy_lists(),
    )


def refs() -> st.SearchStrategy[CardRef]:
    return st.builds(
        CardRef,
        kind=st.sampled_from(CardKind),
        mailbox=st.none() | ids().map(v.MailboxId),
        page=st.integers(1, 1_000),
        status=st.none() | st.sampled_from(v.MailboxStatus),
        policy=maybe_text(),
        query=maybe_text(),
        entry=maybe_text(),
        incident=st.none() | ids().map(v.AlertId),
        before=st.none() | ids(),
        after=st.none() | ids(),
        outcome=st.none() | st.sampled_from(v.Outcome),
    )


def retries_started() -> st.SearchStrategy[RetryStarted]:
    return st.builds(RetryStarted, mailboxes(), text(), numbers(), numbers(), st.booleans())


def help_rows() -> st.SearchStrategy[tuple[tuple[str, str, str], ...]]:
    return tuples(st.tuples(text(), text(), text()), 60)
