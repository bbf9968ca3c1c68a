"""What people did about an alert: its menu, the lines that tell of it, and the answer to who came second."""

from blocks import mutes
from blocks.actions import Action
from blocks.kit import Block, Element, context, option, overflow, section
from blocks.surface import Message
from blocks.text import foreign, person, when
from blocks.values import AlertValue
from blocks.words import count, number
from bot.domain.handling import SNOOZES, Deed
from bot.views import AlertCard, Deeded, Dismissal, Handled, IncidentCard

_REASONS = 5
_LABELS = {
    Deed.ACKNOWLEDGE: "Acknowledge",
    Deed.TAKE_BACK: "Take acknowledgement back",
    Deed.SNOOZE_HOUR: "Snooze 1 hour",
    Deed.SNOOZE_HOURS: "Snooze 4 hours",
    Deed.SNOOZE_TOMORROW: "Snooze until tomorrow 08:00",
    Deed.WAKE: "Wake now",
    Deed.DISMISS: "Dismiss…",
    Deed.VIEW_STATUS: "View status",
    Deed.VIEW_HISTORY: "View history",
}


def of_alert(card: AlertCard) -> Element:
    """While it sleeps, the entries for snoozing are free for others: Slack takes five."""
    dismiss = [Deed.DISMISS] if any(line.item is not None for line in card.lines) else []
    rest = [Deed.VIEW_STATUS, Deed.VIEW_HISTORY] if card.handled.snoozed_until else []
    value = AlertValue(alert=card.id, deed=Deed.DISMISS, seen=card.ever, mailbox=card.mailbox.id)
    return _menu([*_common(card.handled), *dismiss, *rest], value)


def of_incident(card: IncidentCard) -> Element:
    value = AlertValue(alert=card.id, deed=Deed.ACKNOWLEDGE, seen=card.mailboxes)
    return _menu(_common(card.handled), value)


def told(handled: Handled) -> Block | None:
    """Who has taken it in hand, and until when it is quiet."""
    muted = mutes.line(handled.muted) if handled.muted else None
    return context("\n".join(filter(None, (_acknowledged(handled), _snoozed(handled), muted))))


def dismissed(dismissals: tuple[Dismissal, ...]) -> Block | None:
    left = len(dismissals) - _REASONS
    more = [f"and {number(left)} more dismissals"] if left > 0 else []
    return context("\n".join((*map(_dismissed, dismissals[:_REASONS]), *more)))


def too_late(outcome: Deeded) -> Message:
    """Who was quicker, or why there is nothing to do any more."""
    why = f"{_why(outcome)} It is about {foreign(outcome.state.told, 320)}."
    return Message.of(why, [section(why)])


def _common(handled: Handled) -> list[Deed]:
    taken = Deed.TAKE_BACK if handled.acknowledged_by else Deed.ACKNOWLEDGE
    return [taken, *((Deed.WAKE,) if handled.snoozed_until else SNOOZES)]


def _menu(deeds: list[Deed], value: AlertValue) -> Element:
    entries = (value.model_copy(update={"deed": deed}) for deed in deeds)
    return overflow(Action.ALERT_HANDLE, [option(_LABELS[each.deed], each.encode()) for each in entries])


def _acknowledged(handled: Handled) -> str | None:
    if not handled.acknowledged_by:
        return None
    at = f" {when(handled.acknowledged_at)}" if handled.acknowledged_at else ""
    since = f" · *{number(handled.new_since)} new since*" if handled.new_since else ""
    return f"Acknowledged by {person(handled.acknowledged_by)}{at}{since}"


def _snoozed(handled: Handled) -> str | None:
    if not handled.snoozed_until:
        return None
    by = f" by {person(handled.snoozed_by)}" if handled.snoozed_by else ""
    return f"Snoozed until {when(handled.snoozed_until)}{by}"


def _dismissed(dismissal: Dismissal) -> str:
    why = f": {foreign(dismissal.reason, 300)}" if dismissal.reason else ""
    return f"Dismissed {count(dismissal.count, 'item')} by {person(dismissal.by)}{why}"


def _why(outcome: Deeded) -> str:
    state, deed = outcome.state, outcome.deed
    if state.is_cleared:
        return "This alert is over, so there is nothing to do about it any more."
    if deed is Deed.ACKNOWLEDGE and state.handled.acknowledged_by:
        return f"{_who(outcome, state.handled.acknowledged_by)} acknowledged it already."
    if deed in SNOOZES and state.handled.snoozed_until:
        who = _who(outcome, state.handled.snoozed_by or "")
        return f"{who} snoozed it already, until {when(state.handled.snoozed_until)}. Wake it first."
    return "That was done already."


def _who(outcome: Deeded, by: str) -> str:
    return "You have" if by == outcome.asker else f"{person(by)} has"
