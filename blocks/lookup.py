"""The modal that finds a mailbox while somebody types, and what it offers."""

from collections.abc import Sequence
from typing import Final

from blocks import limits
from blocks.actions import Action
from blocks.kit import Element, actions, context, option, section, stack, typeahead
from blocks.surface import Modal
from blocks.values import ChoiceValue
from bot.views import CardKind, MailboxRef

LEAST_TYPED: Final = 2
"""Characters from which on Slack asks: with one, nearly every mailbox would be offered."""


def modal() -> Modal:
    choosing = typeahead(Action.LOOKUP_MAILBOX, placeholder="Type a name or an address", after=LEAST_TYPED)
    return Modal.of(
        "Look up a mailbox",
        stack(
            section("*Which mailbox?* Type two letters or more of its source or destination address."),
            actions(choosing),
            context("Parts of a name or a domain will do, and so will a small typo."),
        ),
    )


def options(found: Sequence[MailboxRef]) -> list[Element]:
    """The best first. Slack shows them in this order."""
    return [_option(mailbox) for mailbox in found[: limits.OPTIONS]]


def _option(mailbox: MailboxRef) -> Element:
    value = ChoiceValue(mailbox=mailbox.id, purpose=CardKind.STATUS.value)
    return option(_label(mailbox), value.encode())


def _label(mailbox: MailboxRef) -> str:
    """The source, and where its name differs the destination as well, as far as both fit."""
    is_renamed = mailbox.source.partition("@")[0] != mailbox.destination.partition("@")[0]
    both = f"{mailbox.source} → {mailbox.destination}"
    return both if is_renamed and len(both) <= limits.OPTION else mailbox.source
