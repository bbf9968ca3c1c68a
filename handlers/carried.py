"""What a control or a modal carries, as the value that it was made from."""

from collections.abc import Callable
from typing import Final, TypeVar

from blocks.values import Value
from bot.errors import StaleButton
from handlers.gesture import Gesture

OLD: Final = "This button is from an older version. Ask for the card again with `/sync status`."

V = TypeVar("V", bound=Value)


def carried(gesture: Gesture, kind: type[V]) -> V:
    """By the control that was used. Raises StaleButton for what is no such value."""
    return _decoded(kind.decode, gesture.pressed.carried if gesture.pressed else "")


def kept(gesture: Gesture, kind: type[V]) -> V:
    """By the modal that it was in. Raises StaleButton for what is no such value."""
    return _decoded(kind.decode, gesture.view.private_metadata if gesture.view else "")


def _decoded(decode: Callable[[str], V], text: str) -> V:
    try:
        return decode(text)
    except ValueError:
        raise StaleButton(OLD) from None
