"""The audit log, of one mailbox or of all, page by page, newest first."""

import re
from dataclasses import replace

from blocks import paging, words
from blocks.actions import Action
from blocks.kit import Block, Element, actions, button, context, header, section, stack
from blocks.look import USUAL, Look, result_line
from blocks.surface import Message, Modal
from blocks.text import foreign, holder, person, place, when
from blocks.values import CardValue
from bot.views import CardRef
from bot.views.audit import AuditLine, AuditPage

_SHOWN = 25
_OF_ROLES = {"access granted", "access revoked"}
_HOLDER = re.compile(r"\b[UWS][A-Z0-9]{2,20}\b")


def message(card: AuditPage, ref: CardRef, look: Look = USUAL) -> Message:  # noqa: ARG001 - as every card
    title = f"Audit log of {card.source}" if card.source else "Audit log"
    return Message.of(summary(card), stack(header(title), *_body(card, ref)))


def modal(card: AuditPage, ref: CardRef, look: Look = USUAL) -> Modal:
    about = header(card.source) if card.source else None
    blocks = stack(result_line(look.result, look), about, *_body(card, ref))
    return Modal.of("Audit log", blocks, CardValue(ref=ref))


def summary(card: AuditPage) -> str:
    about = f" about {foreign(card.source, 320)}" if card.source else ""
    if not card.lines:
        return f"The audit log has nothing{about}."
    which = "newest" if card.newer is None else "older"
    counted = words.count(len(card.lines), f"{which} entry")
    return f"{'The ' if card.newer is None else ''}{counted} of the audit log{about}."


def _body(card: AuditPage, ref: CardRef) -> list[Block]:
    return stack(
        section(f"*{summary(card)}*"),
        *(entry(line) for line in card.lines[:_SHOWN]),
        actions(*_controls(card, ref)),
        context("`syncbot audit --csv` writes all of it."),
    )


def entry(line: AuditLine) -> Block:
    return section(
        f"*{words.capital(foreign(line.event, 100))}* · {words.marked_severity(line.severity)}"
        f" · {when(line.at)}\n"
        f"{_message(line)}\n"
        f"by {person(line.actor)}{_occasion(line)}"
    )


def _message(line: AuditLine) -> str:
    """Where it is about roles, those who have them go by name."""
    said = foreign(line.message, 600)
    return _HOLDER.sub(lambda found: holder(found.group()), said) if line.event in _OF_ROLES else said


def _occasion(line: AuditLine) -> str:
    via = f" · `{foreign(line.via, 80)}`" if line.via else ""
    if line.channel is None:
        return via
    on = "on a message in" if line.message_ts else "in"
    return f"{via} {on} {place(line.channel)}"


def _controls(card: AuditPage, ref: CardRef) -> list[Element | None]:
    newest = replace(ref, before=None, after=None)
    newer, older = replace(newest, after=card.newer), replace(newest, before=card.older)
    is_newest = card.newer is None
    return [
        None if is_newest else _to(Action.PAGE_PREVIOUS, "Newer entries", newer),
        None if card.older is None else _to(Action.PAGE_NEXT, "Older entries", older),
        paging.refresh(newest) if is_newest else _to(Action.CARD_REFRESH, "Newest entries", newest),
    ]


def _to(action: Action, label: str, ref: CardRef) -> Element:
    return button(label, action, CardValue(ref=ref))
