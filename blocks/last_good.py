"""The last good run before failures began, what went wrong first, and what was done around then."""

from blocks import audit, entries, paging, tabs, words
from blocks.actions import Action
from blocks.item import cause_and_remedy
from blocks.kit import Block, Element, actions, button, context, divider, header, section, stack
from blocks.look import USUAL, Look, result_line
from blocks.surface import Message, Modal
from blocks.text import foreign, when
from blocks.values import CardValue, MailboxValue
from bot.views import CardKind, CardRef, FirstFailure, LastGood, RunEntry

_GOOD = "A good run is one that synced without any failed item."


def message(card: LastGood, ref: CardRef, look: Look = USUAL) -> Message:  # noqa: ARG001 - as every card
    return Message.of(
        summary(card), stack(header(f"Last good run of {card.mailbox.source}"), *_body(card, ref))
    )


def modal(card: LastGood, ref: CardRef, look: Look = USUAL) -> Modal:
    blocks = stack(
        result_line(look.result, look),
        header(card.mailbox.source),
        tabs.row(card.mailbox, None),
        *_body(card, ref),
    )
    return Modal.of("Last good run", blocks, CardValue(ref=ref))


def summary(card: LastGood) -> str:
    source = foreign(card.mailbox.source, 320)
    if card.began_at is None:
        return f"Nothing of {source} fails now. {_newest(card)}"
    return f"The failures of {source} began {when(card.began_at)}{_lasts(card)}. {_before(card)}"


def _newest(card: LastGood) -> str:
    ended = card.good and card.good.finished_at
    return f"Its last good run ended {when(ended)}." if ended else "It has had no good run yet."


def _lasts(card: LastGood) -> str:
    return f" or earlier, {_ago(card)}" if _may_be_older(card) else f", {_ago(card)}"


def _ago(card: LastGood) -> str:
    return f"{words.duration(card.as_of - card.began_at)} ago" if card.began_at else ""


def _may_be_older(card: LastGood) -> bool:
    """Without a good run, and without the first runs of all, nobody knows."""
    return card.good is None and card.oldest_at is not None and not card.is_whole


def _before(card: LastGood) -> str:
    ended = card.good and card.good.finished_at
    if ended:
        return f"The last good run before them ended {when(ended)}."
    if card.oldest_at is None:
        return "No run is in the history."
    if card.is_whole:
        return "It never had a good run."
    return f"There was no good run since {when(card.oldest_at)}, as far back as the history goes."


def _body(card: LastGood, ref: CardRef) -> list[Block]:
    return stack(
        section(f"*{summary(card)}*"),
        _run("Last good run", card.good) if card.good else None,
        *(_beginning(card) if card.began_at else ()),
        actions(*_ways_on(card, ref)),
        context(_GOOD),
    )


def _beginning(card: LastGood) -> list[Block]:
    return stack(
        _run("First failing run after it" if card.good else "First failing run", card.run),
        _first(card.first) if card.first else None,
        *_deeds(card),
    )


def _run(title: str, entry: RunEntry | None) -> list[Block]:
    if entry is None:
        return stack(
            divider(),
            section(f"*{title}*\nNone is over: it failed outside of a run, or in one that goes on."),
        )
    return stack(
        divider(),
        section(f"*{title}*\n{when(entry.started_at)} · {entries.headline(entry)}"),
        *entries.opened(entry),
    )


def _first(first: FirstFailure) -> list[Block]:
    what = "an item" if first.is_item else "the whole sync"
    return stack(
        divider(),
        section(
            f"*First failure*\n`{foreign(first.code, 60)}` {when(first.at)}, of {what}\n"
            f"{cause_and_remedy(first.cause, first.remedy)}"
        ),
    )


def _deeds(card: LastGood) -> list[Block]:
    told = [audit.entry(line) for line in card.deeds]
    nothing = section("The audit log has nothing of it.") if not told else None
    left = context("and more, further back in the audit log") if card.has_more_deeds else None
    return stack(divider(), section("*What was done around then*"), nothing, *told, left)


def _ways_on(card: LastGood, ref: CardRef) -> list[Element | None]:
    mailbox = card.mailbox.id
    log = CardValue(ref=CardRef(CardKind.AUDIT, mailbox=mailbox))
    return [
        button("View errors", Action.ERRORS_VIEW, MailboxValue(mailbox=mailbox)) if card.began_at else None,
        button("View history", Action.CARD_SWITCH, CardValue(ref=CardRef(CardKind.HISTORY, mailbox=mailbox))),
        button("View audit log", Action.CARD_OPEN, log),
        paging.refresh(ref),
    ]
