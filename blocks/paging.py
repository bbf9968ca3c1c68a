"""Previous and Next under a list, and the buttons that a card has to load itself again."""

from dataclasses import replace

from blocks import words
from blocks.actions import Action
from blocks.kit import Element, Part, actions, button, context, stack
from blocks.look import Look
from blocks.values import CardValue
from bot.views import CardRef, Page


def turn(page: Page, ref: CardRef, noun: str) -> Part:
    """Where the reader is in the list, and the way on."""
    if page.count == 1 and page.number == 1:
        return None
    return stack(
        context(f"Page {page.number:,} of {page.count:,} · {words.count(page.total, noun)}"),
        actions(
            _to(Action.PAGE_PREVIOUS, "Previous page", ref, page.number - 1) if page.number > 1 else None,
            _to(Action.PAGE_NEXT, "Next page", ref, page.number + 1) if page.number < page.count else None,
        ),
    )


def first(page: Page) -> int:
    """The number in the whole list of the first one on this page."""
    return (page.number - 1) * page.size + 1


def refresh(ref: CardRef) -> Element:
    return button("Refresh", Action.CARD_REFRESH, CardValue(ref=ref), describe="Refresh this card")


def share(ref: CardRef, look: Look) -> Element | None:
    """What is shared already needs no such button."""
    return None if look.shared else button("Share in channel", Action.CARD_SHARE, CardValue(ref=ref))


def _to(action: Action, label: str, ref: CardRef, number: int) -> Element:
    return button(label, action, CardValue(ref=replace(ref, page=number, entry=None)))
