"""The form that accepts the loss of failed items, and what came of it."""

from dataclasses import replace
from typing import Final

from blocks import item, words
from blocks.actions import Action, Callback
from blocks.kit import Block, Element, context, long_text_input, option, section, several_input, stack
from blocks.look import Result
from blocks.surface import Modal
from blocks.text import clean, foreign, one_line
from blocks.values import DismissValue
from bot.domain.dismissing import REASON_LONGEST, REASON_SHORTEST
from bot.domain.values import FailureId
from bot.views import Decided, Dismissable, FailureLine

ITEMS_BLOCK: Final = "dismiss_items"
REASON_BLOCK: Final = "dismiss_reason"
ALL: Final = "all"
"""The value of the option that stands for every failed item."""

_EFFECT = (
    "To dismiss a failed item is to accept that it is not copied. It counts no longer and is not tried "
    "again, unless it changes or fails for another reason. It can be taken back: see *View errors*."
)
_HINT = "The channel and the audit log show it: name no subject and no sender."
_CHOOSE = "Those that you choose, or all of them."


def form(found: Dismissable, chosen: FailureId | None = None) -> Modal:
    """Where there is only one, or one was chosen and there is no other, there is nothing to choose."""
    only = found.lines[0] if found.total == 1 and found.lines else None
    value = DismissValue(mailbox=found.mailbox.id, upto=found.newest, failure=only.id if only else None)
    blocks = stack(
        section(f"*{foreign(found.mailbox.source, 320)}*"),
        section(_named(only)) if only else _choice(found, chosen),
        _reason(),
        context(_EFFECT),
    )
    titled = Modal.of("Dismiss failures", blocks, value)
    return replace(titled, callback_id=Callback.DISMISS_SUBMIT, submit="Dismiss")


def sentence(decided: Decided) -> str:
    what = f"of {foreign(decided.mailbox.source, 100)}"
    if not decided.done:
        return f"Nothing {what} was dismissed: it is resolved or dismissed already."
    left = decided.asked - decided.done
    others = f" {words.count(left, 'other')} {words.verb(left, 'is', 'are')} resolved or dismissed already."
    return f"Dismissed {words.count(decided.done, 'item')} {what}.{others if left else ''}"


def result(decided: Decided) -> Result:
    return Result(sentence(decided), "success" if decided.done else "warning")


def done(decided: Decided) -> Modal:
    """Upon the list of errors, which shows it already when this is closed."""
    why = section(f"Reason: {foreign(decided.reason, REASON_LONGEST)}") if decided.done else None
    return Modal.of("Dismiss failures", stack(section(sentence(decided)), why))


def taken_back(decided: Decided) -> Result:
    if decided.done:
        return Result("Taken back: it counts as unresolved again, and can be retried.", "success")
    return Result(
        "Nothing to take back: it was synced or failed anew since, or somebody took it back.", "warning"
    )


def too_short(reason: str) -> str | None:
    """What to say at the field."""
    if len(reason) < REASON_SHORTEST:
        return "Say why the loss is acceptable: others will read it."
    return f"Say it in at most {REASON_LONGEST} characters." if len(reason) > REASON_LONGEST else None


def _choice(found: Dismissable, chosen: FailureId | None) -> Block:
    every = option(f"All {words.count(found.total, 'failed item')}", ALL)
    each = [_option(line, number) for number, line in enumerate(found.lines, 1)]
    marked = [one for one in each if chosen is not None and one["value"] == str(chosen)]
    return several_input(
        "Which items", Action.DISMISS_ITEMS, [every, *each], block_id=ITEMS_BLOCK, hint=_CHOOSE, chosen=marked
    )


def _option(line: FailureLine, number: int) -> Element:
    return option(f"{number:,} · {_label(line)}", str(line.id))


def _label(line: FailureLine) -> str:
    """A subject tells it best, where the reader may see it; else where it is, and why it fails."""
    known = clean(line.subject or "").strip()
    size = f"{words.size(line.size)}" if line.size is not None else ""
    place = one_line(line.folder or line.service or "item", 24)
    parts = (known and one_line(known, 40), place, size, "" if known else item.cause_of(line.code))
    return " · ".join(part for part in parts if part)


def _named(line: FailureLine) -> str:
    subject = f"{foreign(line.subject)}\n" if line.subject and line.subject.strip() else ""
    return f"{subject}{item.place(line)}\n{words.sentence(foreign(line.cause, 300))}"


def _reason() -> Block:
    return long_text_input(
        "Reason",
        Action.DISMISS_REASON,
        block_id=REASON_BLOCK,
        hint=_HINT,
        placeholder="Delivered by hand",
        lengths=(REASON_SHORTEST, REASON_LONGEST),
    )
