"""The plain form of a message, for when Slack does not take its blocks."""

from blocks.surface import Message


def message(refused: Message) -> Message:
    """Text only; the empty list takes the old blocks away when a message is edited."""
    return Message(text=refused.text, blocks=[])
