"""The status card of one mailbox: itself, its history, its counts, its failed run."""

import datetime as dt
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from bot.domain.retrying import should_escalate
from bot.domain.status import delta, is_overdue, mailbox_status, stage
from bot.domain.values import RUN_LEVEL, FailureState, MailboxId, RunId, ServiceCounts
from bot.store.columns import AnyRow
from bot.store.history import newest_entries, services_of
from bot.store.history_order import counted
from bot.store.muting import mutes_of, told
from bot.store.rows import FACTS, LINE, REF, failure_line, mailbox_ref, policy_badge, run_facts
from bot.store.tables import failure, mailbox, policy, retry, run
from bot.store.under_way import retries_of, run_progress
from bot.views import FailureLine, MailboxRef, Muted, PolicyBadge, StatusCard, UnderWay

_NEWEST_ENTRIES = 5
_MAILBOX: BindParameter[Any] = bindparam("mailbox_id")
_LIVE = run.alias("live")
_COUNTED = run.alias("counted")

_UNRESOLVED = failure.c.mailbox_id == _MAILBOX, failure.c.resolved_at.is_(None)
_RETRYING = (
    select(func.count())
    .select_from(failure)
    .where(*_UNRESOLVED, failure.c.state == FailureState.RETRYING)
    .scalar_subquery()
)
_RETURNS = select(func.max(failure.c.returns)).where(*_UNRESOLVED).scalar_subquery()
_FAILED_RETRIES = select(func.max(failure.c.failed_retries)).where(*_UNRESOLVED).scalar_subquery()
_SYNC_ASKED_FOR = (
    select(retry.c.id)
    .where(retry.c.mailbox_id == _MAILBOX, retry.c.whole, retry.c.finished_at.is_(None))
    .exists()
)
_NEWEST_COUNTED = (
    select(run.c.id)
    .where(run.c.mailbox_id == _MAILBOX, run.c.counted)
    .order_by(run.c.started_at.desc(), run.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_CARD = (
    select(
        *REF,
        *FACTS,
        mailbox.c.open_failures,
        mailbox.c.latest_sync_at,
        mailbox.c.next_sync_at,
        mailbox.c.last_success_at,
        mailbox.c.policy_since,
        policy.c.name,
        policy.c.active,
        policy.c.every,
        policy.c.unit,
        policy.c.deletion_delay_days,
        _LIVE.c.kind,
        _LIVE.c.started_at,
        _LIVE.c.heartbeat_at,
        _LIVE.c.done,
        _LIVE.c.total,
        _COUNTED.c.id.label("counted_id"),
        _COUNTED.c.status.label("counted_status"),
        _RETRYING.label("retrying"),
        _RETURNS.label("returns"),
        _FAILED_RETRIES.label("failed_retries"),
        _SYNC_ASKED_FOR.label("sync_asked_for"),
        counted(None).label("history_total"),
    )
    .join_from(mailbox, policy)
    .outerjoin(_LIVE, _LIVE.c.id == mailbox.c.live_run_id)
    .outerjoin(_COUNTED, _COUNTED.c.id == _NEWEST_COUNTED)
    .where(mailbox.c.id == _MAILBOX)
)
_RUN_FAILURE = select(*LINE).where(
    failure.c.mailbox_id == _MAILBOX,
    failure.c.service == RUN_LEVEL,
    failure.c.item == RUN_LEVEL,
    failure.c.resolved_at.is_(None),
)


def status_card(connection: Connection, mailbox_id: MailboxId, now: dt.datetime) -> StatusCard | None:
    row = connection.execute(_CARD, {"mailbox_id": mailbox_id}).one_or_none()
    if row is None:
        return None
    history = newest_entries(connection, mailbox_id, _NEWEST_ENTRIES)
    ref, facts, badge = mailbox_ref(row), run_facts(row), policy_badge(row)
    return StatusCard(
        mailbox=ref,
        status=mailbox_status(facts),
        stage=stage(facts),
        delta=delta(facts),
        policy=badge,
        latest_sync_at=row.latest_sync_at,
        next_sync_at=row.next_sync_at if badge.active else None,
        overdue=_is_overdue(row, badge, now),
        open_failures=row.open_failures,
        retrying=row.retrying,
        escalate=should_escalate(row.returns or 0, row.failed_retries or 0),
        run_failure=_run_failure(connection, row, ref),
        activity=_activity(connection, row.counted_id),
        activity_status=row.counted_status,
        history=history,
        history_total=row.history_total,
        as_of=now,
        may_act=False,
        syncing_requested=row.sync_asked_for,
        muted=_muted(connection, ref, badge, now),
        under_way=_under_way(connection, row),
    )


def _under_way(connection: Connection, row: AnyRow) -> UnderWay:
    live = run_progress(row) if row.live_run_id is not None else None
    return UnderWay(live, retries_of(connection, row.id))


def _muted(connection: Connection, ref: MailboxRef, badge: PolicyBadge, now: dt.datetime) -> Muted | None:
    """A mute that has ended stays until a sweep removes it."""
    mute = mutes_of(connection, [ref.id]).get(ref.id)
    is_live = mute is not None and (mute.until is None or mute.until > now)
    return told(mute, badge.name) if mute and is_live else None


def _is_overdue(row: AnyRow, badge: PolicyBadge, now: dt.datetime) -> bool:
    return is_overdue(
        now,
        last_success_at=row.last_success_at,
        since=row.policy_since,
        interval=badge.frequency.interval,
        active=badge.active,
    )


def _run_failure(connection: Connection, row: AnyRow, ref: MailboxRef) -> FailureLine | None:
    if not row.open_failures:
        return None
    found = connection.execute(_RUN_FAILURE, {"mailbox_id": row.id}).one_or_none()
    return failure_line(found, ref) if found else None


def _activity(connection: Connection, run_id: RunId | None) -> tuple[ServiceCounts, ...]:
    return services_of(connection, [run_id]).get(run_id, ()) if run_id else ()
