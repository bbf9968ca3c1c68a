"""What a control or a modal of ours carries, checked: it comes back from outside."""

from collections.abc import Callable
from typing import TypeVar

from blocks.values import Value
from bot.errors import StaleButton
from handlers.gesture import Gesture

_OLD = "This button is from an older version. Ask for the card again with `/sync status`."

V = TypeVar("V", bound=Value)


def value_of(gesture: Gesture, kind: type[V]) -> V:
    """Raises StaleButton."""
    return decoded(kind.decode, gesture.pressed.carried if gesture.pressed else "")


def metadata_of(gesture: Gesture, kind: type[V]) -> V:
    """Raises StaleButton."""
    return decoded(kind.decode, gesture.view.private_metadata if gesture.view else "")


def decoded(decode: Callable[[str], V], text: str) -> V:
    try:
        return decode(text)
    except ValueError:
        raise StaleButton(_OLD) from None
