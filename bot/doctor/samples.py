"""A sample of every card in every state, for Slack to check."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from blocks import access, health, notice, retrying, told
from blocks import help as manual
from blocks.cards import message_of, modal_of
from blocks.look import Result
from blocks.surface import Message, Modal
from bot.doctor.sampled import ANA, CONTACT, SOMEBODY, Usual
from bot.domain import values as v
from bot.domain.standing import Holding, Membership, Person, Source, Standing
from bot.views import (
    AuditLine,
    AuditPage,
    CardKind,
    CardModel,
    CardRef,
    CauseChoice,
    ChannelCard,
    Choice,
    Choices,
    ErrorList,
    ErrorOrder,
    FailureGroups,
    FolderChoice,
    HistoryList,
    IncidentRef,
    LastGood,
    MailboxList,
    Page,
    PolicyBadge,
    PolicyLine,
    PolicyList,
    RetryStarted,
    RunEntry,
    SearchResult,
    StatusCard,
    Suggestions,
)
from bot.views.access import AccessChanged, AccessList, WhoAmI
from handlers.grammar import COMMANDS

Sample = tuple[str, Message | Modal]

_RESULT: Final = Result("Retrying 1 item now 🔄")


def samples(now: datetime, *, safe: bool) -> Iterator[Sample]:
    """`safe` as the setting has it."""
    usual = Usual(now)
    for name, model, ref in models(usual):
        yield name, message_of(model, ref, safe=safe)
        yield f"{name}, shared", message_of(model, ref, safe=safe, shared=True)
        yield f"{name}, modal", modal_of(model, ref, safe=safe, result=_RESULT)
    for name, card in _alerts(usual):
        yield name, told.message(card, safe=safe)
    yield "health", health.message(usual.health)
    yield from _short_answers()
    yield from _roles(usual)


def models(usual: Usual) -> Iterator[tuple[str, CardModel, CardRef]]:
    for name, card in _statuses(usual):
        yield f"status, {name}", card, CardRef(CardKind.STATUS, ANA.id)
    for name, errors in _errors(usual):
        yield f"errors, {name}", errors, CardRef(CardKind.ERRORS, ANA.id)
    yield from _lists(usual)
    yield from _histories(usual)
    yield from _audit(usual)
    yield from _policies(usual)
    yield from _choices(usual)


def _alerts(usual: Usual) -> Iterator[tuple[str, ChannelCard]]:
    card = usual.alert
    failed, run = v.MailboxStatus.FAILED, (usual.run_line,)
    nothing = replace(card, lines=(), open_failures=0, retrying=0)
    yield "alert", card
    yield "alert of a failed run", replace(card, lines=run, status=failed, open_failures=1, retrying=0)
    yield "alert, healed", replace(nothing, resolved=2, cleared_at=usual.now, resolved_by=(SOMEBODY,))
    incident = usual.incident
    yield "alert, retrying many", replace(card, under_way=usual.under_way(total=2048))
    yield "alert, part of an incident", replace(card, part_of=IncidentRef(incident.id, incident.cause))
    yield "incident", incident
    yield "digest", usual.digest
    yield "incident of an expired credential", replace(incident, expired=usual.expired)
    yield "credential", usual.credential
    told = replace(usual.credential, cleared_at=usual.now)
    yield "credential, renewed", replace(told, ending=v.Ending.RENEWED)
    yield "incident, healed", replace(incident, failing=0, retrying=0, first=(), cleared_at=usual.now)


def _statuses(usual: Usual) -> Iterator[tuple[str, StatusCard]]:
    synced, status = usual.status, v.MailboxStatus
    new = replace(synced, status=status.NEVER_SYNCED, stage=v.Stage.WAITING, delta=None, latest_sync_at=None)
    initial = replace(synced, status=status.IN_PROGRESS, stage=v.Stage.INITIAL, delta=None)
    running = replace(synced, status=status.IN_PROGRESS, delta=v.Delta.RUNNING)
    failed = replace(synced, status=status.FAILED, delta=v.Delta.FAILED, run_failure=usual.run_line)
    yield "synced", synced
    yield "never synced", replace(new, activity=(), activity_status=None, history=(), history_total=0)
    yield "initial sync", replace(initial, under_way=usual.under_way(total=None))
    yield "in progress", replace(running, under_way=usual.under_way(total=2048))
    yield "failing", replace(synced, open_failures=3, retrying=1, escalate=True, overdue=True)
    yield "failed", replace(failed, open_failures=1)
    yield "sync requested", replace(synced, syncing_requested=True)
    yield "for a viewer", replace(synced, may_act=False, open_failures=3)


def _errors(usual: Usual) -> Iterator[tuple[str, ErrorList]]:
    lines = (usual.line(), usual.retrying_line, usual.retried_line, usual.run_line)
    listed = ErrorList(ANA, lines, Page(1, 5, 12), may_act=True, retryable=11, support_contact=CONTACT)
    yield "some", listed
    yield "chosen", replace(listed, choices=_narrowed(), under_way=usual.under_way(total=2048))
    yield "for a viewer", replace(listed, may_act=False)
    yield "none", ErrorList(ANA, (), Page(1, 5, 0), may_act=True, retryable=0)


def _narrowed() -> Choices:
    """A cause in one of two folders is chosen."""
    cause = CauseChoice("dest_too_large", "Larger than Gmail takes", 4)
    folders = FolderChoice(v.FailureId(1), "Inbox", "email", 4), FolderChoice(v.FailureId(2), None, None, 8)
    return Choices(12, 11, 4, 3, (cause,), folders, cause, folders[0], ErrorOrder.LARGEST)


def _lists(usual: Usual) -> Iterator[tuple[str, CardModel, CardRef]]:
    row = usual.row
    listed = MailboxList((row,) * 10, Page(2, 10, 30), status=row.status, policy=row.policy, as_of=usual.now)
    yield "overview", usual.overview, CardRef(CardKind.OVERVIEW)
    yield "list", listed, CardRef(CardKind.LIST, page=2, status=row.status, policy=row.policy)
    yield "list of nothing", MailboxList((), Page(1, 10, 0)), CardRef(CardKind.LIST)
    yield "failures", usual.groups, CardRef(CardKind.FAILURES)
    yield "no failures", FailureGroups((), 0, 0, usual.now), CardRef(CardKind.FAILURES)


def _histories(usual: Usual) -> Iterator[tuple[str, CardModel, CardRef]]:
    history = HistoryList(ANA, usual.history, Page(1, 5, 9))
    yield "history", history, CardRef(CardKind.HISTORY, ANA.id)
    yield "history, opened", history, CardRef(CardKind.HISTORY, ANA.id, entry=usual.history[0].key)
    yield "history of nothing", HistoryList(ANA, (), Page(1, 5, 0)), CardRef(CardKind.HISTORY, ANA.id)
    done, failed = (entry for entry in usual.history if isinstance(entry, RunEntry) and entry.finished_at)
    good = LastGood(ANA, done, usual.now, usual.now, failed)
    yield "last good run", good, CardRef(CardKind.LAST_GOOD, ANA.id)
    yield "no good run", LastGood(ANA, None, usual.now), CardRef(CardKind.LAST_GOOD, ANA.id)


def _audit(usual: Usual) -> Iterator[tuple[str, CardModel, CardRef]]:
    line = AuditLine(8, usual.now, SOMEBODY, v.Severity.INFORMATION, "retry requested", "retry of 1 item")
    asked = replace(line, via="failure.retry", channel="C0SAMPLE", message_ts="1700000000.000100")
    ran = AuditLine(7, usual.now, v.SYSTEM, v.Severity.WARNING, "sync completed", "with 1 failed item")
    failed = replace(ran, severity=v.Severity.ERROR, event="sync failed")
    of_one = CardRef(CardKind.AUDIT, ANA.id, before=9)
    yield "audit", AuditPage((asked, ran, failed), None, None, 7, usual.now), CardRef(CardKind.AUDIT)
    yield "audit of one", AuditPage((asked,) * 10, ANA.source, 8, 7, usual.now), of_one
    yield "audit of nothing", AuditPage((), None, None, None, usual.now), CardRef(CardKind.AUDIT)


def _policies(usual: Usual) -> Iterator[tuple[str, CardModel, CardRef]]:
    badge = PolicyBadge(
        "Standard", active=True, frequency=v.Frequency(1, v.Unit.HOUR), deletion_delay_days=30
    )
    line = PolicyLine(v.PolicyId(1), badge, ("email",), 120, 3, usual.now, is_ours=True)
    idle = replace(line, badge=replace(badge, active=False), failing=0)
    listed = PolicyList((line, idle) * 5, Page(2, 10, 30), usual.now, may_switch=True)
    yield "policies", listed, CardRef(CardKind.POLICIES, page=2)
    yield "no policies", PolicyList((), Page(1, 10, 0), usual.now), CardRef(CardKind.POLICIES)


def _choices(usual: Usual) -> Iterator[tuple[str, CardModel, CardRef]]:
    searched, status = CardRef(CardKind.SEARCH, query="ana"), CardRef(CardKind.STATUS)
    yield "search", SearchResult("ana", (usual.row,), Page(1, 10, 12)), searched
    yield "search in vain", SearchResult("ana", (), Page(1, 10, 0)), searched
    yield "suggestions", Suggestions("anna@source.example", (ANA,)), status
    yield "choice", Choice(ANA.source, (usual.row, usual.row)), status


def _roles(usual: Usual) -> Iterator[Sample]:
    fixed = Holding(SOMEBODY, v.Role.ADMIN, Source.SETTING)
    granted = Holding("S0SAMPLE", v.Role.OPERATOR, Source.GRANT, by=SOMEBODY, at=usual.now)
    person = Person(Membership.MEMBER, "Europe/Zurich")
    yield "roles", access.listed(AccessList((fixed, granted), told_of_groups=False, told_of_people=False))
    yield "whoami", access.whoami(WhoAmI(Standing(SOMEBODY, person, granted)))
    yield "whoami, nobody", access.whoami(WhoAmI(Standing(SOMEBODY, person)))
    yield "role granted", access.changed(AccessChanged(SOMEBODY, v.Role.VIEWER, None, fixed))
    yield "role revoked", access.changed(AccessChanged(SOMEBODY, None, v.Role.VIEWER, None))


def _short_answers() -> Iterator[Sample]:
    help_rows = tuple((spec.usage, spec.effect, spec.example) for spec in COMMANDS.values())
    yield "help", manual.message(help_rows)
    yield "retry started", retrying.message(RetryStarted(ANA, "sample", 3, 1))
    yield "sync started", retrying.message(RetryStarted(ANA, "sample", 1, 0, whole_mailbox=True))
    yield "sentence", notice.sentence("Nothing is failing.")
    yield "refusal", notice.refusal("You need to be an operator.")
    yield "unexpected error", notice.unexpected("5f2c")
    yield "sentence, modal", notice.sentence_modal("Nothing is failing.")
    yield "refusal, modal", notice.refusal_modal("You need to be an operator.")
    yield "unexpected error, modal", notice.unexpected_modal("5f2c")
    yield "loading", notice.loading()
    yield "lookup form", notice.lookup_form()
