"""Reading what people type after a command: quotes, `name=value`, mentions, times, and words from a list."""

import re
from collections.abc import Collection, Iterator
from datetime import time
from functools import cache
from zoneinfo import available_timezones

from bot.domain.spelling import nearest
from bot.errors import BadCommand

_LINK = re.compile(r"<(?:mailto:|https?://)[^|>]*\|([^>]*)>|<(https?://[^|>]*)>")
_LABELLED = re.compile(r"<([@#!][^|<>]*)\|[^<>]*>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_QUOTES = str.maketrans(dict.fromkeys("“”„‟", '"'))
_PAIR = re.compile(r'(?P<name>[A-Za-z]+)\s*=\s*(?P<value>(?:"[^"]*"?|[^\s"])+)|(?P<stray>\S+)')
_PART = re.compile(r'"([^"]*)"?|([^,"]+)')
_CLOCK = re.compile(r"([01]?\d|2[0-3])(?::([0-5]\d))?")


def readable(text: str) -> str:
    """As it was typed, but for mentions, which stay as ids.

    Slack marks up people, channels, links and addresses, and escapes three characters:
    https://docs.slack.dev/interactivity/implementing-slash-commands#escape-usernames
    """
    plain = _LABELLED.sub(r"<\1>", _LINK.sub(lambda link: link[1] or link[2], text))
    for entity, char in _ENTITIES:
        plain = plain.replace(entity, char)
    return plain


def pairs(text: str, names: Collection[str], example: str) -> Iterator[tuple[str, list[str]]]:
    """Each `name=value`, in order; commas part a value, and quotes keep blanks and commas in it.

    Raises:
        BadCommand: with the closest of `names`, or an example of how it is written.
    """
    for found in _PAIR.finditer(text.translate(_QUOTES)):
        if found["stray"]:
            raise BadCommand(
                f"“{found['stray'][:40]}” says nothing here: write `name=value`, as in `{example}`."
            )
        name = one_of(found["name"], names, "setting")
        yield name, values(found["value"])


def values(text: str) -> list[str]:
    parts = (quoted or bare for quoted, bare in _PART.findall(text.translate(_QUOTES)))
    return [part.strip() for part in parts if part.strip()]


def one_of(word: str, known: Collection[str], what: str) -> str:
    """The known word. Raises BadCommand with the closest one, or all."""
    if word.lower() in known:
        return word.lower()
    close = nearest(word, known)
    hint = f"Did you mean `{close}`?" if close else f"There are {', '.join(f'`{each}`' for each in known)}."
    raise BadCommand(f"There is no {what} “{word[:40]}”. {hint}")


def clock(text: str, example: str) -> time:
    """`7`, `07:00`. Raises BadCommand."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise BadCommand(f"“{text[:40]}” is no time of day. Write it as in `{example}`.")
    return time(int(found[1]), int(found[2] or 0))


def zone(text: str) -> str:
    """The IANA name. Raises BadCommand with the closest one."""
    known = zones()
    if found := known.get(text.strip().lower()):
        return found
    close = nearest(text, list(known.values()))
    hint = f"Did you mean `{close}`?" if close else "Name one such as `Europe/Berlin`."
    raise BadCommand(f"There is no time zone “{text[:40]}”. {hint}")


@cache
def zones() -> dict[str, str]:
    """All that there are, by their names in lower case."""
    return {name.lower(): name for name in sorted(available_timezones())}
