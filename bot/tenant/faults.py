"""Mistakes in a tenant file, each with its place, told all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.errors import BadSettings

MOST_SHOWN = 50


class Place(NamedTuple):
    """A place in a file; lines and columns count from 1, and 0 stands for unknown."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    place: Place
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class BadTenant(BadSettings):
    """Nothing of the file was applied."""

    def __init__(self, file: str, faults: Sequence[Fault]) -> None:
        self.faults = tuple(dict.fromkeys(sorted(faults)))
        super().__init__("\n".join([_heading(file, len(self.faults)), *_listed(self.faults)]))


def _heading(file: str, count: int) -> str:
    return f"{file} cannot be applied: {'1 mistake' if count == 1 else f'{count:,} mistakes'}."


def _listed(faults: Sequence[Fault]) -> list[str]:
    more = len(faults) - MOST_SHOWN
    lines = [str(fault) for fault in faults[:MOST_SHOWN]]
    return [*lines, f"... and {more:,} more"] if more > 0 else lines
