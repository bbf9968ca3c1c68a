"""The dashboard's numbers, counted in the database: one pass over the mailboxes, whatever their number."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    false,
    func,
    literal_column,
    or_,
    select,
)

from bot.domain.catalogue import cause_of
from bot.domain.status import OVERDUE_FACTOR, RunFacts, delta, mailbox_status, stage
from bot.domain.values import Frequency
from bot.store.columns import AnyRow, named
from bot.store.rows import FACTS, REF, mailbox_ref, run_facts
from bot.store.tables import failure, mailbox, policy, run
from bot.views import FailingMailbox, Overview

K = TypeVar("K")

_IS_LIVE = mailbox.c.live_run_id.is_not(None)
_BY_FACTS = select(
    _IS_LIVE.label("live"),
    mailbox.c.newest_status,
    mailbox.c.initial_done,
    func.count().label("mailboxes"),
    func.sum(mailbox.c.bytes).label("bytes"),
    func.sum(mailbox.c.open_failures).label("open_failures"),
    func.max(mailbox.c.last_success_at).label("newest"),
    func.min(mailbox.c.last_success_at).label("oldest"),
).group_by(_IS_LIVE, mailbox.c.newest_status, mailbox.c.initial_done)
_HAS_FAILURES = mailbox.c.open_failures > literal_column("0")
_FAILING_TOTAL = select(func.count()).select_from(mailbox).where(_HAS_FAILURES)
_FAILING = (
    select(*REF, *FACTS, mailbox.c.open_failures)
    .where(_HAS_FAILURES)
    .order_by(mailbox.c.open_failures.desc(), mailbox.c.id)
    .limit(bindparam("limit"))
)
_OLDEST_FAILURE = (
    select(failure.c.code, failure.c.first_at)
    .where(failure.c.mailbox_id == bindparam("mailbox_id"), failure.c.resolved_at.is_(None))
    .order_by(failure.c.first_at, failure.c.id)
    .limit(1)
)
_CHANGES = select(func.coalesce(func.sum(run.c.changes), 0)).where(
    run.c.finished_at > bindparam("since", type_=run.c.finished_at.type)
)
_LIVE_CHANGES = select(func.coalesce(func.sum(run.c.changes), 0)).where(run.c.finished_at.is_(None))
_ACTIVE = select(policy.c.id, policy.c.every, policy.c.unit).where(policy.c.active)


def overview(connection: Connection, now: dt.datetime, failing: int) -> Overview:
    rows = connection.execute(_BY_FACTS).all()
    facts = [(RunFacts(bool(r.live), r.newest_status, r.initial_done), r.mailboxes) for r in rows]
    return Overview(
        mailboxes=sum(row.mailboxes for row in rows),
        by_status=_summed((mailbox_status(known), count) for known, count in facts),
        by_stage=_summed((stage(known), count) for known, count in facts),
        by_delta=_summed((found, count) for known, count in facts if (found := delta(known))),
        overdue=_overdue(connection, now),
        bytes=int(sum(row.bytes for row in rows)),
        changes_24h=_changes(connection, now - timedelta(hours=24)),
        newest_success_at=max(_known(rows, "newest"), default=None),
        oldest_success_at=min(_known(rows, "oldest"), default=None),
        open_failures=int(sum(row.open_failures for row in rows)),
        failing_total=connection.execute(_FAILING_TOTAL).scalar_one(),
        failing=_failing(connection, failing),
        as_of=now,
    )


def _summed(pairs: Iterable[tuple[K, int]]) -> dict[K, int]:
    found: Counter[K] = Counter()
    for key, count in pairs:
        found[key] += count
    return dict(found)


def _known(rows: Sequence[AnyRow], name: str) -> list[dt.datetime]:
    return [at for row in rows if (at := named(row)[name]) is not None]


def _changes(connection: Connection, since: dt.datetime) -> int:
    finished = connection.execute(_CHANGES, {"since": since}).scalar_one()
    return int(finished + connection.execute(_LIVE_CHANGES).scalar_one())


def _overdue(connection: Connection, now: dt.datetime) -> int:
    """As domain.status.is_overdue says it, with a time limit for each policy."""
    late = [_is_late(row, now) for row in connection.execute(_ACTIVE)]
    return connection.execute(
        select(func.count()).select_from(mailbox).where(or_(false(), *late))
    ).scalar_one()


def _is_late(row: AnyRow, now: dt.datetime) -> ColumnElement[bool]:
    limit = now - OVERDUE_FACTOR * Frequency(row.every, row.unit).interval
    last = func.coalesce(mailbox.c.last_success_at, mailbox.c.policy_since)
    return and_(mailbox.c.policy_id == row.id, last < limit)


def _failing(connection: Connection, limit: int) -> tuple[FailingMailbox, ...]:
    rows = connection.execute(_FAILING, {"limit": limit})
    return tuple(_failing_mailbox(connection, row) for row in rows)


def _failing_mailbox(connection: Connection, row: AnyRow) -> FailingMailbox:
    oldest = connection.execute(_OLDEST_FAILURE, {"mailbox_id": row.id}).one()
    return FailingMailbox(
        mailbox=mailbox_ref(row),
        status=mailbox_status(run_facts(row)),
        open_failures=row.open_failures,
        code=oldest.code,
        cause=cause_of(oldest.code).cause,
        since=oldest.first_at,
    )
