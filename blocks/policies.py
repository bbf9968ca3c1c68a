"""The list of policies, each with what it does, how its mailboxes are, and the button that switches it."""

from blocks import paging, words
from blocks.actions import Action
from blocks.kit import Block, Element, actions, button, confirmation, context, header, more, section, stack
from blocks.look import USUAL, Look, Result, result_line
from blocks.surface import Message, Modal
from blocks.text import foreign, one_line, when
from blocks.values import CardValue, PolicyValue
from bot.views import CardRef
from bot.views.policies import PolicyLine, PolicyList, PolicySwitched

_SHOWN = 25
_SERVICES = 10
_NONE = "There is no policy yet. `syncbot apply` brings those of a tenant file, and engines report theirs."
_ENABLING = "Its mailboxes sync again on schedule; their first runs are spread."
_DISABLING = (
    "Its mailboxes are not synced any more until somebody enables it. What runs now finishes, and the "
    "history stays."
)


def message(card: PolicyList, ref: CardRef, look: Look = USUAL) -> Message:
    controls = actions(paging.refresh(ref), paging.share(ref, look))
    return Message.of(summary(card), stack(header("Policies"), *_body(card, ref), controls))


def modal(card: PolicyList, ref: CardRef, look: Look = USUAL) -> Modal:
    blocks = stack(result_line(look.result, look), *_body(card, ref), actions(paging.refresh(ref)))
    return Modal.of("Policies", blocks, CardValue(ref=ref))


def switched(card: PolicySwitched) -> Message:
    return Message.of(_told(card), [section(_told(card))])


def result(card: PolicySwitched) -> Result:
    return Result(_told(card), "success" if card.is_new else "info")


def summary(card: PolicyList) -> str:
    return words.count(card.page.total, "policy") if card.page.total else _NONE


def _body(card: PolicyList, ref: CardRef) -> list[Block]:
    return stack(
        section(f"*{summary(card)}*" if card.page.total else _NONE),
        *(_entry(line, ref, may_switch=card.may_switch) for line in card.lines[:_SHOWN]),
        more(len(card.lines) - _SHOWN, "policy"),
        paging.turn(card.page, ref, "policy"),
        context(f"As of {when(card.as_of)}"),
    )


def _entry(line: PolicyLine, ref: CardRef, *, may_switch: bool) -> Block:
    badge = line.badge
    state = "Active" if badge.active else "Inactive"
    text = (
        f"*{foreign(badge.name)}* `{state}` {words.frequency(badge.frequency)}\n"
        f"{_services(line)} · {_delay(badge.deletion_delay_days)}\n"
        f"{_mailboxes(line)}\nNext due: {_next(line)}"
    )
    return section(text, _switch(line, ref) if may_switch and line.is_ours else None)


def _mailboxes(line: PolicyLine) -> str:
    counted = words.count(line.mailboxes, "mailbox")
    return f"{counted}, {words.number(line.failing)} failing ⚠️" if line.failing else counted


def _services(line: PolicyLine) -> str:
    named = [foreign(words.capital(each), 40) for each in line.services[:_SERVICES]]
    left = len(line.services) - len(named)
    return ", ".join((*named, *([f"{left} more"] if left else []))) or "No services"


def _delay(days: int) -> str:
    return f"deletion delay {words.count(days, 'day')}" if days else "no deletion delay"


def _next(line: PolicyLine) -> str:
    if not line.badge.active:
        return words.NONE_WHILE_INACTIVE
    return when(line.next_sync_at) if line.next_sync_at else "not scheduled yet"


def _switch(line: PolicyLine, ref: CardRef) -> Element:
    turns_on = not line.badge.active
    verb, name = "Enable" if turns_on else "Disable", one_line(line.badge.name, 50)
    return button(
        verb,
        Action.POLICY_SWITCH,
        PolicyValue(policy=line.id, active=turns_on, page=ref.page),
        confirm=confirmation(f"{verb} the policy?", f"{name}: {_ENABLING if turns_on else _DISABLING}", verb),
        describe=f"{verb} policy {name}",
    )


def _told(card: PolicySwitched) -> str:
    state = "active" if card.active else "inactive"
    if not card.is_new:
        return f"Policy {foreign(card.name)} was {state} already."
    return f"Policy {foreign(card.name)} is {state} now. {_ENABLING if card.active else _DISABLING}"
