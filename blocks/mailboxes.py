"""The list of mailboxes, filtered by status or policy, page by page."""

from blocks import paging, words
from blocks.kit import Block, actions, context, header, more, section, stack
from blocks.look import USUAL, Look, result_line
from blocks.rows import row
from blocks.surface import Message, Modal
from blocks.text import foreign, when
from blocks.values import CardValue
from bot.views import CardRef, MailboxList

_SHOWN = 25
_FILTERS = (
    "`/sync list` takes a status (synced, failed, running, never) or a policy; `/sync policies` lists those."
)


def message(card: MailboxList, ref: CardRef, look: Look = USUAL) -> Message:
    controls = actions(paging.refresh(ref), paging.share(ref, look))
    return Message.of(summary(card), stack(header("Mailboxes"), *_body(card, ref), controls))


def modal(card: MailboxList, ref: CardRef, look: Look = USUAL) -> Modal:
    blocks = stack(result_line(look.result, look), *_body(card, ref), actions(paging.refresh(ref)))
    return Modal.of("Mailboxes", blocks, CardValue(ref=ref))


def summary(card: MailboxList) -> str:
    filters = (
        f"with status {card.status}" if card.status else None,
        f"under policy {foreign(card.policy)}" if card.policy else None,
        f"failing: {foreign(card.cause, 300)}" if card.cause else None,
    )
    counted = words.count(card.page.total, "mailbox") if card.page.total else "No mailbox"
    return " ".join((counted, *(f for f in filters if f)))


def _body(card: MailboxList, ref: CardRef) -> list[Block]:
    return stack(
        section(f"*{summary(card)}*"),
        *(row(found) for found in card.rows[:_SHOWN]),
        more(len(card.rows) - _SHOWN, "mailbox"),
        context(_FILTERS) if card.policy and not card.page.total else None,
        paging.turn(card.page, ref, "mailbox"),
        context(f"As of {when(card.as_of)}") if card.as_of else None,
    )
