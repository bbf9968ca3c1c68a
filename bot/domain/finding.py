"""By which pieces a mailbox is found, and how much an address is like what somebody typed."""

from collections.abc import Iterator
from typing import Final

from rapidfuzz.distance import OSA

BEGIN: Final = "<"
AT: Final = "@"
PIECE: Final = 3
"""Characters of a piece of a name. With two, many would share one; with four, few typos would leave one."""

_ALIKE = 0.6
"""From this share of equal characters on, an address may have been meant."""

_MISSPELT = 12
"""Characters up to which swapped and doubled letters are undone: in a longer name enough pieces stay."""


def terms(*addresses: str) -> frozenset[str]:
    """What finds a mailbox of these addresses: the pieces of its names, and its domains, each with its @."""
    halves = [split(address) for address in addresses]
    names = {piece for name, _ in halves for piece in pieces(f"{BEGIN}{name}{AT}")}
    return frozenset(names | {f"{AT}{domain}" for _, domain in halves if domain})


def pieces(text: str) -> frozenset[str]:
    """All that are in a text of at least that length."""
    return frozenset(text[i : i + PIECE] for i in range(len(text) - PIECE + 1))


def split(address: str) -> tuple[str, str]:
    """The name and the domain; whatever has no @ is a name."""
    name, at, domain = address.rpartition(AT)
    return (name, domain) if at else (domain, "")


def resembling(typed: str) -> frozenset[str]:
    """The pieces that a name may have which somebody meant to type."""
    name, _ = split(typed)
    end = AT if AT in typed else ""
    return frozenset(piece for spelt in _spellings(name) for piece in pieces(f"{BEGIN}{spelt}{end}"))


def _spellings(name: str) -> Iterator[str]:
    """As typed, with two neighbours swapped, with one letter too many left out."""
    yield name
    if len(name) <= _MISSPELT:
        yield from (f"{name[:i]}{name[i + 1]}{name[i]}{name[i + 2 :]}" for i in range(len(name) - 1))
        yield from (f"{name[:i]}{name[i + 1 :]}" for i in range(len(name)))


def likeness(typed: str, address: str) -> float:
    """Between 0 and 1; 0 also for what is too unlike. A name alone may be the beginning of a name or a word.

    Within a domain only the names are compared: the domain would make all of them look alike.
    """
    name, domain = split(typed)
    other, of = split(address)
    if not domain:
        return max(_share(name, text) for text in _beginnings(other, len(name)))
    return _share(name, other) if domain == of else _share(typed, address)


def _beginnings(name: str, length: int) -> Iterator[str]:
    yield name
    yield name[:length]
    for mark in "._-+":
        rest = name.partition(mark)[2]
        yield rest
        yield rest[:length]


def _share(one: str, other: str) -> float:
    return OSA.normalized_similarity(one, other, score_cutoff=_ALIKE)
