"""The port Digests, filled by SQL."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.digests import Period
from bot.domain.routing import Filter
from bot.domain.wishes import DigestPlan
from bot.store import digest_counts, digest_rows
from bot.store.database import Database
from bot.views import DigestCard


@dataclass(frozen=True, slots=True)
class SqlDigests:
    database: Database

    async def told(self) -> Mapping[str, dt.datetime]:
        return await self.database.read(digest_rows.told)

    async def counted(self, plan: DigestPlan, wanted: Filter, period: Period, now: dt.datetime) -> DigestCard:
        return await self.database.read(digest_counts.counted, plan, wanted, period, now)

    async def begin(self, channel: str, card: DigestCard, now: dt.datetime) -> bool:
        return await self.database.write(digest_rows.begin, channel, card, now)
