"""What a check found, in words that stand without their sign."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.engine.fault import Fault

AGAIN: Final = "It usually passes by itself: run `syncbot doctor` again in a few minutes."
REACH: Final = "Check the network where syncbot runs: name resolution, firewall, proxy."


class State(StrEnum):
    FINE = "fine"
    WRONG = "wrong"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`remedy` is what to do; `notes` is what to know though nothing is wrong."""

    state: State
    text: str
    remedy: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """`subject` is what was examined, such as a connection; `check` what was asked about it."""

    subject: str
    check: str
    verdict: Verdict


def fine(text: str, *notes: str) -> Verdict:
    return Verdict(State.FINE, text, notes=notes)


def wrong(text: str, remedy: str = "") -> Verdict:
    return Verdict(State.WRONG, text, remedy)


def skipped(text: str, remedy: str = "") -> Verdict:
    return Verdict(State.SKIPPED, text, remedy)


def failed(fault: Fault, remedy: str = "") -> Verdict:
    """In the catalogue's words and the provider's own; `remedy` where more is known than the catalogue."""
    cause = fault.cause
    known = REACH if cause.code == "network" else AGAIN if cause.heals_by_itself else f"{cause.remedy}."
    return wrong(f"{cause.cause}: {fault.sentence}", remedy or known)
