"""What may follow `/sync mute` and `/sync unmute`, and what it means."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.domain.addresses import parse_address
from bot.domain.wishes import MuteKind
from bot.errors import BadCommand
from bot.services.muting import Until
from bot.services.naming import cause
from handlers.typed import one_of, values

EXAMPLE = "/sync mute ada@org.com 2h moving house"
HOW_LONG = "`2h`, `3d`, `until 2026-12-01` or `forever`"

_WORD = re.compile(r'\s*(?P<name>[A-Za-z]+)\s*=\s*(?P<value>(?:"[^"]*"|“[^”]*”|[^\s"“])+)|\s*(?P<bare>\S+)')
_AFTER = re.compile(r"\s*(?:for\s+)?(\d{1,4})\s*(m|h|d|w)[a-z]*\b", re.IGNORECASE)
_UNTIL = re.compile(r"\s*until\s+(\d{4})-(\d\d)-(\d\d)(?:[\sT]+([01]?\d|2[0-3]):([0-5]\d))?\b", re.IGNORECASE)
_EVER = re.compile(r"\s*forever\b", re.IGNORECASE)
_ROOM = re.compile(r"<#([CG][A-Z0-9]+)(?:\|[^>]*)?>|([CG][A-Z0-9]{2,})")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, slots=True)
class Target:
    """`typed` is an address, a policy's name, a code or a channel's id."""

    kind: MuteKind
    typed: str


@dataclass(frozen=True, slots=True)
class Hush:
    target: Target
    until: Until
    reason: str


def parse_mute(text: str, channel: str | None) -> Hush:
    """What, how long, and why; `channel` is the one that it was typed in.

    Raises:
        BadCommand: with the closest word, or how a time is written.
    """
    target, rest = _target(text, channel)
    until, reason = _until(rest)
    return Hush(target, until, reason.strip())


def parse_target(text: str, channel: str | None) -> Target:
    target, rest = _target(text, channel)
    if rest.strip():
        raise BadCommand(f"“{rest.strip()[:40]}” is too much: `/sync unmute` takes one mute.")
    return target


def _target(text: str, channel: str | None) -> tuple[Target, str]:
    found = _WORD.match(text)
    if found is None:
        raise BadCommand(f"What is to be muted? For example `{EXAMPLE}`.")
    rest = text[found.end() :]
    if found["name"]:
        kind = MuteKind(one_of(found["name"], [*MuteKind], "kind of mute"))
        return _named(kind, " ".join(values(found["value"])), channel), rest
    if parse_address(found["bare"]):
        return Target(MuteKind.MAILBOX, found["bare"]), rest
    kind = MuteKind(one_of(found["bare"], [*MuteKind], "mute"))
    if kind is not MuteKind.CHANNEL:
        raise BadCommand(f"Which {kind}? Write `{kind}=` and its name.")
    return _named(kind, "", channel), rest


def _named(kind: MuteKind, typed: str, channel: str | None) -> Target:
    if kind is MuteKind.CAUSE:
        return Target(kind, cause(typed))
    return Target(kind, _room(typed, channel) if kind is MuteKind.CHANNEL else typed)


def _room(typed: str, channel: str | None) -> str:
    """The channel that is named, else the one where it was typed."""
    found = _ROOM.fullmatch(typed)
    if found:
        return found[1] or found[2]
    if typed or channel is None:
        raise BadCommand(
            f"“{typed[:40]}” is no channel. Choose it from Slack's list, or mute from inside it."
        )
    return channel


def _until(text: str) -> tuple[Until, str]:
    if after := _AFTER.match(text):
        return Until(after=timedelta(**{_UNITS[after[2].lower()]: int(after[1])})), text[after.end() :]
    if until := _UNTIL.match(text):
        return Until(day=_day(until), at=time(int(until[4] or 0), int(until[5] or 0))), text[until.end() :]
    if ever := _EVER.match(text):
        return Until(), text[ever.end() :]
    raise BadCommand(f"For how long? Add {HOW_LONG} after what is muted, and then the reason.")


def _day(found: re.Match[str]) -> date:
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise BadCommand(f"{found[1]}-{found[2]}-{found[3]} is no day.") from None
