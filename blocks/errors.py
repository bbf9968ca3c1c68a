"""The unresolved failures of one mailbox: what, why, what to do, and a Retry for each."""

from dataclasses import replace

from blocks import dismissed, item, paging, tabs, words
from blocks.actions import Action
from blocks.kit import (
    Block,
    Element,
    Part,
    actions,
    button,
    context,
    divider,
    header,
    more,
    preformatted,
    section,
    stack,
)
from blocks.look import USUAL, Look, Result, result_line
from blocks.status import retry_all
from blocks.surface import Message, Modal
from blocks.text import foreign
from blocks.values import CardValue, FailureValue, MailboxValue
from bot.domain.values import RetryOutcome
from bot.views import CardKind, CardRef, ErrorList, FailureLine

_IN_MESSAGE = 10
_IN_MODAL = 20
_RAW = 300


def message(card: ErrorList, ref: CardRef, look: Look = USUAL) -> Message:
    card = _for_all(card) if look.shared else card
    if card.is_dismissed:
        return dismissed.message(card, ref, look)
    return Message.of(
        summary(card),
        stack(
            header(f"Sync errors of {card.mailbox.source}"),
            section(summary(card)),
            *_lines(card, _IN_MESSAGE),
            _escalation(card),
            actions(_retry_all(card), dismissed.view(card), paging.refresh(ref), paging.share(ref, look)),
            paging.turn(card.page, ref, "failure"),
        ),
    )


def modal(card: ErrorList, ref: CardRef, look: Look = USUAL) -> Modal:
    if card.is_dismissed:
        return dismissed.modal(card, ref, look)
    return Modal.of(
        "Sync errors",
        stack(
            result_line(look.result or _state(card), look),
            header(card.mailbox.source),
            tabs.row(card.mailbox, CardKind.ERRORS),
            section(summary(card)),
            actions(_retry_all(card), _dismiss_several(card), dismissed.view(card), paging.refresh(ref)),
            *_lines(card, _IN_MODAL),
            _escalation(card),
            paging.turn(card.page, ref, "failure"),
        ),
        CardValue(ref=ref),
    )


def summary(card: ErrorList) -> str:
    source = foreign(card.mailbox.source, 320)
    if not card.page.total:
        return f"{source} has no unresolved failures ✅"
    return f"{source} has {words.count(card.page.total, 'unresolved failure')}."


def _for_all(card: ErrorList) -> ErrorList:
    """In a channel: no subject or sender, nor engine's words that may quote them."""
    return replace(card, lines=tuple(_anonymous(line) for line in card.lines))


def _anonymous(line: FailureLine) -> FailureLine:
    return replace(line, subject=None, sender=None, message="", last_retry_detail=None)


def _state(card: ErrorList) -> Result | None:
    """What the retries asked for so far came to."""
    retrying = card.page.total - card.retryable
    if not card.page.total:
        return Result("All failures are resolved.", "success")
    if retrying > 0:
        return Result(f"{words.count(retrying, 'item')} retrying now. The result appears here.", "info")
    failed = sum(line.last_retry not in (None, RetryOutcome.SUCCEEDED) for line in card.lines)
    if failed:
        return Result(f"The last retry of {words.count(failed, 'item')} did not help.", "warning")
    return None


def _lines(card: ErrorList, most: int) -> list[Block]:
    start = paging.first(card.page)
    shown = [_line(card, line, start + i) for i, line in enumerate(card.lines[:most])]
    return stack(*shown, more(len(card.lines) - len(shown), "failure"))


def _line(card: ErrorList, line: FailureLine, number: int) -> list[Block]:
    return stack(
        divider(),
        section("\n".join(_described(card, line, number))),
        preformatted(line.message[:_RAW]) if line.message.strip() else None,
        context(item.attempts(line)),
        actions(_retry(card, line, number), _dismiss(card, line, number)) if card.may_act else None,
    )


def _retry(card: ErrorList, line: FailureLine, number: int) -> Element | None:
    value = FailureValue(failure=line.id, mailbox=card.mailbox.id, page=_page(card))
    return item.retry_button(line, (number, max(card.page.total, number)), value)


def _dismiss(card: ErrorList, line: FailureLine, number: int) -> Element | None:
    """A sync that failed as a whole is no loss to be accepted."""
    if item.is_run(line) or item.is_retrying(line):
        return None
    value = FailureValue(failure=line.id, mailbox=card.mailbox.id, page=_page(card))
    described = item.described("Dismiss", line, (number, max(card.page.total, number)))
    return button("Dismiss…", Action.FAILURE_DISMISS, value, describe=described)


def _dismiss_several(card: ErrorList) -> Element | None:
    """For more than one: a single failed item has its own button."""
    if not card.may_act or sum(not item.is_run(line) for line in card.lines) <= 1:
        return None
    return button("Dismiss items…", Action.MAILBOX_DISMISS, MailboxValue(mailbox=card.mailbox.id))


def _page(card: ErrorList) -> int:
    return max(1, card.page.number)


def _described(card: ErrorList, line: FailureLine, number: int) -> list[str]:
    lines = (
        f"*{number:,} of {max(card.page.total, number):,}* · {item.subject(line)}",
        _sender(line),
        item.place(line),
        item.why(line),
        item.retrying(line) if item.is_retrying(line) else item.prospect(line),
        item.last_retry(line),
    )
    return [text for text in lines if text]


def _sender(line: FailureLine) -> str | None:
    return f"From {foreign(line.sender)}" if line.sender else None


def _retry_all(card: ErrorList) -> Element | None:
    if not card.may_act or card.retryable <= 0:
        return None
    value = MailboxValue(mailbox=card.mailbox.id, page=_page(card))
    only_run = card.page.total == 1 and all(map(item.is_run, card.lines))
    return retry_all(card.retryable, value, card.mailbox.source, only_run=only_run)


def _escalation(card: ErrorList) -> Part:
    """Once retries have not helped: whom to ask, and what to send them."""
    stuck = tuple(line for line in card.lines if line.escalate)
    if not stuck:
        return None
    to = foreign(card.support_contact) if card.support_contact else "your partner or support"
    keeps = words.verb(len(stuck), "keeps", "keep")
    return stack(
        section(f"*{words.count(len(stuck), 'failure')} {keeps} coming back.* Send this report to {to}:"),
        preformatted(item.report(stuck[:5], card.mailbox.source, card.mailbox.destination)),
    )
