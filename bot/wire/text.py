"""Foreign text made fit to be stored and shown: no control characters, no broken Unicode, bounded."""

import re

_ELLIPSIS = "…"
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_CONTROLS_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]+")
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x85]")


def clip(text: str, longest: int) -> str:
    """The first `longest` characters, the last of them an ellipsis where something was cut off."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + _ELLIPSIS


def clean_line(text: str, longest: int) -> str:
    """One line. PostgreSQL stores no NUL, and a line break in a subject would forge a second line.

    Marks of right-to-left scripts and emoji stay: they are part of names. Cards isolate them when they draw.
    """
    short = _SURROGATES.sub("\ufffd", _first(text, longest))
    return clip(_CONTROLS.sub(" ", short).strip(), longest)


def clean_text(text: str, longest: int) -> str:
    """As `clean_line`, with line breaks and tabs kept."""
    short = _SURROGATES.sub("\ufffd", _first(text, longest))
    return clip(_CONTROLS_BUT_LINES.sub(" ", _LINE_ENDS.sub("\n", short)).strip(), longest)


def is_clean(text: str) -> bool:
    """Whether `text` can be an identifier: no control character, no broken Unicode, no blank at its ends."""
    return text == text.strip() and not _CONTROLS.search(text) and not _SURROGATES.search(text)


def _first(text: str, longest: int) -> str:
    """Enough of `text` to clean and clip: megabytes are not worth a regular expression."""
    return text[: 4 * longest]
