"""Why an engine refuses: the reason in the body of its answer, made fit to be shown."""

import json

from bot.wire.text import clean_line

_LONGEST = 300
_NAMES = ("message", "detail", "title", "reason", "error")


def reason_in(body: bytes) -> str | None:
    """From `{"error": {"message": ...}}`, `{"error": "..."}` or problem+json (RFC 9457); None without one."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    nested = document.get("error") if isinstance(document, dict) else None
    return _sentence(nested) or _sentence(document)


def _sentence(found: object) -> str | None:
    if isinstance(found, dict):
        found = next((found[name] for name in _NAMES if isinstance(found.get(name), str)), None)
    return clean_line(found, _LONGEST) or None if isinstance(found, str) else None
