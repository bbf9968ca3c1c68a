"""Fills the port Screens: people's Home tabs, by `views.publish`."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from blocks.home import closed, home
from blocks.look import Look
from bot.slack.client import SlackClient
from bot.views.home import HomeCard

_ANY_TIME: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SlackScreens:
    client: SlackClient
    safe_blocks: bool

    def digest(self, card: HomeCard) -> str:
        shown = json.dumps(home(_timeless(card), Look(safe=self.safe_blocks)).blocks, sort_keys=True)
        return hashlib.sha256(shown.encode()).hexdigest()

    async def publish(self, user: str, card: HomeCard, *, over: str | None = None) -> str | None:
        """Where Slack refuses the blocks, the safe ones are sent: an old look is better than an old Home."""
        safer = () if self.safe_blocks else (lambda: home(card, Look(safe=True)),)
        return await self.client.publish_home(user, home(card, Look(safe=self.safe_blocks)), over, *safer)

    async def close(self, user: str, why: str, admins: Collection[str]) -> None:
        await self.client.publish_home(user, closed(why, admins), None)


def _timeless(card: HomeCard) -> HomeCard:
    overview = replace(card.facts.overview, as_of=_ANY_TIME)
    return replace(card, facts=replace(card.facts, overview=overview))
