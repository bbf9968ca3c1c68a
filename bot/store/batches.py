"""Reading how far one request to retry has come."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, case, func, select

from bot.ports.batches import BatchProgress
from bot.store.database import Database
from bot.store.tables import retry, retry_batch

_IN_FLIGHT = and_(retry.c.id.is_not(None), retry.c.finished_at.is_(None))
_UNSENT = and_(_IN_FLIGHT, retry.c.sent_at.is_(None))
_PROGRESS = (
    select(
        retry_batch.c.requested,
        retry_batch.c.succeeded,
        retry_batch.c.failed,
        retry_batch.c.unanswered,
        func.coalesce(func.sum(case((_UNSENT, 1), else_=0)), 0).label("unsent"),
        func.coalesce(func.max(retry.c.send_attempts), 0).label("tried"),
        func.max(case((_IN_FLIGHT, retry.c.deadline))).label("deadline"),
    )
    .join_from(retry_batch, retry, isouter=True)
    .where(retry_batch.c.key == bindparam("key"))
    .group_by(retry_batch.c.id)
)


@dataclass(frozen=True, slots=True)
class SqlBatches:
    database: Database

    async def progress(self, batch: str) -> BatchProgress | None:
        return await self.database.read(progress, batch)


def progress(connection: Connection, batch: str) -> BatchProgress | None:
    row = connection.execute(_PROGRESS, {"key": batch}).one_or_none()
    return BatchProgress(**row._asdict()) if row else None
