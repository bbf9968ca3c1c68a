"""Forgets what is old, in small chunks, so that nobody waits; unresolved failures and the audit log stay.

So does the built-in engine's journal, as long as its mailbox: without what it says of messages long gone, a
page that a source sends again would import them anew.
"""

import datetime as dt
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Table,
    bindparam,
    delete,
    exists,
    or_,
    select,
    tuple_,
)

from bot.store.alert_tables import alert
from bot.store.database import Database
from bot.store.tables import event_parked, event_seen, failure, mailbox, retry, retry_batch, run

CHUNK = 500
"""Rows that one transaction deletes."""

KEEP_EVENTS = timedelta(days=30)
"""How long an event that is sent again is known to be a duplicate."""


def _chunk(table: Table, key: str, *old: ColumnElement[bool]) -> Delete:
    """A statement that deletes the next few rows for which all of `old` hold."""
    chosen = select(table.c[key]).where(*old).limit(CHUNK)
    return delete(table).where(table.c[key].in_(chosen))


_BEFORE = bindparam("before", type_=run.c.started_at.type)
_STILL_SHOWN = exists().where(
    mailbox.c.id == run.c.mailbox_id,
    or_(mailbox.c.newest_run_id == run.c.id, mailbox.c.last_success_run_id == run.c.id),
)
_STALE = (
    _chunk(
        retry_batch,
        "id",
        retry_batch.c.requested_at < _BEFORE,
        ~exists().where(retry.c.batch_id == retry_batch.c.id, retry.c.finished_at.is_(None)),
    ),
    _chunk(run, "id", run.c.finished_at < _BEFORE, ~_STILL_SHOWN),
    _chunk(failure, "id", failure.c.resolved_at < _BEFORE),
    _chunk(alert, "id", alert.c.cleared_at < _BEFORE),
)
_STALE_PARKED = _chunk(event_parked, "number", event_parked.c.received_at < _BEFORE)
_OLD_EVENTS = select(event_seen.c.source, event_seen.c.id).where(event_seen.c.seen_at < _BEFORE).limit(CHUNK)
_STALE_SEEN = delete(event_seen).where(tuple_(event_seen.c.source, event_seen.c.id).in_(_OLD_EVENTS))


@dataclass(frozen=True, slots=True)
class Pruning:
    database: Database

    async def prune(self, now: dt.datetime, keep: timedelta) -> int:
        """Delete history older than `keep`, and known events older than 30 days; how many rows went."""
        events = [(statement, now - KEEP_EVENTS) for statement in (_STALE_PARKED, _STALE_SEEN)]
        work = [*((statement, now - keep) for statement in _STALE), *events]
        return sum([await self._delete_all(statement, before) for statement, before in work])

    async def _delete_all(self, statement: Delete, before: dt.datetime) -> int:
        total, deleted = 0, CHUNK
        while deleted >= CHUNK:
            deleted = await self.database.write(_delete, statement, before)
            total += deleted
        return total


def _delete(connection: Connection, statement: Delete, before: dt.datetime) -> int:
    return connection.execute(statement, {"before": before}).rowcount
