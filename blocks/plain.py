"""The plain form of a message, a modal or a Home tab, for when Slack does not take its blocks."""

from collections.abc import Sequence
from dataclasses import replace

from blocks import limits
from blocks.kit import Block, section
from blocks.spoken import spoken
from blocks.surface import Home, Message, Modal
from blocks.text import units

_NOTHING = "Slack does not show what belongs here. The log of syncbot says why."


def message(refused: Message) -> Message:
    """Text only; the empty list takes the old blocks away when a message is edited."""
    return Message(text=refused.text, blocks=[])


def modal(refused: Modal) -> Modal:
    """A view cannot be without blocks: words in sections, with nothing to press or to submit."""
    return replace(refused, blocks=_words(refused.blocks), submit=None)


def home(refused: Home) -> Home:
    return Home(_words(refused.blocks))


def _words(blocks: Sequence[Block]) -> list[Block]:
    return [section(part) for part in _parts(spoken(blocks) or _NOTHING)]


def _parts(text: str) -> list[str]:
    """Whole lines, as many as a section takes."""
    parts = [""]
    for line in text.splitlines():
        longer = f"{parts[-1]}\n{line}".strip("\n")
        if units(longer) <= limits.SECTION:
            parts[-1] = longer
        else:
            parts.append(line)
    return [part for part in parts if part]
