"""By what, and where, a person does something: kept with each line of the audit log that comes of it.

It travels beside the calls, as what log lines are bound to does: a change that is made anywhere below a
gesture is told from one that nobody asked for, and no call on the way can forget to pass it on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Occasion:
    """`via` names a command or a control; `message_ts` the message in `channel` whose control it was."""

    via: str
    channel: str | None = None
    message_ts: str | None = None


_present: ContextVar[Occasion | None] = ContextVar("occasion", default=None)


@contextmanager
def during(occasion: Occasion) -> Iterator[None]:
    """Whatever is done inside is done on this occasion, in threads that it waits for, too."""
    token = _present.set(occasion)
    try:
        yield
    finally:
        _present.reset(token)


def present() -> Occasion | None:
    """None for what nobody asked for by hand."""
    return _present.get()
