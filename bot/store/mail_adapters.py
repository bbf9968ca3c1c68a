"""The ports of bot.ports.journal, filled by SQL: each method runs one function in one transaction."""

from dataclasses import dataclass

from bot.domain.connections import Connection
from bot.store.connection_rows import connection_named
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class SqlConnections:
    database: Database

    async def connection(self, name: str) -> Connection | None:
        return await self.database.read(connection_named, name)
