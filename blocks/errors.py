"""The unresolved failures of one mailbox: what, why, what to do, and a Retry for each."""

from dataclasses import replace

from blocks import bulk, dismissed, item, narrowing, paging, report, running, tabs, words
from blocks.actions import Action
from blocks.history import find_last_good
from blocks.kit import (
    Block,
    Element,
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
            [] if look.shared else running.in_message(card.under_way, safe=look.safe),
            *_lines(card, _IN_MESSAGE),
            report.where_stuck(card),
            actions(*_bulk(card), dismissed.view(card), *_ways(card, ref, look)),
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
            running.in_view(card.under_way),
            narrowing.row(card.choices) if card.choices else None,
            actions(*_bulk(card)),
            actions(
                _dismiss_several(card),
                dismissed.view(card),
                _export(card, ref),
                _report(card, ref),
                _last_good(card),
                paging.refresh(ref),
            ),
            *_lines(card, _IN_MODAL),
            report.where_stuck(card),
            paging.turn(card.page, ref, "failure"),
        ),
        CardValue(ref=ref),
    )


def summary(card: ErrorList) -> str:
    source = foreign(card.mailbox.source, 320)
    if not card.unresolved:
        return f"{source} has no unresolved failures ✅"
    told = f"{source} has {words.count(card.unresolved, 'unresolved failure')}"
    if card.choices is None or card.choices.is_whole:
        return f"{told}."
    shown = words.number(card.page.total) if card.page.total else "none"
    return f"{told}. Chosen here: {shown} of them, {foreign(narrowing.told(card.choices))}."


def _last_good(card: ErrorList) -> Element | None:
    """To where it began."""
    return find_last_good(card.mailbox) if card.unresolved else None


def _for_all(card: ErrorList) -> ErrorList:
    """In a channel: no subject or sender, nor engine's words that may quote them."""
    return replace(card, lines=tuple(_anonymous(line) for line in card.lines))


def _anonymous(line: FailureLine) -> FailureLine:
    return replace(line, subject=None, sender=None, message="", last_retry_detail=None)


def _state(card: ErrorList) -> Result | None:
    """What the retries asked for so far came to."""
    retrying = card.unresolved - card.retryable
    if not card.unresolved:
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
        item.retrying(line) if item.is_retrying(line) else item.prospect(line, card.next_sync_at),
        item.last_retry(line),
    )
    return [text for text in lines if text]


def _sender(line: FailureLine) -> str | None:
    return f"From {foreign(line.sender)}" if line.sender else None


def _bulk(card: ErrorList) -> list[Element | None]:
    return bulk.buttons(card, only_run=card.unresolved == 1 and all(map(item.is_run, card.lines)))


def _export(card: ErrorList, ref: CardRef) -> Element | None:
    """What is listed, on all pages."""
    return button("Export CSV", Action.ERRORS_EXPORT, CardValue(ref=ref)) if card.page.total else None


def _report(card: ErrorList, ref: CardRef) -> Element | None:
    return button("Support report", Action.ERRORS_REPORT, CardValue(ref=ref)) if card.lines else None


def _ways(card: ErrorList, ref: CardRef, look: Look) -> list[Element | None]:
    """From a message: selects need the modal, which knows what was chosen before."""
    value = MailboxValue(mailbox=card.mailbox.id)
    narrow = button("Filter and sort", Action.ERRORS_VIEW, value) if card.unresolved > 1 else None
    return [None if look.shared else narrow, paging.refresh(ref), paging.share(ref, look)]
