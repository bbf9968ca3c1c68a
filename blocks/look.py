"""How a card is to look this time: safe blocks only, shared with others, a result on top."""

from dataclasses import dataclass
from typing import Final

from blocks.kit import Block, Level, alert, section


@dataclass(frozen=True, slots=True)
class Result:
    """What the last gesture came to; `text` is our own markup, in which foreign text is escaped."""

    text: str
    level: Level = "info"


@dataclass(frozen=True, slots=True)
class Look:
    safe: bool = False
    shared: bool = False
    """Others read it too: no Share button. What they may see is decided where the model is built."""
    result: Result | None = None


USUAL: Final = Look()


def result_line(result: Result | None, look: Look) -> Block | None:
    """Stands at the top of a modal."""
    if result is None:
        return None
    return section(f"*{result.text}*") if look.safe else alert(result.text, result.level)
