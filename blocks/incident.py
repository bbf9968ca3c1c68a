"""The living message about one cause that many mailboxes share: everybody in the channel reads it."""

from blocks import credential, handling, running, words
from blocks.actions import Action
from blocks.kit import Block, Element, actions, button, confirmation, context, header, section, stack
from blocks.surface import Message
from blocks.text import foreign, when
from blocks.values import IncidentValue
from bot.views import IncidentCard

_SHOWN = 10


def message(card: IncidentCard) -> Message:
    """Made of blocks that are safe everywhere."""
    return _over(card) if card.cleared_at else _living(card)


def _living(card: IncidentCard) -> Message:
    fail = words.verb(card.failing, "fails", "fail")
    title = f"{words.count(card.failing, 'mailbox')} {fail}"
    return Message.of(
        f"{title}: {words.sentence(foreign(card.cause, 300))}",
        stack(
            header(f"{title}: {card.cause}"),
            context(*_where(card), f"since {when(card.opened_at)}"),
            section(_progress(card)),
            handling.told(card.handled),
            section(credential.ended(card.expired, card.connection or "")) if card.expired else None,
            section(f"*Remedy:* {words.sentence(foreign(card.remedy, 300))} {_prospect(card)}"),
            section(_list(card)) if card.first else None,
            actions(_retry(card), _view(card), handling.of_incident(card)),
            _support(card),
        ),
    )


def _where(card: IncidentCard) -> list[str]:
    connection = [f"connection {foreign(card.connection, 120)}"] if card.connection else []
    return [*connection, f"`{foreign(card.code, 60)}`"]


def _progress(card: IncidentCard) -> str:
    """How far it is, in one line."""
    parts = (
        f"*{words.number(card.healed)} of {words.number(card.mailboxes)} healed*",
        f"{words.number(card.failing)} unresolved",
        f"{words.number(card.retrying)} retrying now" if card.retrying else None,
        f"{words.number(card.dismissed)} dismissed" if card.dismissed else None,
    )
    told = " · ".join(part for part in parts if part)
    return f"{running.bar(card.healed, card.mailboxes)}\n{told}" if card.retrying else told


def _prospect(card: IncidentCard) -> str:
    """Whether it will heal by itself, and when."""
    if card.heals_by_itself:
        return f"May heal by itself: {_next_syncs(card)}."
    if card.synced_within is None:
        return "Does not heal by itself: retry once that is done."
    return f"Does not heal by itself. Once that is done, {_next_syncs(card)}; a retry is quicker."


def _next_syncs(card: IncidentCard) -> str:
    if card.synced_within is None:
        return "but no next sync is scheduled"
    return f"each mailbox is tried again by its next sync, within {words.duration(card.synced_within)}"


def _list(card: IncidentCard) -> str:
    shown = card.first[:_SHOWN]
    lines = [f"• {foreign(ref.source, 120)}" for ref in shown]
    left = card.failing - len(shown)
    return "\n".join((*lines, *([f"and {words.number(left)} more"] if left > 0 else [])))


def _view(card: IncidentCard) -> Element:
    return button("View mailboxes", Action.INCIDENT_VIEW, IncidentValue(alert=card.id))


def _retry(card: IncidentCard) -> Element | None:
    waiting = card.failing - card.retrying
    now = min(waiting, card.retried_at_once)
    if now <= 0:
        return None
    is_all = now == waiting
    what = words.count(now, "mailbox")
    confirm = confirmation(
        f"Retry {what}?" if is_all else f"Retry {words.number(now)} of {words.count(waiting, 'mailbox')}?",
        "They are retried one after another, not all at once."
        + ("" if is_all else " Press the button again for the others.")
        + ("" if card.heals_by_itself else " Until the cause is repaired they fail again."),
        f"Retry {what}",
    )
    label = f"Retry {what}" if is_all else f"Retry the first {what}"
    return button(label, Action.INCIDENT_RETRY, IncidentValue(alert=card.id), confirm=confirm)


def _support(card: IncidentCard) -> Block | None:
    if not card.support_contact or card.heals_by_itself:
        return None
    return context(f"If the remedy does not help: contact {foreign(card.support_contact)}.")


def _over(card: IncidentCard) -> Message:
    told = _told(card)
    why = words.sentence(foreign(card.cause, 300))
    return Message.of(f"{told} It was: {why}", stack(section(told), context(f"It was: {why}", *_how(card))))


def _told(card: IncidentCard) -> str:
    if not card.healed:
        return f"Over: the failures of {_all(card.mailboxes)} were dismissed."
    if card.dismissed:
        healed = f"{words.number(card.healed)} of {words.count(card.mailboxes, 'mailbox')}"
        return f"Healed: the failures of {healed} are resolved ✅"
    return f"Healed: the failures of {_all(card.healed)} are resolved ✅"


def _all(mailboxes: int) -> str:
    return "the mailbox" if mailboxes == 1 else f"all {words.count(mailboxes, 'mailbox')}"


def _how(card: IncidentCard) -> list[str]:
    """One incident that lasted is told apart from the next by its times."""
    dismissed = (
        f"{words.count(card.dismissed, 'mailbox')} dismissed" if card.dismissed and card.healed else ""
    )
    lasted = f"lasted {words.duration(card.cleared_at - card.opened_at)}" if card.cleared_at else ""
    return [text for text in (dismissed, *_where(card), lasted, f"opened {when(card.opened_at)}") if text]
