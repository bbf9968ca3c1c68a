"""How often Slack takes what we send: posts a channel, edits altogether. Nothing sleeps: the rest waits."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.ports.delivery import Room

POST_EVERY = timedelta(seconds=1)
POSTS_AT_ONCE = 3
EDITS_A_MINUTE = 45
"""Of 50: https://docs.slack.dev/apis/web-api/rate-limits . Some are left for the answers to clicks."""

VIEWS_A_MINUTE = 90
"""Of the 100 that `views.update` takes: the others are for the answers to clicks."""

MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Pace:
    """Of one process. Where several share a workspace, Slack's own 429 tells."""

    _posts: dict[str, datetime] = field(init=False, default_factory=dict)
    """When a channel will have taken all that was posted: in the past for those that rest."""
    _edits: deque[datetime] = field(init=False, default_factory=deque)
    _views: deque[datetime] = field(init=False, default_factory=deque)

    def may_post(self, channel: str, now: datetime) -> bool:
        """True takes a place."""
        if not self._has_place(channel, now):
            return False
        self._posts[channel] = max(self._posts.get(channel, now), now) + POST_EVERY
        return True

    def may_edit(self, now: datetime) -> bool:
        """True takes a place."""
        return _take(self._edits, EDITS_A_MINUTE, now)

    def may_redraw(self, now: datetime) -> bool:
        """Of open modals. True takes a place."""
        return _take(self._views, VIEWS_A_MINUTE, now)

    def room(self, now: datetime) -> Room:
        """What is worth looking at: a channel may have ten thousand messages to come."""
        full = frozenset(channel for channel in self._posts if not self._has_place(channel, now))
        return Room(POSTS_AT_ONCE, _left(self._edits, EDITS_A_MINUTE, now), full)

    def _has_place(self, channel: str, now: datetime) -> bool:
        return self._posts.get(channel, now) - now <= POST_EVERY * (POSTS_AT_ONCE - 1)


def _take(calls: deque[datetime], most: int, now: datetime) -> bool:
    if not _left(calls, most, now):
        return False
    calls.append(now)
    return True


def _left(calls: deque[datetime], most: int, now: datetime) -> int:
    """Of so many in a minute."""
    while calls and calls[0] <= now - MINUTE:
        calls.popleft()
    return most - len(calls)
