"""What one can type."""

from blocks.kit import header, section, stack
from blocks.surface import Message
from blocks.text import ours

Row = tuple[str, str, str]
"""Usage, what it does, an example."""

_SHOWN = 40


def message(rows: tuple[Row, ...]) -> Message:
    return Message.of(
        "What you can type:",
        stack(header("What you can type"), *(section(_told(row)) for row in rows[:_SHOWN])),
    )


def _told(row: Row) -> str:
    usage, purpose, example = (ours(text, 300) for text in row)
    return f"`{usage}`\n{purpose}\nExample: `{example}`"
