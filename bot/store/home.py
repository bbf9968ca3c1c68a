"""What the Home tab shows beside the overview, by the indexes of what is live, open, and of times."""

import datetime as dt
from collections.abc import Collection, Iterator

from sqlalchemy import Connection, bindparam, func, select

from bot.domain.values import RUN_LEVEL, FailureState, MailboxId
from bot.ports.home import HomeRecord
from bot.store.columns import AnyRow
from bot.store.incident_retries import OF_CAUSE, waiting
from bot.store.rows import REF, mailbox_ref
from bot.store.tables import failure, mailbox, retry_batch, run
from bot.store.under_way import IS_BULK, PROGRESS, retry_progress, run_progress
from bot.views.home import FailureDay, LiveRetry, LiveRun, Retryable

RUNNING = 5
"""How many of the runs in progress are listed: those that began first."""

_A_DAY = dt.timedelta(days=1)
_IS_LIVE = run.c.finished_at.is_(None)
_RUNNING = (
    select(*REF, run.c.kind, run.c.started_at, run.c.heartbeat_at, run.c.done, run.c.total)
    .join_from(run, mailbox)
    .where(_IS_LIVE)
    .order_by(run.c.started_at, run.c.id)
    .limit(RUNNING)
)
_RUNNING_TOTAL = select(func.count()).select_from(run).where(_IS_LIVE)
_BULK_UNDER_WAY = retry_batch.c.finished_at.is_(None), *IS_BULK
_RETRYING = (
    select(*REF, *PROGRESS)
    .join_from(retry_batch, mailbox)
    .where(*_BULK_UNDER_WAY)
    .order_by(retry_batch.c.requested_at, retry_batch.c.id)
    .limit(RUNNING)
)
_RETRYING_TOTAL = select(func.count()).select_from(retry_batch).where(*_BULK_UNDER_WAY)
_RETRYABLE = (
    select(failure.c.mailbox_id, func.count().label("failures"), func.max(failure.c.item).label("last_item"))
    .where(
        failure.c.mailbox_id.in_(bindparam("mailboxes", expanding=True)),
        failure.c.resolved_at.is_(None),
        failure.c.state == FailureState.OPEN,
    )
    .group_by(failure.c.mailbox_id)
)
_BEGIN, _END = (bindparam(name, type_=failure.c.first_at.type) for name in ("begin", "end"))
_BEGAN = select(func.count()).where(failure.c.first_at >= _BEGIN, failure.c.first_at < _END)
_ENDED = select(func.count()).where(
    failure.c.resolved_at >= _BEGIN, failure.c.resolved_at < _END, failure.c.resolved_at.is_not(None)
)


def read(
    connection: Connection,
    now: dt.datetime,
    since: dt.date,
    mailboxes: Collection[MailboxId],
    causes: Collection[str],
) -> HomeRecord:
    return HomeRecord(
        running=tuple(map(_live_run, connection.execute(_RUNNING))),
        running_total=connection.execute(_RUNNING_TOTAL).scalar_one(),
        days=tuple(_day(connection, day) for day in _days(since, now.astimezone(dt.UTC).date())),
        retryable=_retryable(connection, mailboxes) if mailboxes else {},
        waiting={code: waiting(connection, OF_CAUSE, code) for code in causes},
        retrying=tuple(map(_live_retry, connection.execute(_RETRYING))),
        retrying_total=connection.execute(_RETRYING_TOTAL).scalar_one(),
    )


def _live_run(row: AnyRow) -> LiveRun:
    return LiveRun(mailbox_ref(row), run_progress(row))


def _live_retry(row: AnyRow) -> LiveRetry:
    return LiveRetry(mailbox_ref(row), retry_progress(row))


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    while first <= last:
        yield first
        first += _A_DAY


def _day(connection: Connection, day: dt.date) -> FailureDay:
    begin = dt.datetime.combine(day, dt.time(), dt.UTC)
    bounds = {"begin": begin, "end": begin + _A_DAY}
    began, ended = (connection.execute(query, bounds).scalar_one() for query in (_BEGAN, _ENDED))
    return FailureDay(day, began, ended)


def _retryable(connection: Connection, mailboxes: Collection[MailboxId]) -> dict[int, Retryable]:
    rows = connection.execute(_RETRYABLE, {"mailboxes": list(mailboxes)})
    return {row.mailbox_id: Retryable(row.failures, only_run=row.last_item == RUN_LEVEL) for row in rows}
