"""How far each person has read in each channel, and what the page remembers of deliveries."""

from collections import deque
from dataclasses import dataclass, field

from bot.sandbox.slack.model import Delivery
from bot.sandbox.slack.world import World

REMEMBERED = 50


@dataclass
class Marks:
    """`deliveries` has the newest first."""

    world: World
    deliveries: deque[Delivery] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _read: dict[tuple[str, str], str] = field(default_factory=dict)

    def read(self, user: str, channel: str) -> None:
        messages = self.world.messages(channel, user)
        if messages:
            self._read[user, channel] = messages[-1].ts

    def unread(self, user: str, channel: str) -> int:
        seen = self._read.get((user, channel), "")
        return sum(one.ts > seen and one.user != user for one in self.world.messages(channel, user))
