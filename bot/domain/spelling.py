"""What somebody may have meant by a word that is not known."""

from collections.abc import Collection

from rapidfuzz import fuzz, process

CLOSE_ENOUGH = 60
"""Likeness (0 to 100, rapidfuzz) from which an unknown word gets a suggestion."""


_FEW = 5


def nearest(word: str, known: Collection[str]) -> str | None:
    """The most alike of those that are known, whatever their case; None where none is alike.

    Of those that contain it, the one that adds the least: `mut` means `mute`, and not `unmute`.
    """
    found = process.extract(word, list(known), processor=str.lower, score_cutoff=CLOSE_ENOUGH, limit=_FEW)
    alike = {str(name): score + fuzz.ratio(word.lower(), str(name).lower()) for name, score, _ in found}
    return max(alike, key=alike.__getitem__, default=None)
