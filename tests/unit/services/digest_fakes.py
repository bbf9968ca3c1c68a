"""Digests that only remember what was asked of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.digests import Period
from bot.domain.routing import Filter
from bot.domain.wishes import DigestPlan
from bot.views import DigestCard
from tests.unit.blocks.examples import digest


@dataclass
class FakeDigests:
    begun: dict[str, datetime] = field(default_factory=dict)
    asked: list[Filter] = field(default_factory=list)
    trouble: dict[Filter, Exception] = field(default_factory=dict)

    async def told(self) -> Mapping[str, datetime]:
        return dict(self.begun)

    async def counted(self, plan: DigestPlan, wanted: Filter, period: Period, now: datetime) -> DigestCard:
        self.asked.append(wanted)
        if wanted in self.trouble:
            raise self.trouble[wanted]
        return replace(
            digest(), zone=plan.zone, begins_at=period.begins_at, ends_at=period.ends_at, counted_at=now
        )

    async def begin(self, channel: str, card: DigestCard, now: datetime) -> bool:  # noqa: ARG002 - the port's
        is_first = self.begun.get(channel) != card.ends_at
        self.begun[channel] = card.ends_at
        return is_first
