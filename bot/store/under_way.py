"""How far the run of a mailbox, and the newest retries of several of its items, have come."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, case, func, select

from bot.domain.catalogue import cause_of
from bot.domain.values import MailboxId, RetryOutcome
from bot.store.columns import AnyRow
from bot.store.tables import failure, retry, retry_batch, run
from bot.views.under_way import CauseProgress, RetryProgress, RunProgress, UnderWay

TOLD = 3
"""Retries of one mailbox that are told, the newest first."""

PROGRESS = (
    retry_batch.c.actor,
    retry_batch.c.requested_at,
    retry_batch.c.requested,
    retry_batch.c.succeeded,
    retry_batch.c.failed,
    retry_batch.c.unanswered,
    retry_batch.c.heard_at,
    retry_batch.c.finished_at,
)
_BATCH = (retry_batch.c.id, retry_batch.c.mailbox_id, *PROGRESS)
IS_BULK = retry_batch.c.listed, retry_batch.c.requested > 1
_RUN = (run.c.kind, run.c.started_at, run.c.heartbeat_at, run.c.done, run.c.total)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_LIVE = select(*_RUN).where(run.c.mailbox_id == bindparam("mailbox_id"), run.c.finished_at.is_(None))
_ASKED_FOR = select(run.c.mailbox_id, *_RUN).where(
    run.c.mailbox_id.in_(_IDS), run.c.finished_at.is_(None), run.c.retry_key.is_not(None)
)
_BATCHES = (
    select(*_BATCH)
    .where(retry_batch.c.mailbox_id == bindparam("mailbox_id"), *IS_BULK)
    .order_by(retry_batch.c.requested_at.desc(), retry_batch.c.id.desc())
    .limit(TOLD)
)
_RANK = func.row_number().over(
    partition_by=retry_batch.c.mailbox_id,
    order_by=(retry_batch.c.requested_at.desc(), retry_batch.c.id.desc()),
)
_RANKED = select(*_BATCH, _RANK.label("rank")).where(retry_batch.c.mailbox_id.in_(_IDS), *IS_BULK).subquery()
_NEWEST = select(_RANKED).where(_RANKED.c.rank == 1)
_IS = {
    outcome: func.coalesce(func.sum(case((retry.c.outcome == outcome, 1), else_=0)), 0)
    for outcome in RetryOutcome
}
_CAUSES = (
    select(
        retry.c.batch_id,
        failure.c.code,
        func.count().label("requested"),
        _IS[RetryOutcome.SUCCEEDED].label("healed"),
        _IS[RetryOutcome.FAILED].label("failed"),
        (_IS[RetryOutcome.REFUSED] + _IS[RetryOutcome.TIMED_OUT]).label("unanswered"),
    )
    .join_from(retry, failure)
    .where(retry.c.batch_id.in_(_IDS))
    .group_by(retry.c.batch_id, failure.c.code)
    .order_by(func.count().desc(), failure.c.code)
)


def of_mailbox(connection: Connection, mailbox_id: MailboxId) -> UnderWay:
    row = connection.execute(_LIVE, {"mailbox_id": mailbox_id}).one_or_none()
    return UnderWay(run_progress(row) if row else None, retries_of(connection, mailbox_id))


def retries_of(connection: Connection, mailbox_id: MailboxId) -> tuple[RetryProgress, ...]:
    return _told(connection, connection.execute(_BATCHES, {"mailbox_id": mailbox_id}).all())


def asked_for_of(connection: Connection, mailboxes: Collection[MailboxId]) -> dict[MailboxId, UnderWay]:
    """Of each mailbox what people asked for: a sync that goes on, and the newest retry of several items.

    What is only scheduled is left out: thousands of alerts would change with each word of it.
    """
    ids = {"ids": list(mailboxes)}
    runs = {row.mailbox_id: run_progress(row) for row in connection.execute(_ASKED_FOR, ids)}
    rows = connection.execute(_NEWEST, ids).all()
    told = _told(connection, rows)
    retries = {row.mailbox_id: (one,) for row, one in zip(rows, told, strict=True)}
    return {each: UnderWay(runs.get(each), retries.get(each, ())) for each in {*runs, *retries}}


def run_progress(row: AnyRow) -> RunProgress:
    return RunProgress(row.kind, row.started_at, row.heartbeat_at, row.done, row.total)


def retry_progress(row: AnyRow, causes: Sequence[CauseProgress] = ()) -> RetryProgress:
    return RetryProgress(
        actor=row.actor,
        began_at=row.requested_at,
        requested=row.requested,
        healed=row.succeeded,
        failed=row.failed,
        unanswered=row.unanswered,
        heard_at=row.heard_at,
        ended_at=row.finished_at,
        causes=tuple(causes),
    )


def _told(connection: Connection, rows: Sequence[AnyRow]) -> tuple[RetryProgress, ...]:
    causes = _causes(connection, [row.id for row in rows if row.finished_at is None])
    return tuple(retry_progress(row, causes.get(row.id, ())) for row in rows)


def _causes(connection: Connection, batches: Sequence[int]) -> dict[int, list[CauseProgress]]:
    found: dict[int, list[CauseProgress]] = {}
    for row in connection.execute(_CAUSES, {"ids": batches}) if batches else ():
        cause = CauseProgress(
            row.code, cause_of(row.code).cause, row.requested, row.healed, row.failed, row.unanswered
        )
        found.setdefault(row.batch_id, []).append(cause)
    return found
