"""What narrows and sorts a list of errors: three selects, which say how many each choice would show."""

from collections.abc import Sequence
from typing import Final

from blocks import inputs, limits, words
from blocks.actions import Action
from blocks.kit import Element, Part, actions, context, stack
from blocks.text import clip, one_line
from blocks.values import NarrowValue
from bot.views import CauseChoice, Choices, ErrorOrder, FolderChoice

_ALL: Final = NarrowValue()
_ORDERS: Final = {
    ErrorOrder.OLDEST: "Oldest first",
    ErrorOrder.NEWEST: "Newest first",
    ErrorOrder.LARGEST: "Largest first",
    ErrorOrder.ATTEMPTS: "Most attempts first",
}
_OFFERED: Final = limits.SELECT_OPTIONS - 2
"""Besides *all*, and what is chosen though it is none of the largest."""


def row(choices: Choices) -> Part:
    """One failure alone is neither narrowed nor sorted."""
    if choices.unresolved <= 1 and choices.is_whole:
        return None
    return stack(
        actions(_causes(choices), _folders(choices), _order(choices)),
        context(_left_out(len(choices.causes), "cause"), _left_out(len(choices.folders), "folder")),
    )


def place(folder: FolderChoice) -> str:
    """Foreign text."""
    return folder.folder or words.capital(folder.service or "the sync as a whole")


def told(choices: Choices) -> str:
    """What is chosen, in words on one line; foreign text."""
    folder = f"in {one_line(place(choices.folder), 60)}" if choices.folder else None
    cause = f"of this cause: {one_line(choices.cause.cause, 60)}" if choices.cause else None
    return ", ".join(part for part in (folder, cause) if part)


def _causes(choices: Choices) -> Element | None:
    if len(choices.causes) <= 1 and choices.cause is None:
        return None
    offered = [_cause(each) for each in choices.causes]
    chosen = _cause(choices.cause) if choices.cause else None
    return _select(Action.ERRORS_CAUSE, "All causes", _sum(choices.causes), offered, chosen)


def _folders(choices: Choices) -> Element | None:
    if len(choices.folders) <= 1 and choices.folder is None:
        return None
    offered = [_folder(each) for each in choices.folders if not _is_chosen(each, choices)]
    chosen = _folder(choices.folder) if choices.folder else None
    return _select(Action.ERRORS_FOLDER, "All folders", _sum(choices.folders), offered, chosen)


def _is_chosen(folder: FolderChoice, choices: Choices) -> bool:
    """Another failure may stand for it."""
    chosen = choices.folder
    return chosen is not None and (folder.folder, folder.service) == (chosen.folder, chosen.service)


def _order(choices: Choices) -> Element:
    options = [inputs.option(name, NarrowValue(order=each).encode()) for each, name in _ORDERS.items()]
    return inputs.one(Action.ERRORS_ORDER, options, NarrowValue(order=choices.order).encode())


def _select(
    action: Action, everything: str, total: int, offered: Sequence[Element], chosen: Element | None
) -> Element:
    """What is chosen is offered as it is told to be, even where it is not among the largest."""
    whole = inputs.option(_counted(everything, total), _ALL.encode())
    by_value = {each["value"]: each for each in inputs.offered(offered)[:_OFFERED]}
    by_value |= {each["value"]: each for each in inputs.offered([chosen] if chosen else [])}
    initial = chosen["value"] if chosen and chosen["value"] in by_value else whole["value"]
    return inputs.one(action, [whole, *by_value.values()], initial)


def _cause(choice: CauseChoice) -> Element:
    cause = words.capital(choice.cause)
    return inputs.option(_counted(cause, choice.failures), NarrowValue(code=choice.code).encode())


def _folder(choice: FolderChoice) -> Element:
    return inputs.option(_counted(place(choice), choice.failures), NarrowValue(folder=choice.sample).encode())


def _counted(name: str, count: int) -> str:
    """The name gives way to the number."""
    number = f" ({words.number(count)})"
    return clip(one_line(name, limits.OPTION), limits.OPTION - len(number)) + number


def _sum(choices: Sequence[CauseChoice] | Sequence[FolderChoice]) -> int:
    return sum(each.failures for each in choices)


def _left_out(count: int, noun: str) -> str | None:
    left = count - _OFFERED
    return f"The menu leaves out {words.count(left, f'small {noun}')}." if left > 0 else None
