"""The port ExpiryAlerts, filled by SQL."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.expiring import Expiry
from bot.store import credential_rows
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class SqlExpiryAlerts:
    database: Database

    async def settle(self, expiries: Sequence[Expiry], now: dt.datetime) -> bool:
        if await self.database.read(credential_rows.is_settled, expiries, now):
            return False
        await self.database.write(credential_rows.settle, expiries, now)
        return True
