"""What somebody may have meant by a word that is not known."""

from collections.abc import Collection

from rapidfuzz import process

CLOSE_ENOUGH = 60
"""Likeness (0 to 100, rapidfuzz) from which an unknown word gets a suggestion."""


def nearest(word: str, known: Collection[str]) -> str | None:
    """The most alike of those that are known, whatever their case; None where none is alike."""
    found = process.extractOne(word, list(known), processor=str.lower, score_cutoff=CLOSE_ENOUGH)
    return str(found[0]) if found else None
