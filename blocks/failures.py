"""All unresolved failures, grouped by cause: what to repair first."""

from blocks import paging, words
from blocks.item import cause_and_remedy
from blocks.kit import Block, actions, context, header, more, section, stack
from blocks.look import USUAL, Look, result_line
from blocks.surface import Message, Modal
from blocks.text import foreign, when
from blocks.values import CardValue
from bot.views import CardRef, CauseGroup, FailureGroups

_SHOWN = 15
_EXAMPLES = 3


def message(card: FailureGroups, ref: CardRef, look: Look = USUAL) -> Message:
    controls = actions(paging.refresh(ref), paging.share(ref, look))
    return Message.of(summary(card), stack(header("Failures by cause"), *_body(card), controls))


def modal(card: FailureGroups, ref: CardRef, look: Look = USUAL) -> Modal:
    blocks = stack(result_line(look.result, look), *_body(card), actions(paging.refresh(ref)))
    return Modal.of("Failures by cause", blocks, CardValue(ref=ref))


def summary(card: FailureGroups) -> str:
    if not card.failures:
        return "No unresolved failures ✅"
    where, why = words.count(card.mailboxes, "mailbox"), words.count(len(card.groups), "cause")
    return f"{words.count(card.failures, 'unresolved failure')} of {where}, by {why}."


def _body(card: FailureGroups) -> list[Block]:
    return stack(
        section(summary(card)),
        *(_group(group) for group in card.groups[:_SHOWN]),
        more(len(card.groups) - _SHOWN, "cause"),
        context(f"As of {when(card.as_of)}"),
    )


def _group(group: CauseGroup) -> Block:
    heals = "May heal by itself." if group.heals_by_itself else "Does not heal by itself."
    affected = f"{words.count(group.failures, 'failure')} of {words.count(group.mailboxes, 'mailbox')}"
    return section(
        f"*{affected}* `{foreign(group.code, 60)}` since {when(group.since)}\n"
        f"{cause_and_remedy(group.cause, group.remedy)}\n{heals}{_examples(group)}"
    )


def _examples(group: CauseGroup) -> str:
    shown = [foreign(mailbox.source, 120) for mailbox in group.examples[:_EXAMPLES]]
    left = group.mailboxes - len(shown)
    if not shown:
        return ""
    more_ = f" and {words.number(left)} more" if left > 0 else ""
    return f"\n{words.capital(words.plural(group.mailboxes, 'mailbox'))}: {', '.join(shown)}{more_}"
