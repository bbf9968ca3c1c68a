"""The dashboard: numbers, pipeline, freshness, and the mailboxes that fail."""

from datetime import datetime

from blocks import paging, words
from blocks.kit import Block, Part, actions, context, divider, field, fields, header, more, section, stack
from blocks.look import USUAL, Look, result_line
from blocks.rows import view
from blocks.surface import Message, Modal
from blocks.text import foreign, when
from blocks.values import CardValue
from bot.domain.values import Delta, MailboxStatus, Stage
from bot.views import CardRef, FailingMailbox, Overview

_FAILING = 10


def message(card: Overview, ref: CardRef, look: Look = USUAL) -> Message:
    return Message.of(
        summary(card),
        stack(header("Mailbox sync"), *_body(card), actions(paging.refresh(ref), paging.share(ref, look))),
    )


def modal(card: Overview, ref: CardRef, look: Look = USUAL) -> Modal:
    return Modal.of(
        "Mailbox sync",
        stack(result_line(look.result, look), *_body(card), actions(paging.refresh(ref))),
        CardValue(ref=ref),
    )


def summary(card: Overview) -> str:
    if not card.mailboxes:
        return "No mailbox is set up yet. `syncbot apply` adds them."
    failing = "none has failures ✅"
    if card.failing_total:
        verb = words.verb(card.failing_total, "has", "have")
        failing = f"{words.number(card.failing_total)} {verb} unresolved failures ⚠️"
    return f"{words.count(card.mailboxes, 'mailbox')}: {failing}"


def _body(card: Overview) -> list[Block]:
    numbers = (_numbers(card), section(f"*Pipeline*\n{pipeline(card)}")) if card.mailboxes else ()
    return stack(section(summary(card)), *numbers, *_failing(card), context(f"As of {when(card.as_of)}"))


def _numbers(card: Overview) -> Part:
    return fields(
        field("Status", _statuses(card)),
        field("Unresolved failures", words.number(card.open_failures)),
        field("Data synced", words.size(card.bytes)),
        field("Changes in the last 24 hours", words.number(card.changes_24h)),
        field("Newest success", _success(card.newest_success_at, card.as_of)),
        field("Oldest last success", _success(card.oldest_success_at, card.as_of)),
        field("Overdue", words.count(card.overdue, "mailbox")),
    )


def _statuses(card: Overview) -> str:
    return "\n".join(f"{status}: {words.number(card.by_status.get(status, 0))}" for status in MailboxStatus)


def _success(at: datetime | None, as_of: datetime) -> str:
    return f"{when(at)}, {words.ago(as_of - at)}" if at else "none yet"


def pipeline(card: Overview) -> str:
    stages = " → ".join(f"{stage} {words.number(card.by_stage.get(stage, 0))}" for stage in Stage)
    deltas = ", ".join(f"{words.number(card.by_delta.get(delta, 0))} {delta}" for delta in Delta)
    return f"{stages}\nOf those synced: {deltas}"


def _failing(card: Overview) -> list[Block]:
    if not card.failing:
        return []
    shown = card.failing[:_FAILING]
    return stack(
        divider(),
        section("*Mailboxes with failures*"),
        *(_failing_row(mailbox) for mailbox in shown),
        more(card.failing_total - len(shown), "mailbox"),
    )


def _failing_row(failing: FailingMailbox) -> Block:
    is_synced = failing.status is MailboxStatus.SYNCED
    counted = "" if is_synced else f"{words.count(failing.open_failures, 'failure')} "
    return section(
        f"*{foreign(failing.mailbox.source, 320)}*\n"
        f"{words.marked_status(failing.status, failing.open_failures)} · "
        f"{counted}since {when(failing.since)}\n"
        f"{words.sentence(foreign(failing.cause, 300))} `{foreign(failing.code, 60)}`",
        view(failing.mailbox),
    )
