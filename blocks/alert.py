"""The living message about a mailbox in a channel: everybody there reads it, so no subject, no sender."""

from blocks import handling, item, running, words
from blocks.actions import Action
from blocks.kit import Block, Element, Part, actions, button, context, header, section, stack
from blocks.status import retry_all, support
from blocks.surface import Message
from blocks.text import foreign, people, when
from blocks.values import FailureValue, MailboxValue
from bot.domain.values import MailboxStatus
from bot.views import AlertCard, FailureLine, IncidentRef

_SHOWN = 5


def message(card: AlertCard, *, safe: bool = True) -> Message:
    """Made of blocks that are safe everywhere; unless `safe`, with a plan of a retry that goes on."""
    if card.cleared_at:
        return _healed(card)
    return _covered(card, card.part_of) if card.part_of else _living(card, safe=safe)


def _living(card: AlertCard, *, safe: bool) -> Message:
    return Message.of(
        f"{_title(card)}: {foreign(card.mailbox.source, 320)}. {_first_cause(card)}",
        stack(
            header(f"{_title(card)}: {card.mailbox.source}"),
            context(_where(card), f"since {when(card.opened_at)}"),
            section(_progress(card)),
            running.in_message(card.under_way, safe=safe),
            handling.told(card.handled),
            handling.dismissed(card.dismissals),
            *_lines(card),
            actions(*_two(_retry_all(card), _view_errors(card), _view_status(card)), handling.of_alert(card)),
            _support(card),
        ),
    )


def _covered(card: AlertCard, incident: IncidentRef) -> Message:
    """An incident tells it: here is only which, so that the channel reads it once."""
    source, cause = foreign(card.mailbox.source, 320), words.sentence(foreign(incident.cause, 300))
    told = f"{source} is part of an incident: {cause}"
    where = context(_where(card), f"since {when(card.opened_at)}")
    return Message.of(told, stack(section(told), where, actions(_view_errors(card), _view_status(card))))


def _title(card: AlertCard) -> str:
    if card.status is MailboxStatus.FAILED and _only_run(card):
        return "Sync failed"
    return words.count(card.open_failures, "sync failure")


def _first_cause(card: AlertCard) -> str:
    return words.sentence(foreign(card.lines[0].cause, 300)) if card.lines else ""


def _where(card: AlertCard) -> str:
    return f"to {foreign(card.mailbox.destination, 320)} · policy {foreign(card.policy)}"


def _progress(card: AlertCard) -> str:
    """How things stand, in one line."""
    parts = (
        f"{words.number(card.open_failures)} unresolved",
        f"{words.number(card.retrying)} retrying now" if card.retrying else None,
        f"{words.number(card.resolved)} resolved" if card.resolved else None,
        f"{words.number(card.dismissed)} dismissed" if card.dismissed else None,
        f"next sync {when(card.next_sync_at)}" if card.next_sync_at else "no next sync is scheduled",
    )
    return " · ".join(part for part in parts if part)


def _lines(card: AlertCard) -> list[Block]:
    """The first ones: how many there are stands in the title and on the button that shows all."""
    causes: dict[tuple[str, str], list[tuple[int, FailureLine]]] = {}
    for number, line in enumerate(card.lines[:_SHOWN], 1):
        cause = item.why(line), item.prospect(line, card.next_sync_at)
        causes.setdefault(cause, []).append((number, line))
    return [block for cause, lines in causes.items() for block in _of_cause(card, cause, lines)]


def _of_cause(card: AlertCard, cause: tuple[str, str], lines: list[tuple[int, FailureLine]]) -> list[Block]:
    """What several have in common is said once, above them."""
    if len(lines) == 1:
        ((number, line),) = lines
        why, prospect = cause
        return [_line(card, line, number, why, _state(line) or prospect)]
    return [section("\n".join(cause)), *(_line(card, line, n, _state(line)) for n, line in lines)]


def _line(card: AlertCard, line: FailureLine, number: int, *texts: str) -> Block:
    told = (f"*{item.place(line)}*", *texts, item.last_retry(line) and _outcome(line))
    button_ = item.retry_button(line, (number, max(card.open_failures, number)), _failure(card, line))
    return section("\n".join(text for text in told if text), button_)


def _state(line: FailureLine) -> str:
    return item.retrying(line) if item.is_retrying(line) else ""


def _outcome(line: FailureLine) -> str:
    """Without the detail, which an engine wrote and which may quote the message."""
    return words.sentence(f"The last retry {words.outcome(line.last_retry)}") if line.last_retry else ""


def _failure(card: AlertCard, line: FailureLine) -> FailureValue:
    return FailureValue(failure=line.id, mailbox=card.mailbox.id, alert=card.id)


def _only_run(card: AlertCard) -> bool:
    return card.open_failures == 1 and any(map(item.is_run, card.lines))


def _value(card: AlertCard) -> MailboxValue:
    return MailboxValue(mailbox=card.mailbox.id, alert=card.id)


def _view_errors(card: AlertCard) -> Element:
    label = f"View all {words.count(card.open_failures, 'error')}" if card.open_failures > 1 else "View error"
    return button(label, Action.ERRORS_VIEW, _value(card))


def _two(*buttons: Element | None) -> list[Element]:
    """The two that matter most: more would hide which."""
    return [each for each in buttons if each][:2]


def _retry_all(card: AlertCard) -> Element | None:
    """For more than one: a single failure has its own button."""
    waiting = card.open_failures - card.retrying
    return retry_all(waiting, _value(card), card.mailbox.source) if waiting > 1 else None


def _view_status(card: AlertCard) -> Element:
    return button("View status", Action.STATUS_VIEW, _value(card))


def _support(card: AlertCard) -> Part:
    return support(card.support_contact) if card.escalate else None


def _healed(card: AlertCard) -> Message:
    told = _over(card)
    dismissals = handling.dismissed(card.dismissals)
    return Message.of(
        told, stack(section(told), context(*_how(card)), dismissals, actions(_view_status(card)))
    )


def _over(card: AlertCard) -> str:
    """Nothing is called healed that somebody only accepted."""
    source = foreign(card.mailbox.source, 320)
    verb = words.verb(card.resolved or card.dismissed, "is", "are")
    if card.dismissed and not card.resolved:
        return f"Over: {_all(card.dismissed)} of {source} {verb} dismissed"
    if card.dismissed:
        others = f"{words.number(card.resolved)} {verb} resolved and {words.number(card.dismissed)} dismissed"
        return f"Over: of {_all(card.resolved + card.dismissed)} of {source}, {others}"
    return f"Healed: {_all(card.resolved)} of {source} {verb} resolved ✅"


def _all(failures: int) -> str:
    if failures == 1:
        return "the sync failure"
    return f"all {words.number(failures)} sync failures" if failures else "the sync failures"


def _how(card: AlertCard) -> list[str]:
    lasted = f"lasted {words.duration(card.cleared_at - card.opened_at)}" if card.cleared_at else ""
    by = f"by {people(card.resolved_by)}" if card.resolved_by else ""
    return [text for text in (by, lasted, f"opened {when(card.opened_at)}") if text]
