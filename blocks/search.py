"""What a search found."""

from blocks import paging, words
from blocks.kit import Block, actions, header, more, section, stack
from blocks.look import USUAL, Look, result_line
from blocks.rows import row
from blocks.surface import Message, Modal
from blocks.text import foreign
from blocks.values import CardValue
from bot.views import CardRef, SearchResult

_SHOWN = 25


def message(card: SearchResult, ref: CardRef, look: Look = USUAL) -> Message:
    share = actions(paging.share(ref, look)) if card.rows else None
    return Message.of(summary(card), stack(header("Search"), *_body(card, ref), share))


def modal(card: SearchResult, ref: CardRef, look: Look = USUAL) -> Modal:
    return Modal.of("Search", stack(result_line(look.result, look), *_body(card, ref)), CardValue(ref=ref))


def summary(card: SearchResult) -> str:
    query = foreign(card.query, 120)
    if not card.page.total:
        return f"No mailbox matches “{query}”. Try a part of the address or of the domain."
    if card.is_close:
        return f"No mailbox matches “{query}”. {words.capital(_close(card.page.total))}:"
    if card.more:
        return (
            f"More than {words.count(card.page.total, 'mailbox')} match “{query}”. Type more of the address."
        )
    matches = words.verb(card.page.total, "matches", "match")
    return f"{words.count(card.page.total, 'mailbox')} {matches} “{query}”."


def _close(found: int) -> str:
    return f"{words.count(found, 'address')} {words.verb(found, 'is', 'are')} close to it"


def _body(card: SearchResult, ref: CardRef) -> list[Block]:
    return stack(
        section(summary(card)),
        *(row(found) for found in card.rows[:_SHOWN]),
        more(len(card.rows) - _SHOWN, "mailbox"),
        paging.turn(card.page, ref, "mailbox"),
    )
