"""The history of one mailbox, all or what came out one way, page by page, newest first."""

from typing import Final

from blocks import entries, inputs, paging, tabs, trend, words
from blocks.actions import Action
from blocks.kit import Element, Part, actions, button, header, more, section, stack
from blocks.look import USUAL, Look, result_line
from blocks.surface import Message, Modal
from blocks.text import foreign
from blocks.values import CardValue, HistoryValue
from bot.domain.values import Outcome
from bot.views import CardKind, CardRef, HistoryList, MailboxRef

_SHOWN = 25
_CHOICES: Final = (None, *Outcome)
_THAT: Final = {
    None: "",
    Outcome.FAILED: " that failed",
    Outcome.PARTIAL: " with failed items",
    Outcome.SYNCED: " that synced without failed items",
    Outcome.RUNNING: " in progress",
}


def message(card: HistoryList, ref: CardRef, look: Look = USUAL) -> Message:
    return Message.of(
        summary(card),
        stack(
            header(f"Sync history of {card.mailbox.source}"),
            section(summary(card)),
            _controls(card),
            *entries.in_message(card.entries[:_SHOWN], safe=look.safe),
            more(len(card.entries) - _SHOWN, "entry"),
            paging.turn(card.page, ref, "entry"),
            *trend.of_runs(card.days, look),
            actions(paging.refresh(ref), paging.share(ref, look)),
        ),
    )


def modal(card: HistoryList, ref: CardRef, look: Look = USUAL) -> Modal:
    return Modal.of(
        "Sync history",
        stack(
            result_line(look.result, look),
            header(card.mailbox.source),
            tabs.row(card.mailbox, CardKind.HISTORY),
            section(summary(card)),
            _controls(card),
            *entries.in_modal(card.entries[:_SHOWN], card.mailbox, ref),
            more(len(card.entries) - _SHOWN, "entry"),
            paging.turn(card.page, ref, "entry"),
            trend.in_words(card.days),
            actions(paging.refresh(ref)),
        ),
        CardValue(ref=ref),
    )


def summary(card: HistoryList) -> str:
    source, that = foreign(card.mailbox.source, 320), _THAT[card.outcome]
    if card.page.total:
        counted = words.count(card.page.total, "entry")
        if card.is_cut:
            return f"{source} has more than {counted}{that} in its history. The newest of them are listed."
        return (
            f"{source} has {counted}{that} in its history{', newest first' if card.page.total > 1 else ''}."
        )
    return f"{source} has no entry{that} in its history." if that else f"No sync of {source} has run yet."


def find_last_good(mailbox: MailboxRef) -> Element:
    """From any card of a mailbox to where its failures began, in its place."""
    ref = CardRef(CardKind.LAST_GOOD, mailbox=mailbox.id)
    return button("Find last good run", Action.CARD_SWITCH, CardValue(ref=ref))


def _controls(card: HistoryList) -> Part:
    """Nothing to choose from where nothing has happened."""
    if not card.page.total and card.outcome is None:
        return None
    return actions(_filter(card), find_last_good(card.mailbox))


def _filter(card: HistoryList) -> Element:
    options = [inputs.option(_label(each), _value(card, each)) for each in _CHOICES]
    return inputs.one(Action.HISTORY_FILTER, options, _value(card, card.outcome))


def _label(outcome: Outcome | None) -> str:
    return words.came_out(outcome) if outcome else "All entries"


def _value(card: HistoryList, outcome: Outcome | None) -> str:
    return HistoryValue(mailbox=card.mailbox.id, outcome=outcome).encode()
