"""The history of one mailbox, page by page, newest first."""

from blocks import entries, paging, tabs, words
from blocks.kit import actions, header, more, section, stack
from blocks.look import USUAL, Look, result_line
from blocks.surface import Message, Modal
from blocks.text import foreign
from blocks.values import CardValue
from bot.views import CardKind, CardRef, HistoryList

_SHOWN = 25


def message(card: HistoryList, ref: CardRef, look: Look = USUAL) -> Message:
    return Message.of(
        summary(card),
        stack(
            header(f"Sync history of {card.mailbox.source}"),
            section(summary(card)),
            *entries.in_message(card.entries[:_SHOWN], safe=look.safe),
            more(len(card.entries) - _SHOWN, "entry"),
            paging.turn(card.page, ref, "entry"),
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
            *entries.in_modal(card.entries[:_SHOWN], card.mailbox, ref),
            more(len(card.entries) - _SHOWN, "entry"),
            paging.turn(card.page, ref, "entry"),
            actions(paging.refresh(ref)),
        ),
        CardValue(ref=ref),
    )


def summary(card: HistoryList) -> str:
    source = foreign(card.mailbox.source, 320)
    if not card.page.total:
        return f"No sync of {source} has run yet."
    return f"{source} has {words.count(card.page.total, 'entry')} in its history, newest first."
