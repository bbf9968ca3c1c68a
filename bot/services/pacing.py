"""How often Slack takes what we send: posts a channel, edits altogether. Nothing sleeps: the rest waits."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.ports.delivery import Room

POST_EVERY = timedelta(seconds=1)
POSTS_AT_ONCE = 3
EDITS_A_MINUTE = 45
"""Of 50: https://docs.slack.dev/apis/web-api/rate-limits . Some are left for the answers to clicks."""

MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Pace:
    """Of one process. Where several share a workspace, Slack's own 429 tells."""

    _posts: dict[str, datetime] = field(init=False, default_factory=dict)
    """When a channel will have taken all that was posted: in the past for those that rest."""
    _edits: deque[datetime] = field(init=False, default_factory=deque)

    def may_post(self, channel: str, now: datetime) -> bool:
        """True takes a place."""
        if not self._has_place(channel, now):
            return False
        self._posts[channel] = max(self._posts.get(channel, now), now) + POST_EVERY
        return True

    def may_edit(self, now: datetime) -> bool:
        """True takes a place."""
        if not self._edits_left(now):
            return False
        self._edits.append(now)
        return True

    def room(self, now: datetime) -> Room:
        """What is worth looking at: a channel may have ten thousand messages to come."""
        full = frozenset(channel for channel in self._posts if not self._has_place(channel, now))
        return Room(POSTS_AT_ONCE, self._edits_left(now), full)

    def _has_place(self, channel: str, now: datetime) -> bool:
        return self._posts.get(channel, now) - now <= POST_EVERY * (POSTS_AT_ONCE - 1)

    def _edits_left(self, now: datetime) -> int:
        while self._edits and self._edits[0] <= now - MINUTE:
            self._edits.popleft()
        return EDITS_A_MINUTE - len(self._edits)
