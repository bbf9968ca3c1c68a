"""What support needs of failures that retries do not help, to be copied; and whom to send it to."""

from collections.abc import Sequence

from blocks import item, words
from blocks.kit import Block, Part, context, preformatted, section, stack
from blocks.surface import Modal
from blocks.text import foreign
from bot.views import ErrorList, FailureLine

_REPORTED = 5
"""As many as can be read, and copied whole."""


def where_stuck(card: ErrorList) -> Part:
    """Under the list, once retries have not helped."""
    stuck = tuple(line for line in card.lines if line.escalate)
    if not stuck:
        return None
    keeps = words.verb(len(stuck), "keeps", "keep")
    told = f"*{words.count(len(stuck), 'failure')} {keeps} coming back.* Send this report to {_to(card)}:"
    return stack(section(told), _report(card, stuck))


def modal(card: ErrorList) -> Modal:
    """Of the page that is shown, on top of it."""
    if not card.lines:
        return Modal.of("Support report", stack(section("Nothing is listed that could be reported.")))
    shown = min(len(card.lines), _REPORTED)
    of = "" if shown == len(card.lines) else f" The first {words.number(shown)} of this page."
    return Modal.of(
        "Support report",
        stack(
            section(f"Copy this, and send it to {_to(card)}.{of}"),
            _report(card, card.lines),
            context("Without subjects and senders; look whether the words of the engine quote any"),
        ),
    )


def _to(card: ErrorList) -> str:
    return foreign(card.support_contact) if card.support_contact else "your partner or support"


def _report(card: ErrorList, lines: Sequence[FailureLine]) -> Block:
    ref = card.mailbox
    return preformatted(item.report(tuple(lines[:_REPORTED]), ref.source, ref.destination))
