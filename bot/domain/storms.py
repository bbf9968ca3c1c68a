"""When the same failure of many mailboxes is one incident instead of an alert for each of them.

All times are sorted, and are those at which mailboxes began to fail, one a mailbox: a mailbox counts once,
however many of its items fail. Nothing here depends on when it is asked, so that a burst that was reported
late, or while syncbot was down, comes to the same as one that was seen live.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.catalogue import Scope, cause_of

WINDOW = timedelta(minutes=15)
FEW = 3
"""From so many mailboxes on, a failure of a whole connection is an incident, if most others have it too."""

MANY = 20
"""More mailboxes than this with the same failure are an incident, whatever it is."""

SOURCE, DESTINATION = "source_", "dest_"
"""How codes begin that are about one side."""


@dataclass(frozen=True, slots=True)
class Key:
    """What one incident is about. `connection` is its name; empty where it is not known, or plays no part."""

    code: str
    connection: str = ""

    @property
    def is_of_connection(self) -> bool:
        return cause_of(self.code).scope is Scope.CONNECTION


@dataclass(frozen=True, slots=True)
class Window:
    """So many mailboxes began to fail within WINDOW from `since`."""

    since: datetime
    mailboxes: int


def windows(times: Sequence[datetime]) -> tuple[Window, ...]:
    """The newest and the fullest window; none without times.

    The fullest alone could be an old one that came to nothing, and hide what begins now.
    """
    if not times:
        return ()
    newest = _from(times, bisect_left(times, times[-1] - WINDOW))
    fullest = max(_all(times), key=lambda each: each.mailboxes)
    return (newest,) if newest.mailboxes >= fullest.mailboxes else (newest, fullest)


def is_storm(key: Key, mailboxes: int, others: int) -> bool:
    """Whether `mailboxes` that began to fail within WINDOW are one incident.

    `others` are those of the same connection that synced since, and so prove that it works.
    """
    if mailboxes > MANY:
        return True
    return key.is_of_connection and mailboxes >= FEW and mailboxes >= others


def swept_along(loose: Sequence[datetime], members: Sequence[datetime]) -> list[bool]:
    """Which of `loose` belong to a storm that is no connection's: those within a crowded WINDOW.

    `members` are those of the incident already. A mailbox that fails long before or after has reasons of its
    own: it alerts on its own, though the incident lasts.
    """
    times = sorted([*loose, *members])
    crowded = [(each.since, each.since + WINDOW) for each in _all(times) if each.mailboxes > MANY]
    return [_is_within(crowded, at) for at in loose]


def _is_within(spans: Sequence[tuple[datetime, datetime]], at: datetime) -> bool:
    """Spans of one length, by their start: of those that began before `at`, the last one ends last."""
    begun = bisect_right(spans, at, key=lambda span: span[0])
    return begun > 0 and at <= spans[begun - 1][1]


def _all(times: Sequence[datetime]) -> list[Window]:
    return [_from(times, start) for start in range(len(times))]


def _from(times: Sequence[datetime], start: int) -> Window:
    end = bisect_right(times, times[start] + WINDOW, lo=start)
    return Window(times[start], end - start)


RETRIED_AT_ONCE = 500
"""How many mailboxes of an incident one click retries."""

RETRY_EVERY = timedelta(seconds=0.5)
"""They are sent to the engine one after another, so that a thousand mailboxes do not ask a connection at once
that was only just repaired.
"""
