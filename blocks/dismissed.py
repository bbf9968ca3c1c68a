"""Failed items of one mailbox whose loss somebody accepted: who, when, why, and the way back."""

from blocks import item, paging, words
from blocks.actions import Action
from blocks.kit import Block, Element, actions, button, context, divider, header, section, stack
from blocks.look import USUAL, Look, result_line
from blocks.surface import Message, Modal
from blocks.text import foreign, person, when
from blocks.values import CardValue, FailureValue
from bot.views import CardKind, CardRef, ErrorList, FailureLine, MailboxRef


def message(card: ErrorList, ref: CardRef, look: Look = USUAL) -> Message:
    return Message.of(
        summary(card),
        stack(
            header(f"Dismissed failures of {card.mailbox.source}"),
            section(summary(card)),
            *_lines(card),
            actions(unresolved(card), paging.refresh(ref), paging.share(ref, look)),
            paging.turn(card.page, ref, "failure"),
        ),
    )


def modal(card: ErrorList, ref: CardRef, look: Look = USUAL) -> Modal:
    return Modal.of(
        "Dismissed failures",
        stack(
            result_line(look.result, look),
            header(card.mailbox.source),
            section(summary(card)),
            actions(unresolved(card), paging.refresh(ref)),
            *_lines(card),
            paging.turn(card.page, ref, "failure"),
        ),
        CardValue(ref=ref),
    )


def summary(card: ErrorList) -> str:
    source = foreign(card.mailbox.source, 320)
    if not card.page.total:
        return f"Nothing of {source} is dismissed."
    what, verb = words.count(card.page.total, "failed item"), words.verb(card.page.total, "is", "are")
    return f"{what} of {source} {verb} dismissed{', newest first' if card.page.total > 1 else ''}."


def view(card: ErrorList) -> Element | None:
    """The way here, where there is something to see."""
    return link(card.mailbox, f"View {words.number(card.dismissed)} dismissed") if card.dismissed else None


def unresolved(card: ErrorList) -> Element:
    return _show("View unresolved", CardRef(CardKind.ERRORS, mailbox=card.mailbox.id))


def link(mailbox: MailboxRef, label: str = "View dismissed") -> Element:
    """From any card that stands in a modal or an answer, in its place."""
    return _show(label, CardRef(CardKind.ERRORS, mailbox=mailbox.id, dismissed=True))


def _show(label: str, ref: CardRef) -> Element:
    return button(label, Action.ERRORS_SHOW, CardValue(ref=ref))


def _lines(card: ErrorList) -> list[Block]:
    start = paging.first(card.page)
    return stack(*(_line(card, line, start + i) for i, line in enumerate(card.lines[:20])))


def _line(card: ErrorList, line: FailureLine, number: int) -> list[Block]:
    described = f"*{number:,}* · {item.subject(line)}\n{item.place(line)}\n{item.why(line)}"
    return stack(divider(), section(described, _restore(card, line)), context(*_who(line)))


def _who(line: FailureLine) -> list[str]:
    by = f" by {person(line.dismissed_by)}" if line.dismissed_by else ""
    at = f" {when(line.dismissed_at)}" if line.dismissed_at else ""
    return [f"Dismissed{by}{at}", *([f"Reason: {foreign(line.reason, 300)}"] if line.reason else [])]


def _restore(card: ErrorList, line: FailureLine) -> Element | None:
    if not card.may_act:
        return None
    value = FailureValue(failure=line.id, mailbox=card.mailbox.id, page=max(1, card.page.number))
    return button("Take back", Action.FAILURE_RESTORE, value, describe=f"Take dismissal {line.id} back")
