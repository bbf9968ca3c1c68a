"""The row on top of a mailbox's modal that switches between its cards in place."""

from typing import Final

from blocks.actions import Action
from blocks.kit import Element, Part, actions, button
from blocks.values import CardValue
from bot.views import CardKind, CardRef, MailboxRef

_TABS: Final = {CardKind.STATUS: "Overview", CardKind.HISTORY: "History", CardKind.ERRORS: "Errors"}


def row(mailbox: MailboxRef, current: CardKind | None) -> Part:
    """None: the card that is shown is none of them."""
    return actions(*(_tab(mailbox, kind, is_current=kind is current) for kind in _TABS))


def _tab(mailbox: MailboxRef, kind: CardKind, *, is_current: bool) -> Element:
    """The current one says so in words as well as by its colour."""
    name = _TABS[kind]
    value = CardValue(ref=CardRef(kind, mailbox=mailbox.id))
    if is_current:
        return button(
            f"{name} (shown)", Action.CARD_SWITCH, value, style="primary", describe=f"{name}, shown now"
        )
    return button(name, Action.CARD_SWITCH, value, describe=f"Show {name.lower()} instead")
