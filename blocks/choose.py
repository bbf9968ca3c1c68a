"""When it is not clear which mailbox is meant: the closest ones, or the ones that match, as buttons."""

from blocks.actions import Action
from blocks.kit import Block, Element, actions, button, more, section, stack
from blocks.look import USUAL, Look, result_line
from blocks.rows import row
from blocks.surface import Message, Modal
from blocks.text import foreign, one_line
from blocks.values import CardValue, ChoiceValue
from bot.views import CardRef, Choice, MailboxRef, Suggestions

_CLOSEST = 3
_MATCHES = 20

Unclear = Suggestions | Choice


def message(card: Unclear, ref: CardRef, look: Look = USUAL) -> Message:  # noqa: ARG001 - looks the same to all
    return Message.of(f"{summary(card)}{_named(card)}", _body(card))


def modal(card: Unclear, ref: CardRef, look: Look = USUAL) -> Modal:
    blocks = stack(result_line(look.result, look), *_body(card))
    return Modal.of("Which mailbox?", blocks, CardValue(ref=ref))


def summary(card: Unclear) -> str:
    typed = foreign(card.typed, 120)
    if isinstance(card, Choice):
        return f"More than one mailbox answers to “{typed}”. Which one?"
    if card.closest:
        return f"No mailbox has the address “{typed}”. Did you mean:"
    return f"No mailbox has the address “{typed}”, nor one close to it. `/sync search` finds parts of one."


def _named(card: Unclear) -> str:
    """Buttons are not read out with the summary, so the closest addresses stand in it."""
    closest = () if isinstance(card, Choice) else card.closest[:_CLOSEST]
    return " " + ", ".join(foreign(mailbox.source, 320) for mailbox in closest) if closest else ""


def _body(card: Unclear) -> list[Block]:
    if isinstance(card, Choice):
        return _matches(card)
    return stack(
        section(summary(card)),
        actions(*(_choose(mailbox.source, mailbox, card.purpose) for mailbox in card.closest[:_CLOSEST])),
    )


def _matches(card: Choice) -> list[Block]:
    return stack(
        section(summary(card)),
        *(row(found, _choose("Choose", found.mailbox, card.purpose)) for found in card.matches[:_MATCHES]),
        more(len(card.matches) - _MATCHES, "mailbox"),
    )


def _choose(label: str, mailbox: MailboxRef, purpose: str) -> Element:
    described = f"Choose {one_line(mailbox.source, 66)}"
    return button(
        label, Action.MAILBOX_CHOOSE, ChoiceValue(mailbox=mailbox.id, purpose=purpose), describe=described
    )
