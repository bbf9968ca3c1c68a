"""Digests: what was told of which channel, and what there is to tell."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.domain.digests import Period
from bot.domain.routing import Filter
from bot.domain.wishes import DigestPlan
from bot.views import DigestCard


class Digests(Protocol):
    async def told(self) -> Mapping[str, datetime]:
        """By channel the end of the newest period that a digest was made of, delivered or not."""
        ...

    async def counted(self, plan: DigestPlan, wanted: Filter, period: Period, now: datetime) -> DigestCard:
        """What happened in a period, and how things stand now, of what `wanted` takes."""
        ...

    async def begin(self, channel: str, card: DigestCard, now: datetime) -> bool:
        """Have it delivered, in place of any that was not yet; False where one was begun of that period."""
        ...
