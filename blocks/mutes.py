"""What is muted: by whom, until when, why, and the button that ends it."""

from collections.abc import Sequence

from blocks import wishes
from blocks.actions import Action
from blocks.kit import Block, Element, button, header, more, section, stack
from blocks.surface import Message
from blocks.text import foreign, one_line, person, when
from blocks.values import MuteValue
from blocks.words import capital
from bot.views.routing import Muted, MuteView

_SHOWN = 12
_HOW = "`/sync mute ada@org.com 2h moving house` mutes a mailbox; so do `policy=`, `cause=` and `channel`."


def message(mutes: Sequence[MuteView], *, may_end: bool) -> Message:
    if not mutes:
        return Message.of("Nothing is muted.", stack(section(f"Nothing is muted. {_HOW}")))
    return Message.of(summary(mutes), stack(*listed(mutes, may_end=may_end), section(_HOW)))


def muted(mutes: Sequence[MuteView]) -> Message:
    """To whoever just did it."""
    return Message.of(
        "Muted 🔕", stack(section("*Muted* 🔕"), *(_entry(each, may_end=True) for each in mutes))
    )


def unmuted(names: Sequence[str], what: str) -> Message:
    """`what` is what was asked for, where nothing of it was muted."""
    told = ", ".join(foreign(name, 320) for name in names)
    text = f"{told}: not muted any more." if names else f"{foreign(what, 320)} was not muted."
    return Message.of(text, [section(text)])


def summary(mutes: Sequence[MuteView]) -> str:
    return f"{len(mutes):,} {'mute' if len(mutes) == 1 else 'mutes'}"


def listed(mutes: Sequence[MuteView], *, may_end: bool) -> list[Block]:
    if not mutes:
        return []
    shown = mutes[:_SHOWN]
    return stack(
        header("Muted"),
        *(_entry(each, may_end=may_end) for each in shown),
        more(len(mutes) - _SHOWN, "mute"),
    )


def line(muted: Muted) -> str:
    """On a card of what is muted."""
    until = f" until {when(muted.until)}" if muted.until else ""
    why = f": {foreign(muted.reason, 300)}" if muted.reason else ""
    return f"{capital(foreign(muted.what, 220))} muted{until} by {person(muted.by)}{why} 🔕"


def _entry(mute: MuteView, *, may_end: bool) -> Block:
    until = f"until {when(mute.until)}" if mute.until else "until somebody unmutes it"
    why = f"\n“{foreign(mute.reason, 300)}”" if mute.reason else ""
    text = f"*{wishes.muted(mute)}*\n{until} · by {person(mute.by)}{why}"
    return section(text, _end(mute) if may_end else None)


def _end(mute: MuteView) -> Element:
    value = MuteValue(kind=mute.kind.value, key=mute.key)
    return button("Unmute", Action.MUTE_END, value, describe=f"Unmute {mute.kind} {one_line(mute.name, 50)}")
