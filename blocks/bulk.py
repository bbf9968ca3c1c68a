"""Buttons that retry many failures of one mailbox: those shown, those chosen, all. Each asks first."""

from dataclasses import dataclass

from blocks import narrowing, words
from blocks.actions import Action
from blocks.kit import Element, Style, button, confirmation
from blocks.status import retry_all
from blocks.text import one_line
from blocks.values import MailboxValue, RetryValue
from bot.domain.values import FailureState
from bot.views import Choices, ErrorList

_AT_ONCE = 20
"""Ids that fit into the value of a button."""


@dataclass(frozen=True, slots=True)
class _Bulk:
    """So many failures, `which` they are in the label, and what the question says of them."""

    count: int
    which: str
    told: str


def buttons(card: ErrorList, *, only_run: bool) -> list[Element | None]:
    """The narrowest first. Where two would do the same, only the wider one stands there."""
    if not card.may_act:
        return []
    return [_shown(card), _chosen(card), _all(card, only_run=only_run)]


def _shown(card: ErrorList) -> Element | None:
    """Those on this page, as the reader sees them: what fails meanwhile is not taken along."""
    ids = [line.id for line in card.lines[:_AT_ONCE] if line.state is FailureState.OPEN]
    if len(ids) <= 1 or len(ids) >= _wider(card):
        return None
    value = RetryValue(mailbox=card.mailbox.id, failures=tuple(ids), page=max(1, card.page.number))
    return _asking(card, Action.ERRORS_RETRY, value, _Bulk(len(ids), "shown", "on this page"))


def _chosen(card: ErrorList) -> Element | None:
    choices = card.choices
    if choices is None or choices.is_whole or not 0 < choices.retryable < card.retryable:
        return None
    value = RetryValue(
        mailbox=card.mailbox.id,
        code=choices.cause.code if choices.cause else None,
        folder=choices.folder.sample if choices.folder else None,
    )
    bulk = _Bulk(choices.retryable, _which(choices), narrowing.told(choices))
    return _asking(card, Action.ERRORS_RETRY, value, bulk, "primary")


def _all(card: ErrorList, *, only_run: bool) -> Element | None:
    value = MailboxValue(mailbox=card.mailbox.id, page=max(1, card.page.number))
    if card.retryable <= 0:
        return None
    if card.is_whole:
        return retry_all(card.retryable, value, card.mailbox.source, only_run=only_run)
    return _asking(card, Action.MAILBOX_RETRY_ALL, value, _Bulk(card.retryable, "in all", "in all"))


def _wider(card: ErrorList) -> int:
    """What the next button takes."""
    return card.choices.retryable if card.choices else card.retryable


def _which(choices: Choices) -> str:
    if choices.cause and choices.folder:
        return "of this cause and folder"
    return "of this cause" if choices.cause else "in this folder"


def _asking(
    card: ErrorList, action: Action, value: MailboxValue | RetryValue, bulk: _Bulk, style: Style | None = None
) -> Element:
    many, failures = words.count(bulk.count, "item"), words.count(bulk.count, "failure")
    source = one_line(card.mailbox.source, 100)
    ask = confirmation(
        f"Retry {many} {bulk.which}?",
        f"{failures} of {source} {bulk.told}. Each is tried once more, now.",
        f"Retry {many}",
    )
    return button(f"Retry {many} {bulk.which}", action, value, style=style, confirm=ask)
