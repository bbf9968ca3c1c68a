"""From what a channel is told to its message: an alert about one mailbox, or an incident of many."""

from dataclasses import replace

from blocks import alert, incident, words
from blocks.kit import section, stack
from blocks.surface import Message
from blocks.text import foreign, holder, people
from bot.views import AlertCard, ChannelCard, IncidentCard


def message(card: ChannelCard, mention: str | None = None) -> Message:
    """`mention` is named above it, which notifies them."""
    told = incident.message(card) if isinstance(card, IncidentCard) else alert.message(card)
    if not mention:
        return told
    named = holder(mention)
    return replace(told, text=f"{named} {told.text}", blocks=stack(section(named), *told.blocks))


def reply(card: ChannelCard, new: int) -> Message:
    """In the thread of its message, which the reader has just above."""
    return _said(_healed(card) if card.cleared_at else _news(card, new))


def moved(url: str) -> Message:
    """In place of a message that nobody keeps up to date."""
    return _said(f"This alert goes on in <{foreign(url, 500)}|another message>.")


def _said(text: str) -> Message:
    return Message.of(text, stack(section(text)))


def _news(card: ChannelCard, new: int) -> str:
    if isinstance(card, IncidentCard):
        failing = words.count(card.failing, "mailbox")
        return (
            f"{words.count(new, 'more mailbox')}: {failing} {words.verb(card.failing, 'fails', 'fail')} now."
        )
    newest = max(card.lines, key=lambda line: line.first_at, default=None)
    why = f" {words.sentence(foreign(newest.cause, 300))}" if newest and new == 1 else ""
    total = "" if card.open_failures == new else f" {words.number(card.open_failures)} are unresolved."
    return f"{words.count(new, 'new sync failure')}.{why}{total}"


def _healed(card: ChannelCard) -> str:
    by = card.resolved_by if isinstance(card, AlertCard) else ()
    return f"Healed by {people(by)} ✅" if by else "Healed ✅"
