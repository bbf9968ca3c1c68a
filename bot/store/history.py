"""A mailbox's history, newest first: its runs, and the requests to retry single items."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, and_, bindparam, func, select

from bot.domain.catalogue import cause_of
from bot.domain.values import MailboxId, Outcome, RunId, ServiceCounts
from bot.store.columns import AnyRow
from bot.store.history_order import BATCH, DISMISSAL, IS_DISMISSED, RUN, counted, newest
from bot.store.rows import REF, clamped, mailbox_ref, offset
from bot.store.tables import failure, mailbox, retry, retry_batch, run, run_service
from bot.views import DismissalEntry, HistoryEntry, HistoryList, RetryEntry, RunEntry
from bot.views.history import LISTED

_MAILBOX: BindParameter[Any] = bindparam("mailbox_id")
_REF = select(*REF).where(mailbox.c.id == _MAILBOX)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_RUNS = select(run).where(run.c.id.in_(_IDS))
_SERVICES = select(run_service).where(run_service.c.run_id.in_(_IDS)).order_by(run_service.c.service)
_BATCHES = select(retry_batch).where(retry_batch.c.id.in_(_IDS))
_FIRST = failure.alias("first")
_DISMISSED = (
    select(
        _FIRST.c.id,
        _FIRST.c.resolved_at,
        _FIRST.c.resolved_by,
        _FIRST.c.reason,
        failure.c.code,
        func.count().label("dismissed"),
    )
    .join_from(
        _FIRST,
        failure,
        and_(
            failure.c.mailbox_id == _FIRST.c.mailbox_id,
            IS_DISMISSED,
            failure.c.resolved_at == _FIRST.c.resolved_at,
            failure.c.resolved_by == _FIRST.c.resolved_by,
        ),
    )
    .where(_FIRST.c.id.in_(_IDS))
    .group_by(_FIRST.c.id, _FIRST.c.resolved_at, _FIRST.c.resolved_by, _FIRST.c.reason, failure.c.code)
    .order_by(failure.c.code)
)
_DETAILS = (
    select(retry.c.batch_id, retry.c.detail)
    .where(retry.c.batch_id.in_(_IDS), retry.c.detail.is_not(None))
    .order_by(retry.c.finished_at.desc(), retry.c.id.desc())
)


def history(
    connection: Connection, mailbox_id: MailboxId, number: int, size: int, outcome: Outcome | None = None
) -> HistoryList | None:
    row = connection.execute(_REF, {"mailbox_id": mailbox_id}).one_or_none()
    if row is None:
        return None
    total = connection.execute(select(counted(outcome)), {"mailbox_id": mailbox_id}).scalar_one()
    page = clamped(number, size, min(total, LISTED))
    entries = newest_entries(connection, mailbox_id, **offset(page), outcome=outcome)
    return HistoryList(mailbox_ref(row), entries, page, outcome, is_cut=total > LISTED)


def newest_entries(
    connection: Connection,
    mailbox_id: MailboxId,
    limit: int,
    offset: int = 0,
    outcome: Outcome | None = None,
) -> tuple[HistoryEntry, ...]:
    cut = {"mailbox_id": mailbox_id, "limit": limit, "offset": offset, "upto": limit + offset}
    rows = connection.execute(newest(outcome), cut).all()
    read = {RUN: _run_entries, BATCH: _retry_entries, DISMISSAL: _dismissal_entries}
    found = {
        kind: entries(connection, [row.id for row in rows if row.kind == kind])
        for kind, entries in read.items()
    }
    return tuple(found[row.kind][row.id] for row in rows)


def services_of(connection: Connection, runs: Iterable[RunId]) -> dict[RunId, tuple[ServiceCounts, ...]]:
    found: dict[RunId, tuple[ServiceCounts, ...]] = {}
    for row in connection.execute(_SERVICES, {"ids": list(runs)}):
        counts = ServiceCounts(row.service, row.changes, row.bytes, row.failed)
        found[row.run_id] = (*found.get(row.run_id, ()), counts)
    return found


def _run_entries(connection: Connection, ids: Sequence[RunId]) -> dict[int, HistoryEntry]:
    if not ids:
        return {}
    services = services_of(connection, ids)
    rows = connection.execute(_RUNS, {"ids": ids})
    return {row.id: run_entry(row, services.get(row.id, ())) for row in rows}


def run_entry(row: AnyRow, services: tuple[ServiceCounts, ...]) -> RunEntry:
    return RunEntry(
        key=row.key,
        kind=row.kind,
        trigger=row.trigger,
        actor=row.actor,
        status=row.status,
        started_at=row.started_at,
        finished_at=row.finished_at,
        services=services,
        code=row.code,
        message=row.message,
        done=row.done,
        total=row.total,
        cause=cause_of(row.code).cause if row.code else "",
    )


def _retry_entries(connection: Connection, ids: Sequence[int]) -> dict[int, HistoryEntry]:
    if not ids:
        return {}
    details: dict[int, dict[str, None]] = {}
    for row in connection.execute(_DETAILS, {"ids": ids}):
        details.setdefault(row.batch_id, {})[row.detail] = None
    rows = connection.execute(_BATCHES, {"ids": ids})
    return {row.id: _retry_entry(row, tuple(details.get(row.id, ()))) for row in rows}


def _retry_entry(row: AnyRow, details: tuple[str, ...]) -> RetryEntry:
    return RetryEntry(
        key=row.key,
        actor=row.actor,
        started_at=row.requested_at,
        finished_at=row.finished_at,
        requested=row.requested,
        succeeded=row.succeeded,
        failed=row.failed,
        unanswered=row.unanswered,
        details=details,
    )


def _dismissal_entries(connection: Connection, ids: Sequence[int]) -> dict[int, HistoryEntry]:
    found: dict[int, HistoryEntry] = {}
    rows = connection.execute(_DISMISSED, {"ids": ids}).all() if ids else []
    for row in rows:
        known = [each for each in rows if each.id == row.id]
        codes, count = tuple(each.code for each in known), sum(each.dismissed for each in known)
        key = f"dismissal:{row.id}"
        found[row.id] = DismissalEntry(key, row.resolved_by, row.resolved_at, count, codes, row.reason or "")
    return found
