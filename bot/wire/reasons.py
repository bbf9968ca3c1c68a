"""What is wrong with an event, as a sentence that says what to do about it."""

from collections.abc import Callable, Iterable

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

_MOST = 3
"""Complaints about one event: with more, the first ones are read and the rest are noise."""

_NEAR = 70
"""Least similarity, of 100, at which a name counts as meant."""


def closest(word: str, known: Iterable[str]) -> str | None:
    found = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=_NEAR)
    return found[0] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    near = closest(word[:64], known)
    return f"; did you mean `{near}`?" if near else ""


def explain(error: ValidationError, fields: Callable[[str], list[str]]) -> str:
    """All that is wrong, most telling first. `fields` names the valid fields at a path such as `data`."""
    sentences = list(dict.fromkeys(_sentence(each, fields) for each in error.errors(include_url=False)))
    more = f" (and {len(sentences) - _MOST} more)" if len(sentences) > _MOST else ""
    return "; ".join(sentences[:_MOST]).replace("?; ", "? ") + more


def _sentence(detail: ErrorDetails, fields: Callable[[str], list[str]]) -> str:
    match detail["type"]:
        case "missing":
            return _missing(detail, fields(_parent(detail)))
        case "extra_forbidden":
            hint = did_you_mean(str(detail["loc"][-1]), fields(_parent(detail)))
            return f"`{_path(detail)}` is not a field of this event{hint}"
        case "literal_error":
            return _literal(detail)
        case "value_error":
            return _own(detail)
    return f"`{_path(detail)}`{_WORDS.get(detail['type']) or _pydantics(detail)}"


_WORDS = {"string_unicode": " holds broken Unicode", "model_type": " must be a JSON object"}


def _pydantics(detail: ErrorDetails) -> str:
    message = detail["msg"].removeprefix("Input ")
    return f": {message[0].lower()}{message[1:]}"


def _parent(detail: ErrorDetails) -> str:
    return ".".join(map(str, detail["loc"][:-1]))


def _missing(detail: ErrorDetails, siblings: list[str]) -> str:
    given = detail["input"] if isinstance(detail["input"], dict) else {}
    near = closest(str(detail["loc"][-1]), [str(name) for name in given if name not in siblings])
    return f"`{_path(detail)}` is missing" + (f"; is `{near[:64]}` meant to be it?" if near else "")


def _literal(detail: ErrorDetails) -> str:
    expected = detail.get("ctx", {}).get("expected", "")
    given = detail["input"]
    words = [word.strip("' ") for word in expected.replace(" or ", ",").split(",")]
    return f"`{_path(detail)}` must be {expected}" + (
        did_you_mean(given, words) if isinstance(given, str) else ""
    )


def _own(detail: ErrorDetails) -> str:
    """The sentence of a rule of ours, raised as ValueError."""
    said = str(detail.get("ctx", {}).get("error", detail["msg"]))
    return f"`{_path(detail)}` {said}" if detail["loc"] else said


def _path(detail: ErrorDetails) -> str:
    """As a reader of JSON writes it: data.services[0].changes. Names are foreign text, hence bounded."""
    path = ""
    for step in detail["loc"]:
        path += f"[{step}]" if isinstance(step, int) else f".{step[:64]}"
    return path.lstrip(".") or "event"
