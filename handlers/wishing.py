"""What may follow `/sync subscribe`, and what it means."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.wishes import Cadence, Mode, Urgency
from bot.errors import BadCommand
from bot.services.naming import BROADCASTS, cause
from bot.services.routing import DIGEST_AT, Quiet, Rhythm, Wish
from handlers.typed import clock, one_of, pairs, zone

EXAMPLE = "policy=Gold severity=error mode=thread"
QUIET_EXAMPLE = "quiet=22:00-07:00@Europe/Berlin"
DIGEST_EXAMPLE = "digest=daily@08:00"
NAMES = (
    *("policy", "domain", "mailbox", "cause", "severity", "mode"),
    *("quiet", "breaks", "zone", "mention", "digest"),
)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NOTHING = ("off", "none")

_DASHES = "-\N{EN DASH}\N{EM DASH}"
"""Phones write two hyphens as one of these."""

_QUIET = re.compile(rf"([^@{_DASHES}]+)[{_DASHES}]([^@]+)(?:@(.+))?")
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>|([UW][A-Z0-9]{2,})")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>|(S[A-Z0-9]{2,})")
_SPECIAL = re.compile(r"<!(here|channel|everyone)(?:\|[^>]*)?>")
_URGENCY = {each.word: each for each in Urgency}
_BREAKS = {each.word: each for each in (Urgency.ERROR, Urgency.CRITICAL)}


@dataclass(slots=True)
class _Given:
    """What was typed, by name. A name that is typed twice adds to its list."""

    lists: dict[str, list[str]] = field(default_factory=dict)

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(self.lists.get(name, ()))

    def one(self, name: str) -> str | None:
        found = self.all(name)
        if len(found) > 1:
            raise BadCommand(f"`{name}=` takes one value, not {len(found)}.")
        return found[0] if found and found[0].lower() not in NOTHING else None


def parse_wish(text: str) -> Wish:
    """Read `name=value` pairs; what is not named is as usual.

    Raises:
        BadCommand: with the closest valid word, or an example.
    """
    given = _Given()
    for name, typed in pairs(text, NAMES, EXAMPLE):
        given.lists.setdefault(name, []).extend(typed)
    quiet, quiet_zone = _quiet(given)
    digest, digest_zone = _digest(given.one("digest"))
    return Wish(
        policies=given.all("policy"),
        domains=given.all("domain"),
        mailboxes=given.all("mailbox"),
        causes=frozenset(cause(word) for word in given.all("cause")),
        least=_urgency(given.one("severity"), _URGENCY, "severity", Urgency.WARNING),
        mode=Mode(one_of(given.one("mode") or Mode.EDIT, [*Mode], "mode")),
        quiet=quiet,
        zone=_only(given.one("zone"), quiet_zone, digest_zone),
        mention=_mention(given.one("mention")),
        digest=digest,
    )


def _quiet(given: _Given) -> tuple[Quiet | None, str | None]:
    typed, breaks = given.one("quiet"), given.one("breaks")
    if typed is None:
        if breaks is not None:
            raise BadCommand(f"`breaks=` says what breaks through quiet hours: add `{QUIET_EXAMPLE}`.")
        return None, None
    found = _QUIET.fullmatch(typed)
    if found is None:
        raise BadCommand(f"“{typed[:40]}” are no quiet hours. Write them as in `{QUIET_EXAMPLE}`.")
    start, end = clock(found[1], QUIET_EXAMPLE), clock(found[2], QUIET_EXAMPLE)
    if start == end:
        raise BadCommand("Quiet hours that end when they begin would be none. `mode=digest` posts no alerts.")
    return Quiet(start, end, _urgency(breaks, _BREAKS, "severity to break through", Urgency.CRITICAL)), found[
        3
    ]


def _digest(typed: str | None) -> tuple[Rhythm | None, str | None]:
    """`daily@08:00`, `monday@08:00`, each with `@zone` behind it, or without the time."""
    if typed is None:
        return None, None
    word, at, place = (*typed.split("@", 2), "", "")[:3]
    day = one_of(word, (*Cadence, *DAYS), "digest")
    when = clock(at, DIGEST_EXAMPLE) if at else DIGEST_AT
    if day == Cadence.DAILY:
        return Rhythm(Cadence.DAILY, at=when), place or None
    return Rhythm(Cadence.WEEKLY, DAYS.index(day) if day in DAYS else 0, when), place or None


def _urgency(typed: str | None, known: Mapping[str, Urgency], what: str, usual: Urgency) -> Urgency:
    return usual if typed is None else known[one_of(typed, known, what)]


def _only(*typed: str | None) -> str | None:
    """A channel lives in one time zone."""
    found = {zone(each) for each in typed if each}
    if len(found) > 1:
        raise BadCommand(f"A channel has one time zone, not {' and '.join(sorted(found))}.")
    return next(iter(found), None)


def _mention(typed: str | None) -> str | None:
    """An id, a handle with its @, or the word of a broadcast: the forms in which Slack hands them over.

    https://docs.slack.dev/messaging/formatting-message-text#mentioning-users
    """
    if typed is None:
        return None
    for form in (_PERSON, _GROUP):
        if found := form.fullmatch(typed):
            return found[1] or found[2]
    if special := _SPECIAL.fullmatch(typed):
        return f"@{special[1]}"
    return typed.lower() if typed.lower() in BROADCASTS else f"@{typed.lstrip('@')}"
