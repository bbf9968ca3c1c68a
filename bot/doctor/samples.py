"""A sample of every card in every state, for Slack to check. Nobody in them exists."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from blocks import alert, notice, retrying
from blocks import help as manual
from blocks.cards import message_of, modal_of
from blocks.look import Result
from blocks.surface import Message, Modal
from bot.domain import values as v
from bot.domain.catalogue import cause_of
from bot.views import (
    AlertCard,
    CardKind,
    CardModel,
    CardRef,
    CauseGroup,
    Choice,
    ErrorList,
    FailingMailbox,
    FailureGroups,
    FailureLine,
    HistoryList,
    MailboxList,
    MailboxRef,
    MailboxRow,
    Overview,
    Page,
    PolicyBadge,
    RetryEntry,
    RetryStarted,
    RunEntry,
    SearchResult,
    StatusCard,
    Suggestions,
)
from handlers.grammar import COMMANDS

Sample = tuple[str, Message | Modal]

_ANA: Final = MailboxRef(v.MailboxId(1), "ana@source.example", "ana@destination.example")
_POLICY: Final = PolicyBadge(
    "Standard", active=True, frequency=v.Frequency(6, v.Unit.HOUR), deletion_delay_days=30
)
_COUNTS: Final = (v.ServiceCounts("email", changes=1204, bytes=5 * 1024**2, failed=2),)
_TOO_LARGE, _EXPIRED = "dest_too_large", "source_auth"
_RESULT: Final = Result("Retrying 1 item now 🔄")
_CONTACT: Final = "help@support.example"


def samples(now: datetime, *, safe: bool) -> Iterator[Sample]:
    """`safe` as the setting has it."""
    made = _Samples(now)
    for name, model, ref in made.models():
        yield name, message_of(model, ref, safe=safe)
        yield f"{name}, shared", message_of(model, ref, safe=safe, shared=True)
        yield f"{name}, modal", modal_of(model, ref, safe=safe, result=_RESULT)
    for name, card in made.alerts():
        yield name, alert.message(card)
    yield from _short_answers()


@dataclass(frozen=True, slots=True)
class _Samples:
    now: datetime

    def models(self) -> Iterator[tuple[str, CardModel, CardRef]]:
        for name, card in self._statuses():
            yield f"status, {name}", card, CardRef(CardKind.STATUS, _ANA.id)
        for name, errors in self._errors():
            yield f"errors, {name}", errors, CardRef(CardKind.ERRORS, _ANA.id)
        yield from self._lists()
        yield from self._choices()

    def alerts(self) -> Iterator[tuple[str, AlertCard]]:
        card = AlertCard(
            id=v.AlertId(1),
            mailbox=_ANA,
            policy=_POLICY.name,
            status=v.MailboxStatus.SYNCED,
            opened_at=self.now - timedelta(hours=1),
            cleared_at=None,
            lines=(self._line(), self._line(2, state=v.FailureState.RETRYING)),
            open_failures=2,
            retrying=1,
            resolved=0,
            next_sync_at=self.now + timedelta(hours=6),
            support_contact=_CONTACT,
        )
        failed = replace(
            card, lines=(self._run_line,), status=v.MailboxStatus.FAILED, open_failures=1, retrying=0
        )
        healed = replace(
            card,
            lines=(),
            open_failures=0,
            retrying=0,
            resolved=2,
            cleared_at=self.now,
            resolved_by=("U0SAMPLE",),
        )
        yield from (("alert", card), ("alert of a failed run", failed), ("alert, healed", healed))

    def _statuses(self) -> Iterator[tuple[str, StatusCard]]:
        synced = self._status
        status = v.MailboxStatus
        yield "synced", synced
        yield (
            "never synced",
            replace(
                synced,
                status=status.NEVER_SYNCED,
                stage=v.Stage.WAITING,
                delta=None,
                latest_sync_at=None,
                activity=(),
                activity_status=None,
                history=(),
                history_total=0,
                may_act=False,
            ),
        )
        yield (
            "in progress",
            replace(synced, status=status.IN_PROGRESS, delta=v.Delta.RUNNING, progress=(512, 2048)),
        )
        yield "failing", replace(synced, open_failures=3, retrying=1, escalate=True, overdue=True)
        yield (
            "failed",
            replace(
                synced,
                status=status.FAILED,
                delta=v.Delta.FAILED,
                open_failures=1,
                run_failure=self._run_line,
            ),
        )
        yield "sync requested", replace(synced, syncing_requested=True)

    def _errors(self) -> Iterator[tuple[str, ErrorList]]:
        page = Page(1, 5, 12)
        retried = self._line(
            3, last_retry=v.RetryOutcome.FAILED, last_retry_detail="552 too large", escalate=True
        )
        lines = (self._line(), self._line(2, state=v.FailureState.RETRYING), retried, self._run_line)
        listed = ErrorList(_ANA, lines, page, may_act=True, retryable=11, support_contact=_CONTACT)
        yield "some", listed
        yield "for a viewer", replace(listed, may_act=False)
        yield "none", ErrorList(_ANA, (), Page(1, 5, 0), may_act=True, retryable=0)

    def _lists(self) -> Iterator[tuple[str, CardModel, CardRef]]:
        row = self._row
        yield "overview", self._overview, CardRef(CardKind.OVERVIEW)
        listed = MailboxList(
            (row,) * 10, Page(2, 10, 30), status=row.status, policy="Standard", as_of=self.now
        )
        yield "list", listed, CardRef(CardKind.LIST, page=2, status=row.status, policy="Standard")
        nothing = MailboxList((), Page(1, 10, 0))
        yield "list of nothing", nothing, CardRef(CardKind.LIST)
        history = HistoryList(_ANA, self._history, Page(1, 5, 9))
        yield "history", history, CardRef(CardKind.HISTORY, _ANA.id)
        yield "history, opened", history, CardRef(CardKind.HISTORY, _ANA.id, entry=self._history[0].key)
        yield "failures", self._groups, CardRef(CardKind.FAILURES)
        none = FailureGroups((), 0, 0, self.now)
        yield "no failures", none, CardRef(CardKind.FAILURES)

    def _choices(self) -> Iterator[tuple[str, CardModel, CardRef]]:
        searched = CardRef(CardKind.SEARCH, query="ana")
        yield "search", SearchResult("ana", (self._row,), Page(1, 10, 12)), searched
        yield "search in vain", SearchResult("ana", (), Page(1, 10, 0)), searched
        status = CardRef(CardKind.STATUS)
        yield "suggestions", Suggestions("anna@source.example", (_ANA,)), status
        yield "choice", Choice(_ANA.source, (self._row, self._row)), status

    @property
    def _status(self) -> StatusCard:
        return StatusCard(
            mailbox=_ANA,
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
            progress=None,
            history=self._history,
            history_total=9,
            as_of=self.now,
            may_act=True,
            support_contact=_CONTACT,
        )

    @property
    def _history(self) -> tuple[RunEntry | RetryEntry, ...]:
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
        retry = RetryEntry("retry:1", "U0SAMPLE", begun, ended, 3, 1, 1, 1, ("552 too large",))
        return done, running, failed, retry

    @property
    def _row(self) -> MailboxRow:
        return MailboxRow(_ANA, v.MailboxStatus.SYNCED, _POLICY.name, self.now, 2)

    @property
    def _overview(self) -> Overview:
        failing = FailingMailbox(
            _ANA, v.MailboxStatus.SYNCED, 2, _TOO_LARGE, cause_of(_TOO_LARGE).cause, self.now
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
    def _groups(self) -> FailureGroups:
        cause = cause_of(_TOO_LARGE)
        group = CauseGroup(
            cause.code, cause.cause, cause.remedy, cause.heals_by_itself, 12, 6, (_ANA,), self.now
        )
        return FailureGroups((group, group), 24, 12, self.now)

    @property
    def _run_line(self) -> FailureLine:
        cause = cause_of(_EXPIRED)
        line = self._line(9, state=v.FailureState.OPEN)
        whole = replace(line, item=None, service=None, folder=None, subject=None, sender=None, size=None)
        return replace(whole, code=cause.code, cause=cause.cause, remedy=cause.remedy, received_at=None)

    def _line(
        self,
        number: int = 1,
        *,
        state: v.FailureState = v.FailureState.OPEN,
        last_retry: v.RetryOutcome | None = None,
        last_retry_detail: str | None = None,
        escalate: bool = False,
    ) -> FailureLine:
        cause = cause_of(_TOO_LARGE)
        retrying = state is v.FailureState.RETRYING
        return FailureLine(
            id=v.FailureId(number),
            mailbox=_ANA,
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
            state=state,
            escalate=escalate,
            retrying_by="U0SAMPLE" if retrying else None,
            retrying_since=self.now if retrying else None,
            last_retry=last_retry,
            last_retry_detail=last_retry_detail,
        )


def _short_answers() -> Iterator[Sample]:
    help_rows = tuple((spec.usage, spec.effect, spec.example) for spec in COMMANDS.values())
    yield "help", manual.message(help_rows)
    yield "retry started", retrying.message(RetryStarted(_ANA, "sample", 3, 1))
    yield "sync started", retrying.message(RetryStarted(_ANA, "sample", 1, 0, whole_mailbox=True))
    yield "sentence", notice.sentence("Nothing is failing.")
    yield "refusal", notice.refusal("You need to be an operator.")
    yield "unexpected error", notice.unexpected("5f2c")
    yield "sentence, modal", notice.sentence_modal("Nothing is failing.")
    yield "refusal, modal", notice.refusal_modal("You need to be an operator.")
    yield "unexpected error, modal", notice.unexpected_modal("5f2c")
    yield "loading", notice.loading()
    yield "lookup form", notice.lookup_form()
