"""From what a channel is told to its message: an alert, an incident, a credential, a digest."""

from dataclasses import replace

from blocks import alert, credential, digest, incident, limits, wishes, words
from blocks.kit import section, stack
from blocks.surface import Message
from blocks.text import clip_markup, foreign, people
from bot.views import AlertCard, ChannelCard, CredentialCard, DigestCard, IncidentCard


def message(card: ChannelCard, mention: str | None = None, *, safe: bool = False) -> Message:
    """`mention` is named above it, which notifies them; `safe` uses only the blocks that all clients draw."""
    told = _drawn(card, safe=safe)
    if not mention:
        return told
    named = wishes.mention(mention)
    text = clip_markup(f"{named} {told.text}", limits.MESSAGE_TEXT)
    return replace(told, text=text, blocks=stack(section(named), *told.blocks))


def _drawn(card: ChannelCard, *, safe: bool) -> Message:
    if isinstance(card, DigestCard):
        return digest.message(card, safe=safe)
    if isinstance(card, IncidentCard):
        return incident.message(card)
    if isinstance(card, CredentialCard):
        return credential.message(card)
    return alert.message(card, safe=safe)


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
    if isinstance(card, CredentialCard | DigestCard):
        return _drawn(card, safe=True).text.partition("\n")[0]
    newest = max(card.lines, key=lambda line: line.first_at, default=None)
    why = f" {words.sentence(foreign(newest.cause, 300))}" if newest and new == 1 else ""
    total = "" if card.open_failures == new else f" {words.number(card.open_failures)} are unresolved."
    return f"{words.count(new, 'new sync failure')}.{why}{total}"


def _healed(card: ChannelCard) -> str:
    if isinstance(card, CredentialCard):
        return credential.renewed(card)
    if _is_given_up(card):
        return "Over: what was left is dismissed."
    by = card.resolved_by if isinstance(card, AlertCard) else ()
    return f"Healed by {people(by)} ✅" if by else "Healed ✅"


def _is_given_up(card: ChannelCard) -> bool:
    """Nothing healed, and somebody accepted that."""
    if isinstance(card, AlertCard):
        return bool(card.dismissed) and not card.resolved
    return isinstance(card, IncidentCard) and bool(card.dismissed) and not card.healed
